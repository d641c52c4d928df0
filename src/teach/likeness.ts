/** Whether two pictures are the same one, saved twice. */
import type { Rgba } from '../image/pixels.ts';

/** Means of colour in a grid of CELLS × CELLS, three a cell. */
export type Likeness = Uint8ClampedArray;

const CELLS = 8;
/** Levels of 255 that another way of saving may move a mean by. */
const SLACK = 4;

/** A square picture of CELLS pixels or more → what is compared. */
export function likenessOf({ width, height, data }: Rgba): Likeness {
  const likeness = new Uint8ClampedArray(3 * CELLS * CELLS);
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      const [top, bottom] = [edge(row, height), edge(row + 1, height)];
      const [left, right] = [edge(column, width), edge(column + 1, width)];
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) sum += data[4 * (y * width + x) + c] ?? 0;
        }
        likeness[3 * (row * CELLS + column) + c] = sum / ((bottom - top) * (right - left));
      }
    }
  }
  return likeness;
}

export function alike(a: Likeness, b: Likeness): boolean {
  return a.every((level, i) => Math.abs(level - (b[i] ?? 0)) <= SLACK);
}

const edge = (cell: number, length: number) => Math.floor((cell * length) / CELLS);
