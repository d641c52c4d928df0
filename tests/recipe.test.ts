import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LimnError } from '../src/failure.ts';
import {
  cleanCaption,
  defaultRecipe,
  normaliseSeed,
  parseRecipe,
  parseStyle,
  pictureRecipe,
  roundZ,
} from '../src/recipe.ts';
import { recipes } from './support/recipes.ts';

const good = defaultRecipe();

describe('parseRecipe', () => {
  it('takes back what it gave, through JSON', () => {
    expect(parseRecipe(good)).toEqual(good);
    fc.assert(
      fc.property(recipes, (recipe) => {
        expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
      }),
    );
  });

  it('holds the ends of every range', () => {
    for (const seed of [0, 2 ** 32 - 1]) expect(parseRecipe({ ...good, seed }).seed).toBe(seed);
    for (const truncation of [0, 1.5]) expect(parseRecipe({ ...good, truncation }).truncation).toBe(truncation);
    for (const size of [0, 4096]) expect(parseRecipe({ ...good, size }).size).toBe(size);
    expect(parseRecipe({ ...good, caption: 'a'.repeat(1000) }).caption).toHaveLength(1000);
    expect(Object.is(parseRecipe({ ...good, seed: -0, truncation: -0 }).seed, 0)).toBe(true);
  });

  it.each([
    ['version', 2],
    ['version', '1'],
    ['version', undefined],
    ['model', ''],
    ['model', 'https://evil.example/model'],
    ['model', 'javascript:alert(1)'],
    ['model', '../flowers'],
    ['model', '__proto__'],
    ['model', 'a'.repeat(65)],
    ['model', 7],
    ['caption', ''],
    ['caption', ' \u0000 '],
    ['caption', 'a'.repeat(1001)],
    ['caption', 'a'.repeat(102_400)],
    ['caption', ['a']],
    ['seed', -1],
    ['seed', 2 ** 32],
    ['seed', 0.5],
    ['seed', NaN],
    ['seed', Infinity],
    ['seed', '7'],
    ['truncation', -0.01],
    ['truncation', 1.51],
    ['truncation', NaN],
    ['truncation', Infinity],
    ['truncation', null],
    ['truncation', '1'],
    ['size', -1],
    ['size', 64.5],
    ['size', 4097],
    ['size', Array.from({ length: 10_000 }, () => 0)],
    ['style', null],
    ['style', [1, 2]],
    ['towards', 'a blue flower'],
    ['towards', []],
  ])('refuses %s = %j', (key, value) => {
    const failure = failureOf(() => parseRecipe({ ...good, [key]: value }));
    expect(failure).toMatchObject({
      kind: 'bad-recipe',
      detail: expect.stringMatching(new RegExp(`^${key}: `)) as string,
    });
    expect(JSON.stringify(failure).length).toBeLessThan(200);
  });

  it.each([null, undefined, 7, 'text', [], [good], () => good])('refuses %j', (value) => {
    expect(failureOf(() => parseRecipe(value)).kind).toBe('bad-recipe');
  });

  it('looks at own properties only, and lets none ride along', () => {
    expect(failureOf(() => parseRecipe(Object.create(good))).kind).toBe('bad-recipe');
    const loaded: unknown = JSON.parse(
      `{"__proto__":{"admin":true},"constructor":1,"extra":2,${JSON.stringify(good).slice(1)}`,
    );
    expect(Object.keys(parseRecipe(loaded)).sort()).toEqual(Object.keys(good).sort());
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('never throws anything but bad-recipe', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ version: fc.constant(1), model: fc.anything() })), (value) => {
        try {
          parseRecipe(value);
        } catch (error) {
          expect(error).toBeInstanceOf(LimnError);
        }
      }),
    );
  });
});

describe('styles and other ends', () => {
  const style = { z: [1, -2.5, 0], strength: 0.5 };
  const towards = { caption: 'a blue flower', seed: 3, text: 0.25, noise: 1 };

  it('are part of a recipe, and let none ride along', () => {
    const recipe = { ...good, style, towards: { ...towards, style } };
    const extra = { ...recipe, style: { ...style, name: 'mine' }, towards: { ...towards, style, extra: 1 } };
    expect(parseRecipe(extra)).toEqual(recipe);
    expect(parseRecipe(good)).not.toHaveProperty('style');
  });

  it.each([
    ['style.z', { ...good, style: { z: [], strength: 1 } }],
    ['style.z', { ...good, style: { z: Array.from({ length: 1025 }, () => 0), strength: 1 } }],
    ['style.z', { ...good, style: { z: [0, NaN], strength: 1 } }],
    ['style.z', { ...good, style: { z: [0, 8.1], strength: 1 } }],
    ['style.z', { ...good, style: { z: [0, , 1], strength: 1 } }],
    ['style.z', { ...good, style: { z: ['1'], strength: 1 } }],
    ['style.z', { ...good, style: { z: { length: 3 }, strength: 1 } }],
    ['style.strength', { ...good, style: { z: [0], strength: 1.01 } }],
    ['style.strength', { ...good, style: { z: [0] } }],
    ['towards.caption', { ...good, towards: { ...towards, caption: ' ' } }],
    ['towards.seed', { ...good, towards: { ...towards, seed: -1 } }],
    ['towards.text', { ...good, towards: { ...towards, text: -0.1 } }],
    ['towards.noise', { ...good, towards: { ...towards, noise: Infinity } }],
    ['style.strength', { ...good, towards: { ...towards, style: { z: [1], strength: NaN } } }],
  ])('%s is checked', (key, recipe) => {
    const failure = failureOf(() => parseRecipe(recipe));
    expect(failure).toMatchObject({ kind: 'bad-recipe', detail: expect.stringContaining(`${key}: `) as string });
  });

  it('hold z in steps that survive a link and a file', () => {
    expect(roundZ([0.1, -9, 9, NaN, -0])).toEqual([410 / 4096, -8, 8 - 1 / 4096, 0, 0]);
    const z = roundZ(Array.from({ length: 100 }, (_, i) => Math.sin(i) * 3));
    expect(roundZ(z)).toEqual(z);
    expect(parseStyle(JSON.parse(JSON.stringify({ z, strength: 1 })))).toEqual({ z, strength: 1 });
  });
});

describe('captions', () => {
  it('lose lone surrogates, NUL and control characters, and keep everything else', () => {
    expect(cleanCaption(' a\ud800b\u0000c\nd\u{1f338}é ')).toBe('a b c d\u{1f338}é');
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/\p{Surrogate}|\p{Cc}/u.test(cleanCaption(text))));
  });
});

describe('seeds', () => {
  it.each([
    [7.9, 7],
    [-1, 2 ** 32 - 1],
    [2 ** 32, 0],
    [2 ** 32 + 5, 5],
    [-0, 0],
    [NaN, 0],
    [Infinity, 0],
    [1e300, 0],
  ])('%d → %d', (value, seed) => {
    expect(normaliseSeed(value)).toBe(seed);
  });
  it('go round modulo 2³² from picture to picture', () => {
    const last = { ...good, seed: 2 ** 32 - 1 };
    expect([0, 1, 2].map((i) => pictureRecipe(last, i).seed)).toEqual([2 ** 32 - 1, 0, 1]);
    expect(pictureRecipe(last, 1)).toEqual({ ...last, seed: 0 });
  });
});

function failureOf(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof LimnError) return error.failure;
    throw error;
  }
  throw new Error('expected a failure');
}
