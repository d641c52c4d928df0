import { describe, expect, it } from 'vitest';
import type { Rgba } from '../../src/image/pixels.ts';
import { sheetOf } from '../../src/image/sheet.ts';
import { linesOf } from '../../src/ui/text-pixels.ts';

const plain = (width: number, height: number, ...colour: number[]): Rgba => ({
  width,
  height,
  data: new Uint8ClampedArray(4 * width * height).map((_, i) => colour[i % 4] ?? 255),
});
const at = ({ data, width }: Rgba, x: number, y: number) => [
  ...data.slice(4 * (y * width + x), 4 * (y * width + x) + 4),
];

describe('a contact sheet', () => {
  it('has each picture at its place, on paper', () => {
    const sheet = sheetOf(
      { width: 5, height: 3 },
      [
        { picture: plain(2, 2, 200, 0, 0), left: 1, top: 0 },
        { picture: plain(2, 2, 0, 0, 200, 51), left: 3, top: 1 },
      ],
      [250, 240, 230],
    );
    expect(at(sheet, 0, 0)).toEqual([250, 240, 230, 255]);
    expect(at(sheet, 1, 0)).toEqual([200, 0, 0, 255]);
    expect(at(sheet, 2, 1)).toEqual([200, 0, 0, 255]);
    expect(at(sheet, 2, 2)).toEqual([250, 240, 230, 255]);
    // One fifth of it covers the paper.
    expect(at(sheet, 3, 1)).toEqual([200, 192, 224, 255]);
  });

  it('cuts off what lies beside the paper', () => {
    const sheet = sheetOf({ width: 2, height: 2 }, [{ picture: plain(4, 4, 9, 9, 9), left: -3, top: -3 }]);
    expect(at(sheet, 0, 0)).toEqual([9, 9, 9, 255]);
    expect(at(sheet, 1, 1)).toEqual([255, 255, 255, 255]);
    expect(sheetOf({ width: 2, height: 2 }, [{ picture: plain(1, 1, 0), left: 7, top: 7 }]).data).toHaveLength(16);
  });
});

describe('words in lines', () => {
  const fits = (most: number) => (line: string) => line.length <= most;

  it('break between words, and end in an ellipsis where there is no room', () => {
    expect(linesOf('a red flower', fits(20), 3)).toEqual(['a red flower']);
    expect(linesOf('a red flower with petals', fits(9), 3)).toEqual(['a red', 'flower', 'with…']);
    expect(linesOf('  many   spaces ', fits(6), 3)).toEqual(['many', 'spaces']);
  });

  it('cut a word that fits in no line; no words are no lines', () => {
    expect(linesOf('abcdefghij', fits(5), 2)).toEqual(['abcd…']);
    expect(linesOf('', fits(5), 2)).toEqual([]);
  });
});
