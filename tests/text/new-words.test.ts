import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isTeachable, shiftOf } from '../../src/text/new-words.ts';

const LENGTH = 128;
const norm = (x: Float32Array): number => Math.hypot(...x);
const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0) / norm(a) / norm(b);

it('goes the same way for a word in whatever order and company, however often it is said', () => {
  const words = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(words, (said) => {
      const shift = shiftOf(said, LENGTH);
      const alone = said.map((word) => shiftOf([word], LENGTH));
      for (const one of alone) expect(norm(one)).toBeCloseTo(1.5 * Math.sqrt(LENGTH), 3);
      for (const [i, value] of shift.entries()) {
        expect(value).toBeCloseTo(
          alone.reduce((sum, one) => sum + one[i]!, 0),
          4,
        );
      }
      const again = shiftOf([...said, ...said].reverse(), LENGTH);
      for (const [i, value] of again.entries()) expect(value).toBeCloseTo(shift[i]!, 4);
    }),
    { numRuns: 50 },
  );
});

it('goes no further for a hundred words than for four', () => {
  const many = Array.from({ length: 100 }, (_, i) => `word${i}`);
  expect(norm(shiftOf(many, LENGTH))).toBeLessThan(1.5 * norm(shiftOf(many.slice(0, 4), LENGTH)));
});

it('is what models that people have taught were taught by', () => {
  const found = [...shiftOf(['paper'], 128)].slice(0, 4);
  for (const [i, value] of [1.467659, -0.666044, 1.616561, 1.365648].entries()) expect(found[i]).toBeCloseTo(value, 5);
});

it('what says nothing by itself is not taught', () => {
  expect(['in', 'by', 'the', 'like', 'x'.repeat(65)].filter(isTeachable)).toEqual([]);
  expect(['paper', 'style', 'cartoon', 'drawn'].every(isTeachable)).toBe(true);
});

it('moves it another way for every word', () => {
  for (const other of ['papers', 'stone', 'repap', 'PAPER']) {
    expect(Math.abs(cosine(shiftOf(['paper'], LENGTH), shiftOf([other], LENGTH)))).toBeLessThan(0.35);
  }
  expect(cosine(shiftOf(['paper'], LENGTH), shiftOf(['paper', 'stone'], LENGTH))).toBeGreaterThan(0.5);
});

it('does not move for no words', () => {
  expect(shiftOf([], 4)).toEqual(new Float32Array(4));
});
