import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/engine/host.ts';
import { readFileSource } from '../../src/engine/weights/disk.ts';
import { LimnError } from '../../src/failure.ts';
import { FIXTURES, paintWith, quiet, tinyHost, tinyRecipe } from '../support/engine.ts';

const failureOf = (run: Promise<unknown>) =>
  run.then(
    () => 'no failure',
    (error: unknown) => (error instanceof LimnError ? error.failure : error),
  );

describe('the engine on wasm', () => {
  let host: Host;
  beforeAll(async () => {
    ({ host } = await tinyHost());
    await host('load', { model: 'tiny', backend: 'wasm' }, quiet());
  });

  it('names the device that it got', async () => {
    const loaded = await host('load', { model: 'tiny', backend: 'wasm' }, quiet());
    expect(loaded.device).toMatchObject({ backend: 'wasm', adapter: 'SIMD, 1 thread' });
    expect(loaded.parameters).toBeGreaterThan(1000);
  });

  it('paints the same picture from the same recipe, and another one from another', async () => {
    const [first] = await paintWith(host, 'wasm', tinyRecipe(), 1);
    const [again] = await paintWith(host, 'wasm', tinyRecipe(), 1);
    const [seed] = await paintWith(host, 'wasm', tinyRecipe({ seed: 8 }), 1);
    const [caption] = await paintWith(host, 'wasm', tinyRecipe({ caption: 'a blue flower' }), 1);
    expect(again?.pixels.data).toEqual(first?.pixels.data);
    expect(seed?.pixels.data).not.toEqual(first?.pixels.data);
    expect(caption?.pixels.data).not.toEqual(first?.pixels.data);
  });

  it('paints a picture alone as it paints it among others', async () => {
    const many = await paintWith(host, 'wasm', tinyRecipe(), 9);
    expect(many).toHaveLength(9);
    for (const [i, { recipe, pixels }] of many.entries()) {
      expect(recipe).toEqual({ ...tinyRecipe(), seed: 7 + i, size: 16 });
      const [alone] = await paintWith(host, 'wasm', recipe, 1);
      expect(furthest(alone?.pixels.data, pixels.data)).toBeLessThanOrEqual(1);
    }
  });

  it('strays less with a smaller truncation, and not at all at 0', async () => {
    const apart = async (truncation: number) => {
      const [a, b] = await paintWith(host, 'wasm', tinyRecipe({ truncation }), 2);
      return mean(a?.pixels.data, b?.pixels.data);
    };
    const [none, half, full] = [await apart(0), await apart(0.5), await apart(1)];
    expect(none).toBe(0);
    expect(half).toBeGreaterThan(0);
    expect(full).toBeGreaterThan(half);
  });

  it('leaves tensors and bytes where they were after 1,000 pictures', async () => {
    await paintWith(host, 'wasm', tinyRecipe(), 5);
    const { numTensors, numBytes } = memory();
    await paintWith(host, 'wasm', tinyRecipe(), 1000);
    expect(memory()).toMatchObject({ numTensors, numBytes });
  });

  it('stops between pictures when it is cancelled, and paints the next', async () => {
    const abort = new AbortController();
    let painted = 0;
    const run = host(
      'generate',
      { recipe: tinyRecipe(), count: 1000 },
      {
        signal: abort.signal,
        report: () => {
          painted += 1;
          if (painted === 8) abort.abort();
        },
      },
    );
    expect(await failureOf(run)).toEqual({ kind: 'cancelled' });
    expect(painted).toBeLessThan(16);
    expect(await paintWith(host, 'wasm', tinyRecipe(), 1)).toHaveLength(1);
  });

  it('hears a cancel that comes from outside while it paints', async () => {
    const abort = new AbortController();
    let painted = 0;
    setTimeout(() => abort.abort(), 20);
    const context = { signal: abort.signal, report: () => (painted += 1) };
    expect(await failureOf(host('generate', { recipe: tinyRecipe(), count: 10_000 }, context))).toEqual({
      kind: 'cancelled',
    });
    expect(painted).toBeLessThan(10_000);
  });

  it('runs one job at a time, in order', async () => {
    const order: string[] = [];
    const job = (name: string, count: number) =>
      host('generate', { recipe: tinyRecipe(), count }, { ...quiet(), report: () => order.push(name) });
    await Promise.all([job('a', 3), job('b', 2), job('c', 1)]);
    expect(order.join('')).toBe('aaabbc');
  });

  it.each([
    ['an empty caption', { caption: '   ' }, 'bad-recipe'],
    ['emoji alone', { caption: '🌼🌸' }, 'bad-caption'],
    ['a size that the model has not', { size: 512 }, 'bad-recipe'],
    ['an unknown model', { model: 'roses' }, 'unknown-model'],
    ['a truncation out of range', { truncation: 1e309 }, 'bad-recipe'],
  ])('refuses %s', async (_what, part, kind) => {
    const run = host('generate', { recipe: tinyRecipe(part), count: 1 }, quiet());
    expect(await failureOf(run)).toMatchObject({ kind });
  });

  it.each([0, -1, 1.5, NaN, 1e9])('refuses a count of %s', async (count) => {
    const run = host('generate', { recipe: tinyRecipe(), count }, quiet());
    expect(await failureOf(run)).toMatchObject({ kind: 'bad-recipe' });
  });

  it('frees what a model took', async () => {
    const { freedBytes } = await host('unload', { model: 'tiny' }, quiet());
    expect(freedBytes).toBeGreaterThan(4 * 1000);
    expect(await paintWith(host, 'wasm', tinyRecipe(), 1)).toHaveLength(1);
  });
});

