/** From what a network paints to bytes, and enlarging without blur. */
import { LimnError } from '../failure.ts';

/** RGBA, 8 bits a channel, row by row from the top left; data has 4·width·height bytes. */
export interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * values [height, width, 3] (`interleaved`, as tensors are here) or [3, height, width] (`planar`, as PyTorch has them),
 * nominally −1 to 1, → opaque RGBA. A byte is ⌊127.5·(v + 1) + ½⌋ with v clamped to [−1, 1]: −1 → 0, 0 → 128, 1 → 255,
 * halves up. A NaN or an infinity is no colour: throws `wrong-numbers` rather than painting a wrong picture.
 */
export function toRgba(
  values: Float32Array,
  width: number,
  height: number,
  layout: 'interleaved' | 'planar' = 'interleaved',
): Rgba {
  const area = width * height;
  if (values.length !== 3 * area) {
    throw new Error(`toRgba: expected 3·${width}·${height} = ${3 * area} values, found ${values.length}`);
  }
  const [pixel, plane] = layout === 'interleaved' ? [3, 1] : [1, area];
  const data = new Uint8ClampedArray(4 * area);
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) data[4 * i + c] = toByte(values[i * pixel + c * plane] ?? NaN);
    data[4 * i + 3] = 255;
  }
  return { width, height, data };
}

function toByte(v: number): number {
  if (!Number.isFinite(v)) throw new LimnError({ kind: 'wrong-numbers', detail: `a colour came out as ${v}` });
  return Math.floor(127.5 * (Math.min(1, Math.max(-1, v)) + 1) + 0.5);
}

/** Every pixel as a square of factor × factor. */
export function enlarge(picture: Rgba, factor: number): Rgba {
  if (!Number.isInteger(factor) || factor < 1) throw new Error(`enlarge: expected a whole factor, found ${factor}`);
  const [width, height] = [picture.width * factor, picture.height * factor];
  // One 32-bit word is one pixel, whatever the machine's byte order: words are only moved.
  const from = new Uint32Array(picture.data.slice().buffer);
  const data = new Uint8ClampedArray(4 * width * height);
  const to = new Uint32Array(data.buffer);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / factor) * picture.width;
    for (let x = 0; x < width; x++) to[y * width + x] = from[row + Math.floor(x / factor)] ?? 0;
  }
  return { width, height, data };
}
