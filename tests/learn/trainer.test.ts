import { gather, memory } from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDevice } from '../../src/engine/backend.ts';
import { loadGradients } from '../../src/engine/kernels/register.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import type { GanState } from '../../src/learn/gan-step.ts';
import { parametersOf } from '../../src/learn/learner.ts';
import {
  alike,
  decayAt,
  drawBatch,
  freeBatch,
  releaseAll,
  train,
  type Stand,
  type TrainingOptions,
} from '../../src/learn/trainer.ts';
import { numbersOf, SIZE, tinyGan, type TinyGan } from '../support/tiny-gan.ts';

const OPTIONS: TrainingOptions = { seed: 7, batch: 4, rate: 1e-3, anchor: 1 };

async function open(backend: BackendName): Promise<void> {
  await openDevice(backend, await nodePlatform({ gpu: false }), () => undefined);
  await loadGradients();
}

interface Trained {
  readonly stands: readonly Stand['seen'][];
  readonly generator: Map<string, number[]>;
  readonly mean: Map<string, number[]>;
  readonly critic: Map<string, number[]>;
}

async function trained(
  tiny: TinyGan,
  steps: number,
  options: Partial<TrainingOptions> = {},
  start: { step: number; state: GanState } = { step: 0, state: tiny.begin() },
): Promise<Trained> {
  const stands: Stand['seen'][] = [];
  for await (const { step, state, seen } of train(start, tiny.networks, tiny.material, { ...OPTIONS, ...options })) {
    stands.push(seen);
    if (step < start.step + steps) continue;
    return {
      stands,
      generator: await numbersOf(parametersOf(state.generator, 'θ')),
      mean: await numbersOf(parametersOf(state.generator, 'mean')),
      critic: await numbersOf(parametersOf(state.critic, 'θ')),
    };
  }
  throw new Error('training ended');
}

const changed = (before: Map<string, number[]>, after: Map<string, number[]>): string[] =>
  [...before].filter(([name, values]) => values.some((v, i) => v !== after.get(name)![i])).map(([name]) => name);

beforeEach(() => open('wasm'));

describe('who moves', () => {
  it.each<[string, (name: string) => boolean]>([
    ['all', () => true],
    ['text', (name) => name.startsWith('text.')],
    ['the last layer', (name) => name.startsWith('paint.')],
  ])('%s of the generator, and all of the critic', async (_what, moves) => {
    const tiny = tinyGan();
    const [g, c] = [await numbersOf(tiny.g), await numbersOf(tiny.c)];
    const after = await trained(tiny, 3, {}, { step: 0, state: tiny.begin(moves) });
    expect(changed(g, after.generator)).toEqual([...g.keys()].filter(moves));
    expect(changed(g, after.mean)).toEqual([...g.keys()].filter(moves));
    // Of a hinge that nobody has passed yet, the last bias' gradient is as much for as against.
    const others = [...c.keys()].filter((name) => name !== 'realism_map.bias');
    expect(changed(c, after.critic)).toEqual(expect.arrayContaining(others));
    // The parent's own weights are another's.
    expect(await numbersOf(tiny.g)).toEqual(g);
    expect(await numbersOf(tiny.c)).toEqual(c);
    tiny.dispose();
  });
});

