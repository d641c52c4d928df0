import { expect, it } from 'vitest';
import { collapse, faultIn } from '../../src/learn/watch.ts';

const seen = { lossCritic: 3, lossGenerator: -0.4, anchor: 0.01, realRight: 1, fakeRight: 0.5, wrongRight: 0.2 };

it.each([
  ['sound figures', seen, undefined],
  ['a NaN', { ...seen, lossGenerator: NaN }, /no numbers/],
  ['an infinity', { ...seen, anchor: Infinity }, /no numbers/],
  ['a loss beyond all measure', { ...seen, lossCritic: 1e4 }, /beyond all measure/],
  ['a loss beyond all measure below zero', { ...seen, lossGenerator: -1e4 }, /beyond all measure/],
])('judges %s', (_what, found, expected) => {
  if (expected) expect(faultIn(found)).toMatch(expected);
  else expect(faultIn(found)).toBeUndefined();
});

it('calls it a collapse where pictures of one caption are nearly the same, and not before', () => {
  expect(collapse(0.3, 0.4)).toBeUndefined();
  expect(collapse(0.07, 0.4)).toBeUndefined();
  expect(collapse(0.05, 0.4)).toMatch(/the same/);
  expect(collapse(NaN, 0.4)).toMatch(/the same/);
});
