/** Where a word is heard, in words: on maps of 32×32, whose ninths are not of one size. */
import { expect, it } from 'vitest';
import { whereHeard } from '../../src/panels/cascade/listening.ts';

const EDGE = 32;

const map = (value: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: EDGE * EDGE }, (_, i) => value(i % EDGE, Math.floor(i / EDGE)));
const where = (value: (x: number, y: number) => number) => whereHeard(map(value), EDGE, EDGE);

it('calls an even map even, however many places its ninths have', () => {
  expect(where(() => 0.1)).toBe('about evenly');
  expect(where((x) => (x < 11 ? 0.102 : 0.1))).toBe('about evenly');
  expect(where(() => 0)).toBe('about evenly');
});

it('finds the ninth that is a fifth stronger, the smallest of them too', () => {
  expect(where((x, y) => (x > 21 && y > 21 ? 0.12 : 0.1))).toBe('most at the bottom right');
  expect(where((x, y) => (x < 11 && y < 11 ? 0.12 : 0.1))).toBe('most at the top left');
});

it('tells the middle, the sides and the edges', () => {
  const near = (a: number, b: number) => where((x, y) => Math.exp(-(((x - a) / 6) ** 2) - ((y - b) / 6) ** 2));
  expect(near(15.5, 15.5)).toBe('most in the middle');
  expect(near(2, 15.5)).toBe('most on the left');
  expect(near(29, 15.5)).toBe('most on the right');
  expect(near(15.5, 2)).toBe('most at the top');
  expect(near(15.5, 29)).toBe('most at the bottom');
});