describe('training', () => {
  it('teaches the critic to tell real pictures from painted ones', async () => {
    const tiny = tinyGan();
    // Of the generator next to nothing moves.
    const { stands } = await trained(
      tiny,
      60,
      { rate: 3e-3, batch: 6 },
      { step: 0, state: tiny.begin((name) => name === 'text.bias') },
    );
    const mean = (part: readonly Stand['seen'][], name: keyof Stand['seen']) =>
      part.reduce((sum, seen) => sum + seen[name], 0) / part.length;
    expect(mean(stands.slice(-10), 'lossCritic')).toBeLessThan(0.8 * mean(stands.slice(0, 5), 'lossCritic'));
    expect(mean(stands.slice(-10), 'realRight')).toBeGreaterThan(0.8);
    expect(mean(stands.slice(-10), 'fakeRight')).toBeGreaterThan(0.8);
    tiny.dispose();
  });

  it('stays with the old the more it is held, and knows by how much', async () => {
    const tiny = tinyGan();
    const last = async (anchor: number) => (await trained(tiny, 30, { anchor })).stands.at(-1)!;
    const [free, held, tight] = [await last(0), await last(0.05), await last(5)];
    expect(free.anchor).toBe(0);
    expect(tight.anchor).toBeLessThan(held.anchor);
    expect((await trained(tiny, 1)).stands[0]!.anchor).toBeLessThan(1e-9);
    tiny.dispose();
  });

  it('is the same twice, and the same when it was cut off in the middle; another seed is another run', async () => {
    const tiny = tinyGan();
    const whole = await trained(tiny, 6);
    expect(await trained(tiny, 6)).toEqual(whole);
    let middle: GanState | undefined;
    const first = train({ step: 0, state: tiny.begin() }, tiny.networks, tiny.material, OPTIONS);
    for (let step = 1; step <= 3; step++) middle = (await first.next()).value?.state;
    const rest = await trained(tiny, 3, {}, { step: 3, state: middle! });
    expect(rest.stands).toEqual(whole.stands.slice(3));
    expect(rest.generator).toEqual(whole.generator);
    expect(rest.mean).toEqual(whole.mean);
    expect((await trained(tiny, 6, { seed: 8 })).generator).not.toEqual(whole.generator);
    tiny.dispose();
  });

  it('holds as many tensors after a hundred steps as after one, and none when it is left', async () => {
    const before = memory().numTensors;
    const tiny = tinyGan();
    const counts: number[] = [];
    for await (const { step } of train({ step: 0, state: tiny.begin() }, tiny.networks, tiny.material, OPTIONS)) {
      counts.push(memory().numTensors);
      if (step === 100) break;
    }
    expect(new Set(counts).size).toBe(1);
    tiny.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('goes on wasm where it goes on cpu', async () => {
    const on = async (backend: BackendName) => {
      await open(backend);
      const tiny = tinyGan();
      const found = await trained(tiny, 3);
      tiny.dispose();
      return found;
    };
    const [wasm, cpu] = [await on('wasm'), await on('cpu')];
    for (const [i, seen] of cpu.stands.entries()) {
      expect(wasm.stands[i]!.lossCritic).toBeCloseTo(seen.lossCritic, 4);
      expect(wasm.stands[i]!.lossGenerator).toBeCloseTo(seen.lossGenerator, 4);
    }
    // Adam's first steps are as long whatever the gradient: where that is about 0, rounding chooses their side.
    const far = [...cpu.generator].flatMap(([name, v]) => v.map((x, i) => Math.abs(x - wasm.generator.get(name)![i]!)));
    expect(far.filter((d) => d > 1e-4).length).toBeLessThan(far.length / 10);
  });
});

it('draws rows of which none is judged beside its own caption as another’s', () => {
  const tiny = tinyGan();
  for (let step = 0; step < 20; step++) {
    const batch = drawBatch(tiny.material, [0, 1, 2, 3, 4, 5], OPTIONS, step);
    const [own, other] = [batch.sentence.arraySync(), batch.wrong!.arraySync()];
    for (const [i, row] of own.entries()) expect(other[i]).not.toEqual(row);
    expect([...batch.plain.dataSync()]).toEqual([0, 1, 1, 1]);
    expect(batch.real.shape).toEqual([4, SIZE, SIZE, 3]);
    expect(batch.old!.pictures.shape).toEqual([4, SIZE, SIZE, 3]);
    freeBatch(batch);
  }
  tiny.dispose();
});

it('a quarter of what is asked for is mixed, whatever the batch', () => {
  const tiny = tinyGan();
  const mixedOf = (batch: number): number[] =>
    Array.from({ length: 200 }, (_, step) => {
      const drawn = drawBatch(tiny.material, [0, 1, 2, 3, 4, 5], { ...OPTIONS, batch, anchor: 0 }, step);
      const count = batch - drawn.plain.dataSync<'float32'>().reduce((sum, one) => sum + one, 0);
      freeBatch(drawn);
      return count;
    });
  const share = (batch: number): number => mixedOf(batch).reduce((sum, one) => sum + one, 0) / (200 * batch);
  expect(new Set(mixedOf(8))).toEqual(new Set([2]));
  for (const batch of [2, 3, 6]) expect(Math.abs(share(batch) - 1 / 4)).toBeLessThan(0.04);
  tiny.dispose();
});

describe('pictures that share a caption', () => {
  /** The six rows' sentences by number. */
  const tellingOf = (tiny: TinyGan, ...told: number[]): TinyGan => {
    const { sentences, ...rest } = tiny.material;
    const shared = gather(sentences, told);
    return {
      ...tiny,
      material: { ...rest, sentences: shared },
      dispose: () => [tiny.dispose(), shared.dispose()],
    };
  };

  it('are known by their sentences, but for rounding', () => {
    const rows = Float32Array.from([1, 2, 3, 4, 1, 2.00001, 1, 2.1]);
    expect(alike(rows, 4)).toEqual([0, 1, 0, 3]);
  });

  it('are no mismatch of each other', () => {
    const tiny = tellingOf(tinyGan(), 0, 0, 0, 0, 1, 1);
    for (let step = 0; step < 20; step++) {
      const batch = drawBatch(tiny.material, [0, 0, 0, 0, 4, 4], OPTIONS, step);
      const [own, other] = [batch.sentence.arraySync(), batch.wrong!.arraySync()];
      for (const [i, row] of own.entries()) expect(other[i]).not.toEqual(row);
      freeBatch(batch);
    }
    tiny.dispose();
  });

  it('teach no mismatch where all of them do: the own caption is never pushed down', async () => {
    const tiny = tellingOf(tinyGan(), 0, 0, 0, 0, 0, 0);
    const { stands } = await trained(tiny, 40, { rate: 3e-3 });
    for (const seen of stands) {
      expect(seen.wrongRight).toBeNaN();
      expect(seen.lossCritic).not.toBeNaN();
    }
    const before = memory().numTensors;
    await trained(tiny, 2);
    expect(memory().numTensors).toBe(before);
    tiny.dispose();
  });
});

it('lets the running mean follow closely at first, and forget by half in 70 steps later on', () => {
  expect(decayAt(0)).toBeCloseTo(0.1);
  expect(decayAt(10_000) ** 70).toBeCloseTo(0.5);
});

it('frees a state on request', () => {
  const tiny = tinyGan();
  const before = memory().numTensors;
  releaseAll(tiny.begin());
  expect(memory().numTensors).toBe(before);
  tiny.dispose();
});
