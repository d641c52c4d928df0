import { memory, mul } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Input, Report } from '../../src/engine/protocol.ts';
import { BOUNDS, type Run, type TeachSettings } from '../../src/engine/protocol-teaching.ts';
import { createSession } from '../../src/engine/session.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import { criticPart } from '../../src/engine/parts/critic.ts';
import { generatorPart } from '../../src/engine/parts/generator.ts';
import { openRun } from '../../src/engine/store/runs.ts';
import { memoryStore, type Store } from '../../src/engine/store/store.ts';
import { calmer, fineTuneTask } from '../../src/engine/tasks/fine-tune.ts';
import { readFileSource } from '../../src/engine/weights/disk.ts';
import { LimnError, toFailure } from '../../src/failure.ts';
import { inGradient } from '../../src/models/layers.ts';
import { FIXTURES, quiet } from '../support/engine.ts';
import { examples, SIZE, TEACH } from '../support/lesson.ts';
import { listener, teaching, type Teaching } from '../support/teach.ts';

const failureOf = (run: Promise<unknown>) => run.then(() => 'no failure', toFailure);

let shared: Teaching;
beforeAll(async () => {
  shared = await teaching();
});

const beginWith = (part: Partial<Input<'begin-run'>> = {}, { host } = shared): Promise<Run> =>
  host('begin-run', { name: 'Tulips', model: 'tiny', examples: examples(4), settings: TEACH, ...part }, quiet());

async function train(run: Run, until: number, { host } = shared, change?: Partial<TeachSettings>) {
  const { heard, report } = listener();
  const output = await host('train', { run: run.id, until, ...(change && { change }) }, { ...quiet(), report });
  return { ...output, heard };
}

async function checkpoint(store: Store, run: Run): Promise<string> {
  return (await openRun(store, run.id)).checkpoints.at(-1)!.file.sha256;
}

