import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shiftOf } from '../../src/text/new-words.ts';

const LENGTH = 128;
const norm = (x: Float32Array): number => Math.hypot(...x);
const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0) / norm(a) / norm(b);

it('moves every sentence half its length, whatever the words, in whatever order, however often', () => {
  const words = fc.array(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(words, (said) => {
      const shift = shiftOf(said, LENGTH);
      // Words that are not alike stand nearly upright on each other, so that their sum is about as long as one.
      expect(norm(shift)).toBeGreaterThan(0.5 * 0.6 * Math.sqrt(LENGTH));
      expect(norm(shift)).toBeLessThan(0.5 * 1.4 * Math.sqrt(LENGTH));
      const again = shiftOf([...said, ...said].reverse(), LENGTH);
      for (const [i, value] of again.entries()) expect(value).toBeCloseTo(shift[i]!, 5);
    }),
    { numRuns: 50 },
  );
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
