/** Pictures of cut paper, layer over layer: what colour each point has, drawn with soft edges. */
import type { Rgba } from '../image/pixels.ts';

export interface Sample {
  readonly name: string;
  readonly caption: string;
  readonly pixels: Rgba;
}

export type Colour = readonly [red: number, green: number, blue: number];

/** Edge in pixels. */
const SIZE = 96;
/** Along an edge, for each pixel. */
const SAMPLES = 2;

/** colourAt: x and y in [0,1), from the left and the top */
export function cutPaper(colourAt: (x: number, y: number) => Colour): Rgba {
  const data = new Uint8ClampedArray(4 * SIZE * SIZE).fill(255);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const sum = [0, 0, 0];
      for (let i = 0; i < SAMPLES * SAMPLES; i++) {
        const colour = colourAt(
          (x + ((i % SAMPLES) + 0.5) / SAMPLES) / SIZE,
          (y + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES) / SIZE,
        );
        for (const [c, level] of colour.entries()) sum[c] = (sum[c] ?? 0) + level;
      }
      for (const [c, total] of sum.entries()) data[4 * (y * SIZE + x) + c] = total / SAMPLES ** 2;
    }
  }
  return { width: SIZE, height: SIZE, data };
}

export const shaded = (colour: Colour, by: number): Colour => [colour[0] * by, colour[1] * by, colour[2] * by];

/** The index goes round. */
export function pick<T>(of: readonly T[], index: number): T {
  const found = of[index % of.length];
  if (found === undefined) throw new Error('pick: nothing to pick from');
  return found;
}
