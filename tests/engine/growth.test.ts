import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/engine/host.ts';
import type { Growth, Input, Picture, Pixels, Report } from '../../src/engine/protocol.ts';
import { normal } from '../../src/random.ts';
import { roundZ, type Recipe } from '../../src/recipe.ts';
import { quiet, tinyHost, tinyRecipe } from '../support/engine.ts';
import { faceSource } from '../support/tiny-faces.ts';

const faceRecipe = (part: Partial<Recipe> = {}): Recipe =>
  tinyRecipe({ model: 'tiny-faces', caption: 'a smiling man with a beard', ...part });

let host: Host;
beforeAll(async () => {
  ({ host } = await tinyHost(faceSource));
  await host('load', { model: 'tiny-faces', backend: 'wasm' }, quiet());
});

async function paint(recipe: Recipe): Promise<Pixels> {
  const pictures: Picture[] = [];
  const report = ({ picture }: Report<'generate'>): void => void pictures.push(picture);
  await host('generate', { recipe, count: 1 }, { ...quiet(), report });
  const [picture] = pictures;
  if (!picture) throw new Error('no picture');
  return picture.pixels;
}

async function grow(at: readonly Growth[], recipe = faceRecipe()): Promise<Pixels[]> {
  const pictures: Pixels[] = [];
  const report = (now: Report<'grow'>): void => void (now.stage === 'picture' && (pictures[now.index] = now.pixels));
  await host('grow', { recipe, at }, { ...quiet(), report });
  return pictures;
}

async function vary(input: Partial<Input<'vary'>> = {}): Promise<Picture[]> {
  const pictures: Picture[] = [];
  const report = (now: Report<'vary'>): void => void (now.stage === 'picture' && (pictures[now.index] = now.picture));
  await host('vary', { recipe: faceRecipe(), sigma: 1, seeds: [1, 2, 3], ...input }, { ...quiet(), report });
  return pictures;
}

describe('growing', () => {
  it('paints every depth as painting at that size does', async () => {
    const grown = await grow([0, 1, 2].map((depth) => ({ depth, alpha: 1 })));
    const sizes = await Promise.all([4, 8, 16].map((size) => paint(faceRecipe({ size }))));
    expect(grown).toEqual(sizes);
    expect(grown.map(({ width }) => width)).toEqual([4, 8, 16]);
  });

  it('fades a doubling in: at 0 the smaller picture, at 1 the larger, between them what lies between', async () => {
    const [small, begun, half, ended] = await grow([
      { depth: 1, alpha: 1 },
      { depth: 2, alpha: 0 },
      { depth: 2, alpha: 0.5 },
      { depth: 2, alpha: 1 },
    ]);
    // Each pixel of the smaller picture stands four times.
    expect(begun).toEqual(doubled(small!));
    expect(apart(begun!, ended!)).toBeGreaterThan(8);
    const [first, second] = [apart(begun!, half!), apart(half!, ended!)];
    expect(first).toBeGreaterThan(1);
    expect(second).toBeGreaterThan(1);
    expect(Math.max(first, second)).toBeLessThan(apart(begun!, ended!));
  });

  it('goes on from what the recipe says: its style, and where it lies between two descriptions', async () => {
    const whole = [{ depth: 2, alpha: 1 }];
    const style = { z: roundZ(normal(3, 11)), strength: 1 };
    const towards = { caption: 'a woman', seed: 5, text: 0.5, noise: 0.5 };
    for (const recipe of [faceRecipe({ style }), faceRecipe({ towards }), faceRecipe({ truncation: 0.5, seed: 8 })]) {
      expect(await grow(whole, recipe)).toEqual([await paint(recipe)]);
    }
  });

  it('is refused where there is nothing of the kind', async () => {
    const refused = (at: readonly Growth[], recipe = faceRecipe()) =>
      expect(host('grow', { recipe, at }, quiet())).rejects.toMatchObject({ failure: { kind: 'bad-recipe' } });
    await refused([]);
    await refused(Array.from({ length: 257 }, () => ({ depth: 0, alpha: 1 })));
    for (const depth of [-1, 3, 0.5, NaN]) await refused([{ depth, alpha: 1 }]);
    for (const alpha of [-0.1, 1.1, NaN, Infinity]) await refused([{ depth: 1, alpha }]);
    await refused([{ depth: 1, alpha: 1 }], faceRecipe({ size: 64 }));
    await refused([{ depth: 1, alpha: 1 }], faceRecipe({ style: { z: [1, 2], strength: 1 } }));
  });
});

