import { matMul, memory, mul, reshape, tanh, tensor2d, zeros, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Painter } from '../../src/engine/catalogue.ts';
import type { Host } from '../../src/engine/host.ts';
import { styleEncoderPart } from '../../src/engine/parts/style-encoder.ts';
import type { Input, Pixels, Report, SearchProgress } from '../../src/engine/protocol.ts';
import type { Loaded } from '../../src/engine/session.ts';
import { invertTask } from '../../src/engine/tasks/invert.ts';
import { readFileSource } from '../../src/engine/weights/disk.ts';
import { toFailure } from '../../src/failure.ts';
import { inGradient } from '../../src/models/layers.ts';
import { normal } from '../../src/random.ts';
import { roundZ } from '../../src/recipe.ts';
import { FIXTURES, paintWith, quiet, tinyHost, tinyRecipe } from '../support/engine.ts';

const CAPTION = 'a red flower';
let host: Host;
let target: Pixels;
beforeAll(async () => {
  ({ host } = await tinyHost());
  const [picture] = await paintWith(host, 'wasm', tinyRecipe({ caption: CAPTION }), 1);
  target = picture!.pixels;
});

const input = (part: Partial<Input<'invert'>> = {}): Input<'invert'> => ({
  model: 'tiny',
  pixels: target,
  caption: CAPTION,
  steps: 40,
  restarts: 0,
  seed: 1,
  ...part,
});

async function invert(part: Partial<Input<'invert'>> = {}) {
  const reports: SearchProgress[] = [];
  const report = (progress: Report<'invert'>) => {
    if (progress.stage === 'search') reports.push(progress);
  };
  return { ...(await host('invert', input(part), { ...quiet(), report })), reports };
}

const failureOf = (run: Promise<unknown>) => run.then(() => 'no failure', toFailure);

async function paintedFrom(z: readonly number[]): Promise<Pixels> {
  const [picture] = await paintWith(host, 'wasm', tinyRecipe({ caption: CAPTION, style: { z, strength: 1 } }), 1);
  return picture!.pixels;
}

function apart(a: Pixels, b: Pixels): number {
  const squares = [...a.data].map((value, i) => (value - b.data[i]!) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square) / (3 * a.width * a.height));
}

