import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enlarge, toRgba } from '../../src/image/pixels.ts';

const one = (v: number) => toRgba(Float32Array.of(v, v, v), 1, 1).data[0];

describe('toRgba', () => {
  it.each([
    [-1, 0],
    [0, 128], // 127.5, up
    [1, 255],
    [-2, 0],
    [1.001, 255],
    [-1 + 0.5 / 127.5 + 1e-6, 1], // just over half a step
    [-1 + 0.5 / 127.5 - 1e-6, 0],
    [0.5, 191], // 191.25
  ])('%d → %d', (value, byte) => {
    expect(one(value)).toBe(byte);
  });

  it('rises with its value and gives each byte back for its own middle', () => {
    const bytes = Float32Array.from({ length: 256 }, (_, b) => b / 127.5 - 1);
    const grey = Float32Array.from({ length: 768 }, (_, i) => bytes[Math.floor(i / 3)]!);
    const { data } = toRgba(grey, 256, 1);
    expect([...data].filter((_, i) => i % 4 === 0)).toEqual([...Array(256).keys()]);
  });

  it('reads both layouts, and every pixel is opaque', () => {
    const interleaved = Float32Array.of(-1, 0, 1, 1, 1, -1);
    const planar = Float32Array.of(-1, 1, 0, 1, 1, -1);
    const expected = [0, 128, 255, 255, 255, 255, 0, 255];
    expect([...toRgba(interleaved, 2, 1).data]).toEqual(expected);
    expect([...toRgba(planar, 2, 1, 'planar').data]).toEqual(expected);
  });

  it.each([NaN, Infinity, -Infinity])('%d is no colour', (value) => {
    expect(() => one(value)).toThrow('computes wrongly');
  });

  it('refuses another size', () => {
    expect(() => toRgba(new Float32Array(11), 2, 2)).toThrow('3·2·2 = 12 values, found 11');
  });
});

describe('enlarge', () => {
  it('makes each pixel a square', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.uint8ClampedArray({ minLength: 100, maxLength: 100 }),
        (width, height, factor, bytes) => {
          const small = { width, height, data: new Uint8ClampedArray(bytes.slice(0, 4 * width * height)) };
          const large = enlarge(small, factor);
          expect([large.width, large.height]).toEqual([width * factor, height * factor]);
          for (let y = 0; y < large.height; y++) {
            for (let x = 0; x < large.width; x++) {
              const from = 4 * (Math.floor(y / factor) * width + Math.floor(x / factor));
              const at = 4 * (y * large.width + x);
              expect(large.data.slice(at, at + 4)).toEqual(small.data.slice(from, from + 4));
            }
          }
        },
      ),
    );
  });
  it.each([0, 1.5, -1, NaN])('refuses a factor of %d', (factor) => {
    expect(() => enlarge({ width: 1, height: 1, data: new Uint8ClampedArray(4) }, factor)).toThrow('whole factor');
  });
});
