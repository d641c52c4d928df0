import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { diskStore } from '../../src/engine/store/disk.ts';
import {
  addCheckpoint,
  allRuns,
  createRun,
  forgetRun,
  freeId,
  MOST_CHECKPOINTS,
  openRun,
  readFileOf,
  revert,
  stepOf,
  summaryOf,
} from '../../src/engine/store/runs.ts';
import { memoryStore, type Store } from '../../src/engine/store/store.ts';
import { SETTINGS } from '../../src/engine/protocol-teaching.ts';
import { LimnError, toFailure } from '../../src/failure.ts';

const home = mkdtempSync(join(tmpdir(), 'limn-store-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let folders = 0;

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);
const failureOf = (run: Promise<unknown>) => run.then(() => 'no failure', toFailure);

describe.each<[string, () => Store]>([
  ['memory', memoryStore],
  ['disk', () => diskStore(join(home, String(++folders)))],
])('a store in %s', (kind, open) => {
  it('gives back what was written, and lists it', async () => {
    const store = open();
    expect(store.kind).toBe(kind);
    expect(await store.read('runs/a/run.json')).toBeUndefined();
    expect(await store.list('runs')).toEqual([]);
    await store.write('runs/b/run.json', bytes(1));
    await store.write('runs/a/run.json', bytes(2, 3));
    await store.write('runs/a/run.json', bytes(4));
    expect(await store.read('runs/a/run.json')).toEqual(bytes(4));
    expect(await store.list('runs')).toEqual(['a', 'b']);
    expect(await store.list('runs/a')).toEqual(['run.json']);
    await store.remove('runs/a');
    await store.remove('runs/never');
    expect(await store.list('runs')).toEqual(['b']);
    expect(await store.read('runs/a/run.json')).toBeUndefined();
    expect((await store.room()).usedBytes).toBeGreaterThan(0);
  });

  it.each(['../secret', 'a//b', '/etc/passwd', 'a/..', '.hidden', '', 'C:\\x'])('refuses the path %j', async (path) => {
    const store = open();
    await expect(Promise.resolve().then(() => store.read(path))).rejects.toThrow(/path/);
    await expect(Promise.resolve().then(() => store.write(path, bytes(1)))).rejects.toThrow(/path/);
  });
});

it('takes what a crash left half written on disk for nothing', async () => {
  const folder = join(home, 'crash');
  const store = diskStore(folder);
  await store.write('runs/a/data', bytes(1, 2, 3));
  writeFileSync(join(folder, 'runs/a/other.part'), 'half');
  expect(await store.list('runs/a')).toEqual(['data']);
  await store.write('runs/a/other', bytes(4));
  expect(readdirSync(join(folder, 'runs/a')).sort()).toEqual(['data', 'other']);
});

const RUN = {
  name: 'My tulips',
  parent: 'tiny',
  parentFiles: {},
  settings: SETTINGS,
  examples: 2,
  captions: ['a', 'b'],
  names: ['1', '2'],
  keptBack: 0,
  begun: 1,
  updated: 1,
};
const point = (step: number) => ({
  step,
  lossCritic: 3,
  lossGenerator: 0,
  anchor: 0,
  realRight: 1,
  fakeRight: 1,
  wrongRight: 1,
  heldOut: null,
  picturesPerSecond: 1,
});

/** A run with checkpoints at 10, 20, … */
async function withCheckpoints(store: Store, count: number) {
  let run = await createRun(store, RUN, bytes(9));
  for (let i = 1; i <= count; i++) {
    const history = Array.from({ length: i }, (_, k) => point(10 * (k + 1)));
    run = await addCheckpoint(store, run, 10 * i, bytes(i), history, i);
  }
  return run;
}

describe('a run', () => {
  it('is found again, the latest first', async () => {
    const store = memoryStore();
    const first = await withCheckpoints(store, 2);
    const second = await createRun(store, { ...RUN, updated: 99 }, bytes(9));
    expect([first.id, second.id]).toEqual(['my-tulips', 'my-tulips-2']);
    expect((await allRuns(store)).map(({ id }) => id)).toEqual(['my-tulips-2', 'my-tulips']);
    expect(await openRun(store, first.id)).toEqual(first);
    expect(summaryOf(first)).toMatchObject({ step: 20, checkpoints: [0, 10, 20], name: 'My tulips' });
    expect(await failureOf(openRun(store, 'none'))).toMatchObject({ kind: 'bad-recipe' });
    expect(await failureOf(openRun(store, '../x'))).toMatchObject({ kind: 'bad-recipe' });
  });

  it('that could not be begun leaves no folder, which nobody could forget', async () => {
    const store = memoryStore();
    const first = await createRun(store, RUN, bytes(9));
    const full: Store = {
      ...store,
      write: (path, all) =>
        path.endsWith('run.json') ? Promise.reject(new Error('it is on fire')) : store.write(path, all),
    };
    expect(await failureOf(createRun(full, RUN, bytes(9)))).toMatchObject({ detail: 'it is on fire' });
    expect(await store.list('runs')).toEqual([first.id]);
    expect(await openRun(store, first.id)).toEqual(first);
  });

  it('keeps so many checkpoints, spread over its way, the last among them', async () => {
    const store = memoryStore();
    const run = await withCheckpoints(store, 30);
    const steps = run.checkpoints.map(({ step }) => step);
    expect(steps).toHaveLength(MOST_CHECKPOINTS);
    expect(steps.at(-1)).toBe(300);
    const gaps = steps.map((step, i) => step - (steps[i - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(80);
    // What is not named is not there either.
    expect(await store.list(`runs/${run.id}`)).toHaveLength(MOST_CHECKPOINTS + 2);
    for (const { step, file } of run.checkpoints) expect(await readFileOf(store, run, file)).toEqual(bytes(step / 10));
    expect(run.history).toHaveLength(30);
  });

  it('goes back to a checkpoint, and its later ones are gone', async () => {
    const store = memoryStore();
    const run = await withCheckpoints(store, 4);
    expect(await failureOf(revert(store, run, 15, 5))).toMatchObject({ kind: 'bad-recipe' });
    const back = await revert(store, run, 20, 5);
    expect(summaryOf(back)).toMatchObject({ step: 20, checkpoints: [0, 10, 20] });
    expect(back.history.map(({ step }) => step)).toEqual([10, 20]);
    expect(stepOf(await revert(store, back, 0, 6))).toBe(0);
    expect(await store.list(`runs/${run.id}`)).toEqual(['data.safetensors', 'run.json']);
  });

  it('is forgotten whole', async () => {
    const store = memoryStore();
    const run = await withCheckpoints(store, 3);
    expect(await forgetRun(store, run.id)).toEqual({ freedBytes: 4 });
    expect(await store.list('runs')).toEqual([]);
  });

  it('stands where it stood when a crash cuts a checkpoint off, wherever it does', async () => {
    const whole = memoryStore();
    await withCheckpoints(whole, 2);
    // Writes of a third checkpoint: its file, then the index.
    for (const survived of [0, 1]) {
      const store = memoryStore();
      const run = await withCheckpoints(store, 2);
      let writes = 0;
      const crashing: Store = {
        ...store,
        write: (path, some) => (++writes > survived ? Promise.reject(new Error('gone')) : store.write(path, some)),
      };
      await expect(addCheckpoint(crashing, run, 30, bytes(3), [], 9)).rejects.toThrow('gone');
      expect(await openRun(store, run.id)).toEqual(run);
      const after = await addCheckpoint(store, run, 30, bytes(3), [], 9);
      expect(stepOf(await openRun(store, after.id))).toBe(30);
    }
  });

  it('makes room for a checkpoint by giving up older ones, and says so where that is not enough', async () => {
    const store = memoryStore();
    const run = await withCheckpoints(store, 4);
    const full = new LimnError({ kind: 'quota', neededBytes: 1 });
    let refuse = 1;
    const tight: Store = {
      ...store,
      write: (path, some) =>
        path.endsWith('.safetensors') && refuse-- > 0 ? Promise.reject(full) : store.write(path, some),
    };
    const next = await addCheckpoint(tight, run, 50, bytes(5), [], 9);
    expect(next.checkpoints.map(({ step }) => step)).toEqual([40, 50]);
    refuse = 9;
    expect(await failureOf(addCheckpoint(tight, next, 60, bytes(6), [], 9))).toMatchObject({ kind: 'quota' });
    const left = await openRun(store, run.id);
    expect(stepOf(left)).toBe(50);
    expect(await readFileOf(store, left, left.checkpoints.at(-1)!.file)).toEqual(bytes(5));
  });

  it('is passed over where its index is damaged', async () => {
    const store = memoryStore();
    const run = await withCheckpoints(store, 1);
    for (const text of [
      '',
      '{',
      '{"version":2}',
      '[]',
      JSON.stringify({ ...run, data: { ...run.data, name: '../../x' } }),
    ]) {
      await store.write(`runs/${run.id}/run.json`, new TextEncoder().encode(text));
      expect(await allRuns(store)).toEqual([]);
    }
  });
});

it('makes ids of any name', () => {
  const taken = new Set(['tulips', 'tulips-2', 'run']);
  expect(
    ['Tulips', 'Été à Paris!', '🌷', '<img onerror=x>', 'x'.repeat(300)].map((name) => freeId(name, taken)),
  ).toEqual(['tulips-3', 'e-te-a-paris', 'run-2', 'img-onerror-x', 'x'.repeat(48)]);
});