describe('inverting a picture', () => {
  it('asks S alone where there are no steps', async () => {
    const { z, first, found, reports } = await invert({ steps: 0, restarts: 3 });
    expect(z).toHaveLength(8);
    expect(Math.hypot(...z)).toBeCloseTo(Math.sqrt(8), 2);
    expect(found).toEqual(first);
    expect(reports).toEqual([]);
    expect(found.distance).toBeCloseTo(apart(found.pixels, target), 6);
  });

  it('comes nearer by steps; what it found is what its z paints', async () => {
    const { z, first, found, reports } = await invert();
    expect(found.distance).toBeLessThan(0.7 * first.distance);
    expect(found.distance).toBeCloseTo(apart(found.pixels, target), 6);
    expect(z).toEqual(roundZ(z));
    expect(await paintedFrom(z)).toEqual(found.pixels);
    expect(reports.map(({ step }) => step)).toEqual(Array.from({ length: 41 }, (_, i) => i));
    expect(reports.filter(({ picture }) => picture).map(({ step }) => step)).toEqual([0, 10, 20, 30, 40]);
    expect(reports.at(-1)!.loss).toBeLessThan(reports[0]!.loss);
    expect(reports.every(({ steps }) => steps === 40)).toBe(true);
  });

  it('is not worse off with more starts, and the same twice', async () => {
    const one = await invert();
    const many = await invert({ restarts: 3 });
    expect(many.found.distance).toBeLessThan(one.first.distance);
    expect(Math.min(...many.reports.map(({ loss }) => loss))).toBeLessThan(one.reports[0]!.loss);
    expect((await invert({ restarts: 3 })).z).toEqual(many.z);
    expect((await invert({ restarts: 3, seed: 5 })).z).not.toEqual(many.z);
  });

  it('stays as near to what S found as it is held', async () => {
    const { z: begun } = await invert({ steps: 0 });
    const turned = async (hold: number) => {
      const { z } = await invert({ hold });
      return 1 - z.reduce((sum, v, i) => sum + v * begun[i]!, 0) / (Math.hypot(...z) * Math.hypot(...begun));
    };
    const [free, held, tight] = [await turned(0), await turned(0.02), await turned(10)];
    expect(held).toBeLessThan(free);
    expect(tight).toBeLessThan(held);
    expect(await failureOf(host('invert', input({ hold: NaN }), quiet()))).toMatchObject({ kind: 'bad-recipe' });
  });

  it('holds each start to itself: another than S’s can win', async () => {
    const seed = 3;
    const recipe = { ...tinyRecipe({ caption: CAPTION }), seed };
    const [wanted] = await paintWith(host, 'wasm', recipe, 1);
    const { pixels } = wanted!;
    const { z, found, reports } = await invert({ pixels, restarts: 1, seed, hold: 1 });
    const drawn = normal(seed, z.length);
    const cosine = z.reduce((sum, v, i) => sum + v * drawn[i]!, 0) / (Math.hypot(...z) * Math.hypot(...drawn));
    expect(cosine).toBeGreaterThan(0.95);
    expect(found.distance).toBeLessThan((await invert({ pixels, hold: 1 })).found.distance);
    // What is told is the distance alone: the least that was held comes near to none.
    expect(reports.at(-1)!.loss).toBeLessThan(0.01);
  });

  it('tells the distance alone, however z is held', async () => {
    const { reports } = await invert({ hold: 10 });
    const { reports: free } = await invert({ hold: 0 });
    // One step is the same whether held or not: what holds has no slope where z began.
    expect(reports[1]!.loss).toBeCloseTo(free[1]!.loss, 5);
  });

  it('takes no caption for nothing in particular, and lets the sentence move where it may', async () => {
    const still = await invert({ caption: '  ' });
    const moved = await invert({ caption: '', moveSentence: true });
    expect(still.first).toEqual(moved.first);
    expect(still.reports.slice(0, 21).map(({ loss }) => loss)).toEqual(
      moved.reports.slice(0, 21).map(({ loss }) => loss),
    );
    expect(moved.reports.at(-1)!.loss).toBeLessThan(still.reports.at(-1)!.loss);
    expect(still.z).not.toEqual((await invert()).z);
    // What z alone paints of it, once the sentence that moved is forgotten.
    const zero = await invert({ caption: '', steps: 0 });
    expect([still.said, zero.said]).toEqual([undefined, undefined]);
    expect(moved.said).toBeGreaterThan(moved.found.distance);
  });

  it('leaves tensors where they were', async () => {
    await invert();
    const { numTensors } = memory();
    await invert({ restarts: 2, moveSentence: true });
    await invert({ steps: 0, caption: '' });
    expect(memory().numTensors).toBe(numTensors);
  });

  it('stops in the middle when it is cancelled, and leaves nothing behind', async () => {
    const { numTensors } = memory();
    const abort = new AbortController();
    let last = 0;
    const report = (progress: Report<'invert'>) => {
      if (progress.stage === 'search') last = progress.step;
      if (last === 15) abort.abort();
    };
    const run = host('invert', input({ restarts: 2, steps: 2000 }), { signal: abort.signal, report });
    expect(await failureOf(run)).toEqual({ kind: 'cancelled' });
    expect(last).toBe(15);
    expect(memory().numTensors).toBe(numTensors);
  });

  it('hears a cancel from outside while it computes', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    const run = host('invert', input({ steps: 2000 }), { signal: abort.signal, report: () => undefined });
    expect(await failureOf(run)).toEqual({ kind: 'cancelled' });
  });

  const square = (edge: number, bytes = 4 * edge * edge): Pixels => ({
    width: edge,
    height: edge,
    data: new Uint8ClampedArray(bytes),
  });
  it.each<[string, Partial<Input<'invert'>>, string]>([
    ['a picture of another size', { pixels: square(64) }, 'bad-image'],
    ['a picture that is not square', { pixels: { ...square(16), height: 8 } }, 'bad-image'],
    ['a picture with bytes missing', { pixels: square(16, 5) }, 'bad-image'],
    ['emoji alone', { caption: '🌼' }, 'bad-caption'],
    ['half a step', { steps: 1.5 }, 'bad-recipe'],
    ['too many steps', { steps: 1e9 }, 'bad-recipe'],
    ['NaN restarts', { restarts: NaN }, 'bad-recipe'],
    ['a seed below 0', { seed: -1 }, 'bad-recipe'],
    ['an unknown model', { model: 'roses' }, 'unknown-model'],
  ])('refuses %s', async (_what, part, kind) => {
    const before = memory().numTensors;
    expect(await failureOf(host('invert', input(part), quiet()))).toMatchObject({ kind });
    expect(memory().numTensors).toBe(before);
  });
});

