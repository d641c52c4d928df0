import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFloat32 } from '../../../src/engine/weights/decode.ts';
import { rawFloat16, rawFloat32, toHalf } from '../../../src/engine/weights/encode.ts';

const value = (half: number): number => {
  const bytes = new Uint8Array(Uint16Array.of(half).buffer);
  return toFloat32({ dtype: 'F16', shape: [1], bytes }, 'x', 'a test')[0]!;
};

describe('float16', () => {
  it('comes back as it went, for every finite one', () => {
    const halves = Array.from({ length: 65536 }, (_, i) => i).filter((half) => (half & 0x7c00) !== 0x7c00);
    expect(halves.filter((half) => toHalf(value(half)) !== half)).toEqual([]);
  });

  it('is the nearest one, and of two as near the even one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7bfe }), fc.double({ min: 0, max: 1, noNaN: true }), (half, t) => {
        const [low, high] = [value(half), value(half + 1)];
        const x = Math.fround(low + t * (high - low));
        const middle = (low + high) / 2;
        const expected = x < middle ? half : x > middle ? half + 1 : half + (half % 2);
        expect(toHalf(x)).toBe(expected);
        expect(toHalf(-x)).toBe(expected | 0x8000);
      }),
    );
  });

  it('has no number beyond its range, and keeps NaN', () => {
    expect([65504, 65519.9, 65520, Infinity, -Infinity].map(toHalf)).toEqual([0x7bff, 0x7bff, 0x7c00, 0x7c00, 0xfc00]);
    expect(toHalf(NaN)).toBe(0x7e00);
  });
});

it('stores a view’s own numbers and no others', () => {
  const view = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
  expect(toFloat32(rawFloat32([2], view), 'x', 'a test')).toEqual(Float32Array.of(1, 2));
  expect(toFloat32(rawFloat16([2], view), 'x', 'a test')).toEqual(Float32Array.of(1, 2));
});
