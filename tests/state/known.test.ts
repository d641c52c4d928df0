import { expect, it } from 'vitest';
import { defaultRecipe } from '../../src/recipe.ts';
import { rememberPictures } from '../../src/state/known.ts';

const pixels = (bytes: number) => ({ width: 1, height: bytes / 4, data: new Uint8ClampedArray(bytes) });
const recipe = (seed: number) => ({ ...defaultRecipe(), seed });

it('finds a picture by everything that makes it', () => {
  const known = rememberPictures();
  const one = pixels(4);
  known.keep(recipe(1), one);
  expect(known.find(recipe(1))).toBe(one);
  for (const other of [
    { seed: 2 },
    { caption: 'another' },
    { truncation: 0.5 },
    { size: 64 },
    { model: 'birds' },
    { style: { z: [1], strength: 1 } },
    { towards: { caption: 'x', seed: 1, text: 0, noise: 0 } },
  ]) {
    expect(known.find({ ...recipe(1), ...other })).toBeUndefined();
  }
});

it('keeps within its bytes: what was looked at longest ago goes first', () => {
  const known = rememberPictures(40);
  for (let seed = 1; seed <= 4; seed++) known.keep(recipe(seed), pixels(10 * 4 - 28));
  // 4 × 12 bytes are more than 40.
  expect(known.find(recipe(1))).toBeUndefined();
  known.find(recipe(2));
  known.keep(recipe(5), pixels(12));
  expect([2, 3, 4, 5].map((seed) => known.find(recipe(seed)) !== undefined)).toEqual([true, false, true, true]);
  // Painted again, it does not count twice.
  for (let i = 0; i < 100; i++) known.keep(recipe(5), pixels(12));
  expect(known.find(recipe(2))).toBeDefined();
  // One that is larger than all of it is still shown.
  known.keep(recipe(6), pixels(400));
  expect(known.find(recipe(6))).toBeDefined();
});
