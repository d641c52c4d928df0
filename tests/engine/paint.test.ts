import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/engine/host.ts';
import type { Picture } from '../../src/engine/protocol.ts';
import { rememberSentences } from '../../src/engine/sentences.ts';
import { noiseOf } from '../../src/engine/noise.ts';
import { LimnError } from '../../src/failure.ts';
import { normal, slerp } from '../../src/random.ts';
import { roundZ, type Recipe } from '../../src/recipe.ts';
import { quiet, tinyHost, tinyRecipe } from '../support/engine.ts';
import { scalar, type Tensor2D } from '@tensorflow/tfjs-core';

const Z = 8; // of the tiny model
const style = { z: roundZ(normal(99, Z)), strength: 1 };
const blue = { caption: 'a blue flower', seed: 21, text: 0, noise: 0 };

describe('noise', () => {
  it('goes from the seed to the style along the sphere, then to the other end', () => {
    const drawn = normal(7, Z);
    expect(noiseOf(tinyRecipe(), Z)).toEqual(drawn);
    expect(noiseOf(tinyRecipe({ style }), Z)).toEqual(Float32Array.from(style.z));
    expect(noiseOf(tinyRecipe({ style: { ...style, strength: 0 } }), Z)).toEqual(drawn);
    const half = noiseOf(tinyRecipe({ towards: { ...blue, noise: 0.5 } }), Z);
    expect(half).toEqual(slerp(drawn, normal(21, Z), 0.5));
    const there = noiseOf(tinyRecipe({ style, towards: { ...blue, style: { ...style, strength: 0 }, noise: 1 } }), Z);
    expect([...there].every((v, i) => Math.abs(v - (normal(21, Z)[i] ?? NaN)) < 1e-6)).toBe(true);
  });

  it('refuses a style of another model', () => {
    const wrong = () => noiseOf(tinyRecipe({ style: { z: [1, 2, 3], strength: 0.5 } }), Z);
    expect(wrong).toThrow(LimnError);
    expect(wrong).toThrow(/3 numbers, the model wants 8/);
  });
});

describe('paint', () => {
  let host: Host;
  beforeAll(async () => {
    ({ host } = await tinyHost());
    await host('load', { model: 'tiny', backend: 'wasm' }, quiet());
  });

  async function paint(recipes: readonly Recipe[]): Promise<Picture[]> {
    const pictures: Picture[] = [];
    await host('paint', { recipes }, { ...quiet(), report: ({ index, picture }) => (pictures[index] = picture) });
    return pictures;
  }

  it('begins at one end and ends at the other, and lies between them between', async () => {
    const at = (text: number) => tinyRecipe({ towards: { ...blue, seed: 7, text, noise: 0 } });
    const pictures = await paint([at(0), at(0.25), at(0.5), at(0.75), at(1), tinyRecipe()]);
    const [alone] = await paint([tinyRecipe({ caption: 'a blue flower' })]);
    const [first, , middle, , last, plain] = pictures.map(({ pixels }) => pixels.data);
    expect(apart(first, plain)).toBeLessThanOrEqual(1);
    expect(apart(last, alone?.pixels.data)).toBeLessThanOrEqual(1);
    expect(apart(middle, first)).toBeGreaterThan(1);
    expect(apart(middle, last)).toBeGreaterThan(1);
    // Every picture keeps the recipe that paints it again.
    const again = await paint(pictures.map(({ recipe }) => recipe));
    for (const [i, { pixels }] of again.entries())
      expect(apart(pixels.data, pictures[i]?.pixels.data)).toBeLessThanOrEqual(1);
  });

  it('paints a style whatever the seed', async () => {
    const [a, b, c] = await paint([tinyRecipe({ style }), tinyRecipe({ style, seed: 1234 }), tinyRecipe()]);
    expect(apart(a?.pixels.data, b?.pixels.data)).toBe(0);
    expect(apart(a?.pixels.data, c?.pixels.data)).toBeGreaterThan(1);
  });

  it('refuses none at all, two models at once, and what is no recipe', async () => {
    const failure = (recipes: readonly unknown[]) =>
      paint(recipes as Recipe[]).then(
        () => 'painted',
        (error: unknown) => (error instanceof LimnError ? error.failure.kind : error),
      );
    expect(await failure([])).toBe('bad-recipe');
    expect(await failure([tinyRecipe(), tinyRecipe({ size: 16 })])).toBe('bad-recipe');
    expect(await failure([tinyRecipe(), { ...tinyRecipe(), seed: -1 }])).toBe('bad-recipe');
    expect(await failure([tinyRecipe({ style: { z: [1], strength: 1 } })])).toBe('bad-recipe');
  });

  it('leaves no tensor behind, whatever way it ends', async () => {
    const two = [tinyRecipe({ towards: { ...blue, text: 0.5 } }), tinyRecipe({ style })];
    await paint(two);
    const { numTensors } = memory();
    for (let i = 0; i < 5; i++) await paint(two);
    await paint([two[0] ?? tinyRecipe(), tinyRecipe({ style: { z: [1], strength: 1 } })]).catch(() => undefined);
    const abort = new AbortController();
    const cut = host('paint', { recipes: two }, { signal: abort.signal, report: () => abort.abort() });
    await cut.catch(() => undefined);
    expect(memory().numTensors).toBe(numTensors);
  });
});

it('remembers the sentences that were read last, and frees the others', () => {
  const before = memory().numTensors;
  const read: string[] = [];
  const sentences = rememberSentences({
    read: (caption) => {
      read.push(caption);
      return scalar(read.length) as unknown as Tensor2D;
    },
  });
  for (let i = 0; i < 40; i++) sentences.of(`caption ${i}`);
  expect(memory().numTensors).toBe(before + 32);
  sentences.of('caption 39');
  sentences.of('caption 8');
  expect(read).toHaveLength(40);
  sentences.of('caption 7');
  expect(read).toHaveLength(41);
  // Using 8 made 9 the oldest.
  sentences.of('caption 8');
  expect(read).toHaveLength(41);
  sentences.dispose();
  expect(memory().numTensors).toBe(before);
});

function apart(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): number {
  if (!a || !b || a.length !== b.length) return NaN;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] ?? NaN) - (b[i] ?? NaN)));
  return most;
}
