/** How `limn fine-tune` tells what the engine seldom does. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { openEngine, type Engine } from '../../src/cli/engine.ts';
import { fineTune } from '../../src/cli/fine-tune.ts';
import { UsageError } from '../../src/cli/options.ts';
import { SETTINGS, type Run } from '../../src/engine/protocol-teaching.ts';
import { diskStore } from '../../src/engine/store/disk.ts';
import { keepStep } from '../../src/engine/store/held.ts';
import { createRun } from '../../src/engine/store/runs.ts';
import { describe as inWords, LimnError, toFailure } from '../../src/failure.ts';
import { MODELS } from '../support/limn.ts';

vi.mock('../../src/cli/engine.ts');

const home = mkdtempSync(join(tmpdir(), 'limn-failures-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const RUN: Run = {
  id: 'birds',
  name: 'birds',
  parent: 'tiny',
  settings: SETTINGS,
  examples: 6,
  step: 100,
  checkpoints: [0, 100],
  history: [],
  begun: 1,
  updated: 1,
};

it('says what diverged and what to try, and blames no device', async () => {
  const why = 'At step 120 the losses have grown beyond all measure. The run is back at step 100. Try a lower rate.';
  const answers: Record<string, unknown> = {
    runs: [RUN],
    train: { run: RUN, stopped: 'diverged', why, rolledBackTo: 100 },
    'own-models': [],
    'keep-model': { entry: { id: 'my-birds' } },
    'export-model': [{ name: 'manifest.json', bytes: new Uint8Array(1) }],
  };
  const call = vi.fn((task: string) => Promise.resolve(answers[task]));
  vi.mocked(openEngine).mockResolvedValue({ call, sizes: [16], architecture: 'gan-int-cls' } as unknown as Engine);
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  mkdirSync(join(home, 'run'));
  const ended = fineTune([...MODELS, '--out', home], new AbortController().signal);
  const error = await ended.then(() => undefined, (thrown: unknown) => thrown as Error); // prettier-ignore
  said.mockRestore();
  expect(error).toBeInstanceOf(UsageError);
  expect(error?.message).toBe(why);
  // What was sound before is a model all the same.
  expect(call).toHaveBeenCalledWith('keep-model', { run: 'birds', name: 'birds' });
});

it.each([
  [new LimnError({ kind: 'quota', neededBytes: 9 }), /^There is no room for .* Free some space on this disk, then/],
  [new Error('it is on fire'), /^Step 3 could not be written \(it is on fire\), .* See that its folder/],
])('a step that cannot be kept is not said to be held: %s', async (error, words) => {
  const store = diskStore(join(home, 'disk'));
  const { name, parent, settings, begun, updated } = RUN;
  const begin = { name, parent, settings, begun, updated, parentFiles: {}, examples: 0, captions: [], names: [] };
  const run = await createRun(store, { ...begin, keptBack: 0 }, new Uint8Array(1));
  const full = { ...store, write: () => Promise.reject(error) };
  const step = { step: 3, bytes: new Uint8Array(9), history: [] };
  const said = await keepStep(full, new Map(), run, step, 1).then(() => '', (thrown) => inWords(toFailure(thrown))); // prettier-ignore
  expect(said).toMatch(words);
  expect(said).toMatch(/the run stands at step 0\. .* give the command again: it goes on from there\.$/);
});

it('knows no browser where there is no room', () => {
  expect(inWords({ kind: 'quota', neededBytes: 9e6 })).toBe('There is no room for 9.0 MB.');
});