describe('varying', () => {
  it('keeps z and draws other ε; the recipes paint the very same pixels again', async () => {
    // Five: a full batch of the engine's, and one alone.
    const recipe = faceRecipe({ truncation: 0.7 });
    const pictures = await vary({ recipe, sigma: 0.8, seeds: [1, 2, 3, 4, 5] });
    const z = roundZ(normal(7, 11).map((value) => value * 0.7)).slice(0, 6);
    for (const [i, { recipe: told, pixels }] of pictures.entries()) {
      const ε = normal(i + 1, 5).map((value) => value * 0.8);
      expect(told).toEqual({ ...recipe, size: 16, style: { z: [...z, ...roundZ(ε)], strength: 1 } });
      expect(await paint(told)).toEqual(pixels);
    }
    expect(new Set(pictures.map(({ pixels }) => pixels.data.join())).size).toBe(5);
  });

  it('strays the further the larger σ is, and at 0 not at all', async () => {
    const [mean, other] = await vary({ sigma: 0 });
    expect(other?.pixels).toEqual(mean?.pixels);
    const [near] = await vary({ sigma: 0.2 });
    const [far] = await vary({ sigma: 1.5 });
    const [a, b] = [apart(mean!.pixels, near!.pixels), apart(mean!.pixels, far!.pixels)];
    expect(a).toBeGreaterThan(0);
    expect(b).toBeGreaterThan(a);
  });

  it('varies a variation as it varies what that came of', async () => {
    const [first, second] = await vary();
    const [again, other] = await vary({ recipe: first!.recipe });
    expect(again?.pixels).toEqual(first?.pixels);
    expect(other?.pixels).toEqual(second?.pixels);
  });

  it('paints at the recipe’s size', async () => {
    const [small] = await vary({ recipe: faceRecipe({ size: 8 }) });
    expect(small?.pixels.width).toBe(8);
    expect(small?.recipe.size).toBe(8);
  });

  it('is refused where there is nothing of the kind', async () => {
    const refused = (input: Partial<Input<'vary'>>) =>
      expect(vary(input)).rejects.toMatchObject({ failure: { kind: 'bad-recipe' } });
    for (const sigma of [-0.1, 1.6, NaN, Infinity]) await refused({ sigma });
    for (const seeds of [[], [-1], [0.5], [2 ** 32], Array<number>(65).fill(1)]) await refused({ seeds });
    await refused({ recipe: faceRecipe({ size: 64 }) });
    await refused({ recipe: faceRecipe({ towards: { caption: 'a woman', seed: 5, text: 0.5, noise: 0 } }) });
  });
});

it('both stop when they are told to, and leave no tensor behind', async () => {
  const whole = [0, 1, 2].map((depth) => ({ depth, alpha: 1 }));
  await grow(whole);
  await vary();
  const before = memory().numTensors;
  await grow(whole);
  await vary();
  const stopped = async (ask: (context: { signal: AbortSignal; report: () => void }) => Promise<unknown>) => {
    const abort = new AbortController();
    let told = 0;
    const report = (): void => {
      told += 1;
      abort.abort();
    };
    await expect(ask({ signal: abort.signal, report })).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
    return told;
  };
  expect(await stopped((context) => host('grow', { recipe: faceRecipe(), at: whole }, context))).toBe(1);
  const seeds = [1, 2, 3, 4, 5, 6];
  expect(await stopped((context) => host('vary', { recipe: faceRecipe(), sigma: 1, seeds }, context))).toBeLessThan(6);
  const style = { z: [1, 2], strength: 1 };
  await expect(grow(whole, faceRecipe({ style }))).rejects.toThrow();
  await expect(vary({ recipe: faceRecipe({ style }) })).rejects.toThrow();
  expect(memory().numTensors).toBe(before);
});

it('a model that was not grown is refused by name', async () => {
  const { host } = await tinyHost();
  const grown = host('grow', { recipe: tinyRecipe(), at: [{ depth: 0, alpha: 1 }] }, quiet());
  await expect(grown).rejects.toMatchObject({
    failure: { kind: 'bad-recipe', detail: /^the model tiny was not grown/ },
  });
  const varied = host('vary', { recipe: tinyRecipe(), sigma: 1, seeds: [1] }, quiet());
  await expect(varied).rejects.toMatchObject({ failure: { kind: 'bad-recipe', detail: /^the model tiny draws no ε/ } });
});

/** Every pixel four times. */
function doubled({ width, height, data }: Pixels): Pixels {
  const twice = new Uint8ClampedArray(4 * data.length);
  for (let i = 0; i < twice.length; i++) {
    const [place, c] = [i >> 2, i % 4];
    const [x, y] = [(place % (2 * width)) >> 1, Math.floor(place / (2 * width)) >> 1];
    twice[i] = data[4 * (y * width + x) + c] ?? 0;
  }
  return { width: 2 * width, height: 2 * height, data: twice };
}

/** Root mean square difference in levels of 255. */
function apart(a: Pixels, b: Pixels): number {
  expect(a.data.length).toBe(b.data.length);
  return Math.sqrt(a.data.reduce((sum, v, i) => sum + (v - (b.data[i] ?? NaN)) ** 2, 0) / a.data.length);
}
