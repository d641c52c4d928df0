import { describe, expect, it } from 'vitest';
import type { Rgba } from '../../src/image/pixels.ts';
import { centreSquare, resizeSquare } from '../../src/image/resize.ts';

/** The picture that Pillow was given, too; nothing near black or white, where Pillow clips between its two passes. */
function pattern(width: number, height: number): Rgba {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++)
        data[4 * (y * width + x) + c] = 60 + ((x * x * 3 + y * 17 + x * y * 5 + c * 31) % 130);
      data[4 * (y * width + x) + 3] = 255;
    }
  }
  return { width, height, data };
}

const colours = ({ data }: Rgba): number[] => [...data].filter((_, i) => i % 4 !== 3);
const furthest = (a: readonly number[], b: readonly number[]): number =>
  a.length === b.length ? Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) : Infinity;

describe('resizeSquare', () => {
  it('leaves a picture as it is at its own size', () => {
    const picture = pattern(9, 9);
    expect(resizeSquare(picture, centreSquare(9, 9), 9)).toEqual(picture);
  });

  it('cuts at whole pixels without touching them', () => {
    const found = resizeSquare(pattern(13, 9), { left: 2, top: 0, edge: 9 }, 9);
    const row = (picture: Rgba, y: number, from: number) =>
      picture.data.slice(4 * (y * picture.width + from), 4 * (y * picture.width + from + 9));
    for (let y = 0; y < 9; y++) expect(row(found, y, 0)).toEqual(row(pattern(13, 9), y, 2));
  });

  it.each([1, 4, 64, 100])('keeps one colour one colour, to %d px', (size) => {
    const picture = pattern(31, 17);
    for (let i = 0; i < picture.data.length; i += 4) picture.data.set([200, 3, 77], i);
    const { data } = resizeSquare(picture, centreSquare(31, 17), size);
    expect(data).toHaveLength(4 * size * size);
    for (let i = 0; i < data.length; i += 4) expect([...data.slice(i, i + 4)]).toEqual([200, 3, 77, 255]);
  });

  // Pillow 13.0: Image.resize((size, size), Image.LANCZOS, box=(left, top, left + edge, top + edge)).
  it('shrinks as Pillow does, within 2 of 255', () => {
    const found = resizeSquare(pattern(13, 9), { left: 2, top: 0, edge: 9 }, 4);
    const expected = [
      [105, 138, 150, 138, 127, 105, 128, 115, 119, 140, 105, 137],
      [148, 137, 124, 135, 120, 116, 140, 119, 121, 133, 96, 135],
      [119, 118, 136, 120, 116, 139, 108, 143, 106, 125, 124, 123],
      [127, 143, 113, 120, 124, 132, 136, 126, 114, 134, 139, 120],
    ];
    expect(furthest(colours(found), expected.flat())).toBeLessThanOrEqual(2);
  });

  it('enlarges as Pillow does, within 2 of 255', () => {
    const found = resizeSquare(pattern(5, 4), centreSquare(5, 4), 6);
    const expected = [
      [59, 90, 121, 62, 93, 124, 67, 98, 130, 73, 104, 133, 85, 116, 143, 101, 129, 170],
      [67, 98, 128, 71, 102, 130, 78, 110, 133, 86, 114, 156, 99, 127, 174, 114, 156, 140],
      [81, 113, 145, 89, 120, 157, 99, 129, 166, 109, 144, 182, 125, 162, 170, 150, 167, 97],
      [93, 124, 157, 103, 134, 179, 115, 140, 206, 125, 174, 167, 145, 190, 94, 178, 121, 92],
      [107, 138, 150, 121, 152, 111, 134, 173, 128, 157, 167, 120, 171, 131, 90, 145, 100, 123],
      [115, 145, 139, 130, 161, 50, 142, 196, 52, 176, 151, 92, 185, 74, 121, 110, 104, 147],
    ];
    expect(furthest(colours(found), expected.flat())).toBeLessThanOrEqual(2);
  });

  it('lays what is transparent on white', () => {
    const data = Uint8ClampedArray.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 51, 0, 0, 0, 255);
    const { data: out } = resizeSquare({ width: 2, height: 2, data }, centreSquare(2, 2), 2);
    expect([...out]).toEqual([255, 255, 255, 255, 255, 255, 255, 255, 255, 204, 204, 255, 0, 0, 0, 255]);
  });

  it('takes a single pixel', () => {
    const picture: Rgba = { width: 1, height: 1, data: Uint8ClampedArray.of(9, 8, 7, 255) };
    expect(colours(resizeSquare(picture, centreSquare(1, 1), 3))).toEqual(Array<number[]>(9).fill([9, 8, 7]).flat());
  });
});

it('finds the square in the middle, between pixels too', () => {
  expect(centreSquare(300, 200)).toEqual({ left: 50, top: 0, edge: 200 });
  expect(centreSquare(4, 7)).toEqual({ left: 0, top: 1.5, edge: 4 });
});