describe('models in memory', () => {
  /** The fixture's model under five names. */
  const many = async () => {
    const source = readFileSource(FIXTURES);
    return tinyHost({
      ...source,
      manifest: async (signal) => {
        const { models, ...rest } = await source.manifest(signal);
        const tiny = models.find(({ id }) => id === 'tiny')!;
        return { ...rest, models: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ ...tiny, id })) };
      },
    });
  };

  it('are the three that were used last; others come again when they are asked for', async () => {
    const { host } = await many();
    const freed = async (model: string) => (await host('unload', { model }, quiet())).freedBytes;
    const [first] = await paintWith(host, 'wasm', tinyRecipe({ model: 'a' }), 1);
    for (const model of ['b', 'c']) await paintWith(host, 'wasm', tinyRecipe({ model }), 1);
    const { numTensors, numBytes } = memory();
    await paintWith(host, 'wasm', tinyRecipe({ model: 'a' }), 1);
    for (const model of ['d', 'e']) await paintWith(host, 'wasm', tinyRecipe({ model }), 1);
    expect(memory()).toMatchObject({ numTensors, numBytes });
    expect([await freed('b'), await freed('c')]).toEqual([0, 0]);
    for (const model of ['a', 'd', 'e']) expect(await freed(model), model).toBeGreaterThan(4 * 1000);
    const [again] = await paintWith(host, 'wasm', tinyRecipe({ model: 'a' }), 1);
    expect(again?.pixels.data).toEqual(first?.pixels.data);
  });

  it('takes what a model has beside its painter along', async () => {
    const { host } = await many();
    const others = async () => {
      for (const model of ['b', 'c', 'd']) await paintWith(host, 'wasm', tinyRecipe({ model }), 1);
    };
    await others();
    const { numTensors } = memory();
    const { pixels } = (await paintWith(host, 'wasm', tinyRecipe({ model: 'a' }), 1))[0]!;
    const mirror = () => host('mirror', { model: 'a', pixels, width: 1 }, quiet());
    const { caption } = await mirror();
    expect(memory().numTensors).toBeGreaterThan(numTensors);
    await others();
    expect(memory()).toMatchObject({ numTensors });
    expect((await mirror()).caption).toBe(caption);
  });
});

describe('weights that are not what they should be', () => {
  const spoilt = async (spoil: (bytes: Uint8Array) => void) => {
    const source = readFileSource(FIXTURES);
    const { host } = await tinyHost({
      ...source,
      files: async (entry, roles, options) => {
        const files = new Map(await source.files(entry, roles, options));
        for (const [role, bytes] of files) files.set(role, bytes.slice());
        spoil(files.get('encoder') ?? new Uint8Array());
        return files;
      },
    });
    return failureOf(host('load', { model: 'tiny', backend: 'wasm' }, quiet()));
  };

  it('names the tensor that holds no numbers', async () => {
    // The last two bytes are a float16; 0x7e00 is NaN.
    const failure = await spoilt((bytes) => bytes.set([0x00, 0x7e], bytes.length - 2));
    expect(failure).toMatchObject({ kind: 'bad-weights', file: 'tiny/encoder' });
  });

  it('refuses a torn file', async () => {
    const failure = await spoilt((bytes) => bytes.fill(0, 0, 8));
    expect(failure).toMatchObject({ kind: 'bad-weights' });
  });
});

it('paints the same picture on wasm and cpu, within 2 of 255', async () => {
  const [wasm, cpu] = [await tinyHost(), await tinyHost()];
  const a = await paintWith(wasm.host, 'wasm', tinyRecipe(), 3);
  const b = await paintWith(cpu.host, 'cpu', tinyRecipe(), 3);
  for (const [i, { pixels }] of a.entries()) expect(furthest(pixels.data, b[i]?.pixels.data)).toBeLessThanOrEqual(2);
});

function furthest(
  a: Uint8ClampedArray = new Uint8ClampedArray(),
  b: Uint8ClampedArray = new Uint8ClampedArray(),
): number {
  if (a.length === 0 || a.length !== b.length) return Infinity;
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0);
}

function mean(a: Uint8ClampedArray = new Uint8ClampedArray(), b: Uint8ClampedArray = new Uint8ClampedArray()): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? NaN)), 0) / a.length;
}
