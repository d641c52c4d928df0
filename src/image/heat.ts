/** Numbers over a picture as colours, and where two pictures differ. */
import type { Rgba } from './pixels.ts';

/**
 * Viridis (van der Walt and Smith 2015), every tenth of the way: its lightness rises evenly, so that it reads the same
 * without colour, and for eyes that tell red from green badly.
 */
const VIRIDIS = [
  [68, 1, 84],
  [72, 36, 117],
  [65, 68, 135],
  [53, 95, 141],
  [42, 120, 142],
  [33, 145, 140],
  [34, 168, 132],
  [68, 191, 112],
  [122, 209, 81],
  [189, 223, 38],
  [253, 231, 37],
] as const;

/** 0 to 1, dark to light → [r,g,b], 0 to 255; what lies outside is brought to the nearer end */
export function viridis(value: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, value)) * (VIRIDIS.length - 1);
  const below = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const mix = (c: 0 | 1 | 2): number => {
    const [a, b] = [VIRIDIS[below]?.[c] ?? 0, VIRIDIS[below + 1]?.[c] ?? 0];
    return Math.round(a + (at - below) * (b - a));
  };
  return [mix(0), mix(1), mix(2)];
}

/** values [height,width] → their colours, `most` (above 0) and more the lightest */
export function heat(values: ArrayLike<number>, width: number, height: number, most: number): Rgba {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) data.set([...viridis((values[i] ?? 0) / most), 255], 4 * i);
  return { width, height, data };
}

export interface Difference {
  /** A pixel's mean over its three channels, 0 to 255, [height,width] */
  readonly values: Float32Array;
  readonly mean: number;
  /** Part of the pixels that a person may notice, 0 to 1. */
  readonly noticed: number;
}

/** Levels of 255 from which on a person looking for it sees a difference. */
const NOTICEABLE = 10;

/** Of two pictures of one size. */
export function differenceOf(a: Rgba, b: Rgba): Difference {
  if (a.width !== b.width || a.height !== b.height) throw new Error('two pictures of different sizes');
  const values = new Float32Array(a.width * a.height);
  let [sum, noticed] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    let apart = 0;
    for (let c = 0; c < 3; c++) apart += Math.abs((a.data[4 * i + c] ?? NaN) - (b.data[4 * i + c] ?? NaN)) / 3;
    values[i] = apart;
    sum += apart;
    if (apart >= NOTICEABLE) noticed += 1;
  }
  return { values, mean: sum / values.length, noticed: noticed / values.length };
}