it('says so where a model has no style encoder', async () => {
  const source = readFileSource(FIXTURES);
  const { host } = await tinyHost({
    ...source,
    manifest: async (signal) => {
      const { models, ...rest } = await source.manifest(signal);
      const without = models.map((m) => ({ ...m, files: m.files.filter(({ role }) => role !== 'style-encoder') }));
      return { ...rest, models: without };
    },
  });
  const failure = await failureOf(host('invert', input(), quiet()));
  expect(failure).toMatchObject({ kind: 'bad-weights', detail: 'it comes without a style encoder' });
});

it.each([
  ['size', 18],
  ['z', 9],
  ['channels', []],
])('refuses a style encoder whose %s is %j', async (name, value) => {
  const source = readFileSource(FIXTURES);
  const { host } = await tinyHost({
    ...source,
    manifest: async (signal) => {
      const { models, ...rest } = await source.manifest(signal);
      const style = { ...(models[0]!.config['style'] as object), [name]: value };
      return { ...rest, models: models.map((m) => ({ ...m, config: { ...m.config, style } })) };
    },
  });
  expect(await failureOf(host('invert', input(), quiet()))).toMatchObject({ kind: 'bad-weights' });
});

/** A painter in place of the model's. */
async function invertWith(paint: Painter['paint']) {
  const source = readFileSource(FIXTURES);
  const entry = (await source.manifest()).models[0]!;
  const style = styleEncoderPart.open(entry, await source.files(entry, styleEncoderPart.roles), 'wasm');
  const read = () => zeros<Rank.R2>([1, 4]);
  const painter = { zLength: 8, sentenceLength: 4, sizes: [16], parameters: 0, read, paint, dispose: () => undefined };
  const sentences = { of: read, dispose: () => undefined };
  try {
    return await invertTask({ entry, painter, sentences } as unknown as Loaded, style, input({ caption: '' }), {
      ...quiet(),
      now: () => 0,
    });
  } finally {
    style.dispose();
  }
}

it('calls what is no number by its name, and frees what it held', async () => {
  const before = memory().numTensors;
  // [1,8] × [8,768]; sound where it is only painted, no number where a gradient is wanted.
  const weights = tensor2d(normal(1, 8 * 768), [8, 768]);
  const sound = (z: Tensor2D) => reshape<Rank.R4>(tanh(matMul(z, weights)), [-1, 16, 16, 3]);
  const broken = invertWith((z) => (inGradient() ? mul(sound(z), NaN) : sound(z)));
  expect(await failureOf(broken)).toMatchObject({ kind: 'wrong-numbers' });
  expect((await invertWith(sound)).found.distance).toBeGreaterThan(0);
  weights.dispose();
  expect(memory().numTensors).toBe(before);
});