describe('a run', () => {
  it('begins at step 0, and keeps its examples', async () => {
    const run = await beginWith();
    expect(run).toMatchObject({ name: 'Tulips', parent: 'tiny', examples: 4, step: 0, checkpoints: [0], history: [] });
    expect(await shared.host('run-examples', { run: run.id }, quiet())).toEqual(examples(4));
    expect((await shared.host('runs', {}, quiet())).map(({ id }) => id)).toContain(run.id);
  });

  it('trains to its end: points, sheets with the parent’s beside the first, checkpoints', async () => {
    const { run, stopped, heard } = await train(await beginWith(), 100);
    expect([stopped, run.step]).toEqual(['finished', 6]);
    expect(run.checkpoints).toEqual([0, 2, 4, 6]);
    expect(heard.checkpoints).toEqual([2, 4, 6]);
    expect(heard.kept).toEqual([[0, 2], [0, 2, 4], run.checkpoints]);
    expect(heard.points.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(run.history).toEqual(heard.points);
    expect(heard.sheets.map(({ step }) => step)).toEqual([2, 3, 4, 6]);
    const [first, ...others] = heard.sheets;
    expect(first!.pictures).toHaveLength(first!.captions.length * first!.columns);
    expect(first!.before).toHaveLength(first!.pictures.length);
    expect(first!.before).not.toEqual(first!.pictures);
    expect(others.every(({ before }) => before === undefined)).toBe(true);
    // At its end there is nothing left to do.
    expect(await train(run, 100)).toMatchObject({ stopped: 'finished', heard: { points: [] } });
  });

  it('comes out bit by bit the same whether it was cut off or not, on an engine of its own', async () => {
    const whole = (await train(await beginWith(), 6)).run;
    const cut = await beginWith();
    await train(cut, 3);
    const { run } = await train(cut, 6, await teaching(shared.store));
    expect(await checkpoint(shared.store, run)).toBe(await checkpoint(shared.store, whole));
    expect(run.history.map((one) => one.lossCritic)).toEqual(whole.history.map((one) => one.lossCritic));
    const other = (await train(await beginWith(), 5)).run;
    expect(await checkpoint(shared.store, other)).not.toBe(await checkpoint(shared.store, run));
  });

  it('goes a single step', async () => {
    const run = await beginWith();
    expect((await train(run, 1)).run.step).toBe(1);
    expect((await train(run, 2)).run).toMatchObject({ step: 2, checkpoints: [0, 1, 2] });
  });

  it('pauses at the end of a step, and the next call finds it there', async () => {
    const run = await beginWith({ settings: { ...TEACH, steps: 60 } });
    const abort = new AbortController();
    const { heard, report } = listener((one) => {
      if (one.stage === 'point' && one.point.step === 4) abort.abort();
    });
    const paused = shared.host('train', { run: run.id, until: 60 }, { signal: abort.signal, report });
    expect(await failureOf(paused)).toEqual({ kind: 'cancelled' });
    expect(heard.checkpoints.at(-1)).toBe(4);
    const [found] = await shared.host('runs', {}, quiet());
    expect(found).toMatchObject({ id: run.id, step: 4 });
    expect((await train(run, 5)).heard.points.map(({ step }) => step)).toEqual([5]);
  });

  it('goes back to a checkpoint, and from there the same way again', async () => {
    const run = (await train(await beginWith(), 6)).run;
    const before = await checkpoint(shared.store, run);
    const back = await shared.host('revert-run', { run: run.id, step: 2 }, quiet());
    expect(back).toMatchObject({ step: 2, checkpoints: [0, 2] });
    expect(await checkpoint(shared.store, (await train(back, 6)).run)).toBe(before);
    const start = await shared.host('revert-run', { run: run.id, step: 0 }, quiet());
    expect(await checkpoint(shared.store, (await train(start, 6)).run)).toBe(before);
  });

  it('paints the sheet of any of its checkpoints', async () => {
    const { run, heard } = await train(await beginWith(), 4);
    const at = (step: number) => shared.host('paint-checkpoint', { run: run.id, step }, quiet());
    const { before } = heard.sheets[0]!;
    expect((await at(0)).pictures).toEqual(before);
    // Beside the parent's, to compare with.
    expect(await at(4)).toMatchObject({ pictures: heard.sheets.at(-1)!.pictures, before });
    const again = await shared.host('paint-checkpoint', { run: run.id, step: 4, compared: true }, quiet());
    expect(again.before).toBeUndefined();
    expect(await failureOf(at(3))).toMatchObject({ kind: 'bad-recipe' });
  });

  it('takes other settings from a step on', async () => {
    const run = (await train(await beginWith(), 6)).run;
    const { run: longer, heard } = await train(run, 8, shared, { steps: 8, rate: 1e-4 });
    expect(longer).toMatchObject({ step: 8, settings: { steps: 8, rate: 1e-4, batch: 2 } });
    expect(heard.points).toHaveLength(2);
  });

  it('keeps a tenth of the captions back, and says how they come out', async () => {
    const run = await beginWith({ examples: examples(20) });
    const { keptBack, captions } = await openRun(shared.store, run.id);
    expect([keptBack, captions.length]).toEqual([2, 20]);
    const { heard } = await train(run, 2);
    expect(heard.points.map(({ heldOut }) => typeof heldOut)).toEqual(['object', 'number']);
    expect(Math.abs(heard.points[1]!.heldOut!)).toBeLessThanOrEqual(1);
    // What was kept back taught it nothing, and its card says so.
    const { card } = await shared.host('keep-model', { run: run.id, name: 'Eighteen' }, quiet());
    expect(card.summary).toMatch(/^Taught with 18 pictures \(2 more kept back to measure by\), in 2 steps/);
    expect(card.data.name).toBe('18 pictures with captions (2 more kept back to measure by)');
    expect(card.limits[0]).toMatch(/^It was taught with 18 pictures:/);
    expect(card.training.recipe).toMatch(/^Fine-tuned by Limn, .* rate 0\.00002, anchor 1, both as last set$/);
  });

  it('leaves as many tensors as it found, however it ends', async () => {
    const run = (await train(await beginWith(), 2)).run;
    const { numTensors, numBytes } = memory();
    await train(run, 6);
    const abort = new AbortController();
    abort.abort();
    await failureOf(shared.host('train', { run: run.id, until: 6 }, { signal: abort.signal, report: () => undefined }));
    await shared.host('paint-checkpoint', { run: run.id, step: 2 }, quiet());
    await beginWith();
    expect(memory().numTensors).toBe(numTensors);
    expect(memory().numBytes).toBe(numBytes);
  });

  it('is forgotten whole', async () => {
    const { run } = await train(await beginWith(), 2);
    const { freedBytes } = await shared.host('forget-run', { run: run.id }, quiet());
    expect(freedBytes).toBeGreaterThan(16 * 10_000);
    expect(await shared.store.list(`runs/${run.id}`)).toEqual([]);
    expect(await failureOf(train(run, 4))).toMatchObject({ kind: 'bad-recipe' });
  });
});

describe('what is refused', () => {
  const square = (edge: number) => ({ width: edge, height: edge, data: new Uint8ClampedArray(4 * edge * edge) });
  const two = examples(2);
  it.each<[string, Partial<Input<'begin-run'>>, string]>([
    ['a single picture', { examples: examples(1) }, 'bad-recipe'],
    ['more than 500', { examples: Array.from({ length: 501 }, () => two[0]!) }, 'bad-recipe'],
    ['a picture of another size', { examples: [two[0]!, { ...two[1]!, pixels: square(64) }] }, 'bad-image'],
    ['a picture with bytes missing', { examples: [two[0]!, { ...two[1]!, pixels: { ...square(SIZE), data: new Uint8ClampedArray(3) } }] }, 'bad-image'], // prettier-ignore
    ['an empty caption', { examples: [two[0]!, { ...two[1]!, caption: ' ' }] }, 'bad-caption'],
    ['a caption that cannot be read', { examples: [two[0]!, { ...two[1]!, caption: '🌷' }] }, 'bad-caption'],
    ['no name', { name: '  ' }, 'bad-recipe'],
    ['half a step', { settings: { ...TEACH, steps: 1.5 } }, 'bad-recipe'],
    ['a batch of one', { settings: { ...TEACH, batch: 1 } }, 'bad-recipe'],
    ['a rate that is no number', { settings: { ...TEACH, rate: NaN } }, 'bad-recipe'],
    ['an unknown model', { model: 'roses' }, 'unknown-model'],
  ])('%s', async (_what, part, kind) => {
    const runs = await shared.store.list('runs');
    expect(await failureOf(beginWith(part))).toMatchObject({ kind });
    expect(await shared.store.list('runs')).toEqual(runs);
  });

  it('a run for whose checkpoints there is no room', async () => {
    const store = memoryStore();
    const room = () => Promise.resolve({ usedBytes: 900_000, quotaBytes: 1_000_000, persisted: false });
    const tight = await teaching({ ...store, room });
    const { checkpointBytes } = await tight.host('rehearse', { model: 'tiny', settings: TEACH }, quiet());
    const failure = { kind: 'quota', neededBytes: 2 * checkpointBytes };
    expect(await failureOf(beginWith({}, tight))).toEqual(failure);
    expect(await store.list('runs')).toEqual([]);
  });

  it('a model without a critic: rehearsing says why', async () => {
    const source = readFileSource(FIXTURES);
    const without = await teaching(memoryStore(), {
      ...source,
      manifest: async (signal) => {
        const { models, ...rest } = await source.manifest(signal);
        const fewer = models.map((m) => ({ ...m, files: m.files.filter(({ role }) => role !== 'critic') }));
        return { ...rest, models: fewer };
      },
    });
    expect(await failureOf(beginWith({}, without))).toMatchObject({ kind: 'bad-weights' });
    const found = await without.host('rehearse', { model: 'tiny', settings: TEACH }, quiet());
    expect(found).toMatchObject({ canTrain: false, why: 'Tiny: it comes without a critic, and so cannot be taught' });
  });

  it('a run that began on another version of its model', async () => {
    const run = await beginWith();
    const kept = await openRun(shared.store, run.id);
    const other = { ...kept, parentFiles: { ...kept.parentFiles, generator: '0'.repeat(64) } };
    await shared.store.write(`runs/${run.id}/run.json`, new TextEncoder().encode(JSON.stringify(other)));
    const failure = {
      kind: 'parent-changed',
      detail: expect.stringMatching(
        /^Tiny has been replaced .* “Tulips” began \(its generator has changed\)/,
      ) as string,
    };
    const { host } = shared;
    expect(await failureOf(train(run, 2))).toEqual(failure);
    expect(await failureOf(host('paint-checkpoint', { run: run.id, step: 0 }, quiet()))).toEqual(failure);
    expect(await failureOf(host('keep-model', { run: run.id, name: 'Old' }, quiet()))).toEqual(failure);
    // As it says.
    expect(await host('run-examples', { run: run.id }, quiet())).toEqual(examples(4));
  });
});

describe('what goes wrong on the way', () => {
  it('a damaged checkpoint: it goes on from the one before', async () => {
    const { run } = await train(await beginWith(), 4);
    const { checkpoints } = await openRun(shared.store, run.id);
    const path = `runs/${run.id}/${checkpoints.at(-1)!.file.name}`;
    await shared.store.write(path, (await shared.store.read(path))!.slice(0, 5000));
    const { heard, run: after } = await train(run, 6);
    expect(heard.points.map(({ step }) => step)).toEqual([3, 4, 5, 6]);
    expect(after.step).toBe(6);
  });

  it('all checkpoints damaged: it begins anew', async () => {
    const { run } = await train(await beginWith(), 4);
    for (const { file } of (await openRun(shared.store, run.id)).checkpoints) {
      await shared.store.remove(`runs/${run.id}/${file.name}`);
    }
    expect((await train(run, 5)).heard.points.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
  });

  it('what it learns from is damaged: it says so, and is still a run', async () => {
    const run = await beginWith();
    await shared.store.write(`runs/${run.id}/data.safetensors`, new Uint8Array(20));
    expect(await failureOf(train(run, 2))).toMatchObject({ kind: 'bad-weights' });
    expect((await openRun(shared.store, run.id)).id).toBe(run.id);
  });

  it('a store that does not read is told, and leaves no tensor behind', async () => {
    const store = memoryStore();
    let burns = false;
    const found = await teaching({
      ...store,
      read: (path) => (burns && /step-\d+/.test(path) ? Promise.reject(new Error('it is on fire')) : store.read(path)),
    });
    const { run } = await train(await beginWith({}, found), 2, found);
    const { numTensors } = memory();
    burns = true;
    expect(await failureOf(train(run, 4, found))).toMatchObject({ kind: 'internal', detail: 'it is on fire' });
    expect(memory().numTensors).toBe(numTensors);
  });

  describe('a checkpoint that cannot be kept', () => {
    /** A store that refuses checkpoints while `full`. */
    async function tight(error: () => Error) {
      const store = memoryStore();
      const state = { full: false };
      const found = await teaching({
        ...store,
        write: (path, bytes) =>
          state.full && /step-\d+/.test(path) ? Promise.reject(error()) : store.write(path, bytes),
      });
      return { ...found, state };
    }
    const quota = () => new LimnError({ kind: 'quota', neededBytes: 9 });

    /** Paused at step 3, for which there is no room; step 2 is kept. */
    async function paused(error: () => Error = quota) {
      const found = await tight(error);
      const run = await beginWith({}, found);
      const abort = new AbortController();
      const { heard, report } = listener((one) => {
        if (one.stage !== 'point' || one.point.step !== 3) return;
        found.state.full = true;
        abort.abort();
      });
      const failure = failureOf(found.host('train', { run: run.id, until: 6 }, { signal: abort.signal, report }));
      return { found, run, failure: await failure, heard };
    }

    it.each([
      ['for want of room', quota, /^There is no room for the 0\.\d MB of step 3, so the run stands at step 2\./],
      ['for a fault of the disk', () => new Error('it is on fire'), /^Step 3 could not be written \(it is on fire\)/],
    ])('%s: a pause says so, and where both stand', async (_why, error, words) => {
      const { found, run, failure, heard } = await paused(error);
      expect(failure).toMatchObject({ kind: 'unkept', detail: expect.stringMatching(words) as string });
      const long = 'held in memory until the engine has to start again';
      expect(failure).toMatchObject({ detail: expect.stringContaining(long) as string });
      expect(heard.checkpoints).toEqual([2]);
      const [kept] = await found.host('runs', {}, quiet());
      expect(kept).toMatchObject({ id: run.id, step: 2 });
    });

    it('is held: it goes on from there when there is room, as if it had never stopped', async () => {
      const { found, run } = await paused();
      // Still no room: the same again, and nothing is trained on top.
      expect(await failureOf(train(run, 6, found))).toMatchObject({ kind: 'unkept' });
      found.state.full = false;
      const after = await train(run, 6, found);
      expect(after.heard.points.map(({ step }) => step)).toEqual([4, 5, 6]);
      expect(after.heard.checkpoints).toEqual([3, 4, 6]);
      expect(after.run.history.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
      const whole = (await train(await beginWith(), 6)).run;
      expect(await checkpoint(found.store, after.run)).toBe(await checkpoint(shared.store, whole));
    });

    it.each<[string, (run: Run, there: Teaching) => Promise<number>]>([
      ['went back', async (run, there) => (await there.host('revert-run', { run: run.id, step: 0 }, quiet())).step],
      [
        'went back and came to the same step another way',
        async (run, there) => {
          await there.host('revert-run', { run: run.id, step: 0 }, quiet());
          return (await train(run, 2, there, { rate: 1e-3 })).run.step;
        },
      ],
      [
        'forgot it and began another one of its name',
        async (run, there) => {
          await there.host('forget-run', { run: run.id }, quiet());
          const other = await beginWith({}, there);
          expect(other.id).toBe(run.id);
          return other.step;
        },
      ],
    ])('is dropped where another tab %s', async (_what, change) => {
      const { found, run } = await paused();
      found.state.full = false;
      const step = await change(run, await teaching(found.store));
      const after = await train(run, 4, found);
      expect(after.heard.points.map(({ step }) => step)).toEqual([1, 2, 3, 4].slice(step));
      expect(after.heard.checkpoints).toEqual([2, 4].filter((one) => one > step));
    });

    it('can be kept as a model; going back drops it', async () => {
      const { found, run } = await paused();
      const { entry, card } = await found.host('keep-model', { run: run.id, name: 'Three' }, quiet());
      expect(card.summary).toContain('in 3 steps');
      expect(entry.id).toBe('my-three');
      await found.host('revert-run', { run: run.id, step: 2 }, quiet());
      found.state.full = false;
      expect((await train(run, 3, found)).heard.points.map(({ step }) => step)).toEqual([3]);
    });
  });

  /** Trains with a generator that is broken from some step on. */
  async function trainBroken(breaks: (call: number) => number) {
    const store = memoryStore();
    const { host } = await teaching(store);
    const { run } = await train(await beginWith({}, { host, store }), 2, { host, store });
    const session = createSession(await nodePlatform({ gpu: false }), readFileSource(FIXTURES), () => undefined);
    const options = quiet();
    const loaded = await session.load('tiny', 'wasm', options);
    const [generator, critic] = [
      await session.part(generatorPart, loaded, options),
      await session.part(criticPart, loaded, options),
    ];
    let calls = 0;
    const paint: typeof generator.paint = (p, z, sentence) => {
      const painted = generator.paint(p, z, sentence);
      return inGradient() ? mul(painted, breaks(calls++)) : painted;
    };
    const before = memory().numTensors;
    const reports: Report<'train'>[] = [];
    const output = await fineTuneTask(
      store,
      await openRun(store, run.id),
      { generator: { ...generator, paint }, critic, captioner: undefined },
      6,
      { ...options, report: (one) => reports.push(one), now: () => 0, today: () => 5, held: new Map() },
    );
    expect(memory().numTensors).toBe(before);
    return { output, reports, left: await openRun(store, run.id) };
  }

  it('NaN: it stops, is back at the last sound checkpoint, and says what to try', async () => {
    // Each step paints twice with a gradient: the new and the old.
    const { output, reports, left } = await trainBroken((call) => (call >= 2 ? NaN : 1));
    expect(output).toMatchObject({ stopped: 'diverged', rolledBackTo: 2, run: { step: 2, checkpoints: [0, 2] } });
    expect(output.why).toMatch(/^At step 4 the losses are no numbers any more\. The run is back at step 2\. Try /);
    // The same in words, and as a change that it can go on with.
    expect(output.advised).toEqual({ rate: TEACH.rate / 4, anchor: 2 });
    expect(output.why).toContain(
      'a lower rate (0.000005 in place of 0.00002), or a stronger anchor (2), or another run',
    );
    expect(reports.filter(({ stage }) => stage === 'checkpoint')).toEqual([]);
    expect(left.checkpoints.map(({ step }) => step)).toEqual([2]);
  });

  it('advises nothing beyond the bounds of the settings', () => {
    expect(calmer({ rate: 2e-6, anchor: 0 })).toEqual({ rate: BOUNDS.rate[0], anchor: 0.25 });
    expect(calmer({ rate: BOUNDS.rate[0], anchor: 2 })).toEqual({});
  });

  it('exploding losses', async () => {
    const { output } = await trainBroken((call) => (call >= 2 ? 1e9 : 1));
    expect(output).toMatchObject({ stopped: 'diverged', rolledBackTo: 2 });
    expect(output.why).toMatch(/beyond all measure/);
  });
});

it('rehearses: how long a step takes, how much moves, how large a checkpoint is', async () => {
  // The first one fetches the critic.
  await shared.host('rehearse', { model: 'tiny', settings: TEACH }, quiet());
  const before = memory().numTensors;
  const found = await shared.host('rehearse', { model: 'tiny', settings: TEACH }, quiet());
  expect(memory().numTensors).toBe(before);
  expect(found.canTrain).toBe(true);
  expect(found.secondsPerStep).toBeGreaterThan(0);
  expect(found.moving.all).toBe(found.parameters);
  expect(found.moving.text).toBe(16 * 8 + 8);
  expect(found.moving['last-blocks']).toBeGreaterThan(found.moving.text);
  expect(found.moving['last-blocks']).toBeLessThan(found.parameters);
  const run = await beginWith();
  const sizes: number[] = [];
  const { report } = listener((one) => one.stage === 'checkpoint' && sizes.push(one.bytes));
  await shared.host('train', { run: run.id, until: 1 }, { ...quiet(), report });
  // Beside the numbers only the header.
  expect(sizes[0]).toBeGreaterThan(found.checkpointBytes);
  expect(sizes[0]).toBeLessThan(1.3 * found.checkpointBytes);
});

it('offers less where the whole would take long', async () => {
  const long = await shared.host(
    'rehearse',
    { model: 'tiny', settings: { ...TEACH, steps: 20_000, batch: 64 } },
    quiet(),
  );
  const seconds = 20_000 * long.secondsPerStep;
  expect(seconds).toBeGreaterThan(20 * 60);
  expect(long.offers.map(({ change }) => change)).toEqual([{ batch: 32 }, { steps: 5000 }, { moves: 'last-blocks' }]);
  for (const offer of long.offers) expect(offer.seconds).toBeLessThan(seconds);
});

it.each(['all', 'last-blocks', 'text'] as const)('moves %s and nothing else of the generator', async (moves) => {
  const { run } = await train(await beginWith({ settings: { ...TEACH, moves } }), 2);
  const kept = await openRun(shared.store, run.id);
  const path = `runs/${run.id}/${kept.checkpoints[0]!.file.name}`;
  const text = new TextDecoder().decode((await shared.store.read(path))!.slice(8, 30_000));
  const names = new Set([...text.matchAll(/"generator\.([\w.]+)\/value"/g)].map(([, name]) => name!.split('.').slice(0, 2).join('.'))); // prettier-ignore
  const last = ['blocks.1', 'paint.bias', 'paint.weight'];
  const expected = {
    all: ['blocks.0', ...last, 'seed.bias', 'seed.weight', 'text.bias', 'text.weight'],
    'last-blocks': last,
    text: ['text.bias', 'text.weight'],
  };
  expect([...names].sort()).toEqual(expected[moves]);
});
