/** Cuts a square out of a picture and brings it to a network's size, alike in every browser and under Node. */
import type { Rgba } from './pixels.ts';

/** In the picture's pixels; it may lie between them. */
export interface Square {
  readonly left: number;
  readonly top: number;
  readonly edge: number;
}

/** The largest square in the middle. */
export function centreSquare(width: number, height: number): Square {
  const edge = Math.min(width, height);
  return { left: (width - edge) / 2, top: (height - edge) / 2, edge };
}

/** Lobes of the Lanczos window, as in the library that prepared the training photographs. */
const LOBES = 3;

/** picture → size×size, opaque: what is transparent lies on white, since a network knows no holes. Lanczos, both ways. */
export function resizeSquare(picture: Rgba, square: Square, size: number): Rgba {
  const { width, height, data } = picture;
  const columns = weights(square.left, square.edge, width, size);
  const rows = weights(square.top, square.edge, height, size);
  // Only the rows that are looked at.
  const first = Math.min(...rows.map(({ from }) => from));
  const last = Math.max(...rows.map(({ from, share }) => from + share.length));
  const wide = new Float32Array((last - first) * size * 3);
  for (let y = first; y < last; y++) {
    for (const [x, { from, share }] of columns.entries()) {
      const at = 3 * ((y - first) * size + x);
      for (const [i, w] of share.entries()) {
        const pixel = 4 * (y * width + from + i);
        const alpha = (data[pixel + 3] ?? 255) / 255;
        for (let c = 0; c < 3; c++) {
          wide[at + c] = (wide[at + c] ?? 0) + w * (alpha * (data[pixel + c] ?? 0) + (1 - alpha) * 255);
        }
      }
    }
  }
  const out = new Uint8ClampedArray(4 * size * size).fill(255);
  for (const [y, { from, share }] of rows.entries()) {
    for (let x = 0; x < size; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (const [i, w] of share.entries()) sum += w * (wide[3 * ((from + i - first) * size + x) + c] ?? 0);
        out[4 * (y * size + x) + c] = sum;
      }
    }
  }
  return { width: size, height: size, data: out };
}

interface Weights {
  readonly from: number;
  /** Of the pixels from there on; they sum to 1. */
  readonly share: readonly number[];
}

/** How the pixels of a line [0,length) make up each of `size` new ones that span [start,start+edge). */
function weights(start: number, edge: number, length: number, size: number): Weights[] {
  const scale = edge / size;
  const reach = LOBES * Math.max(1, scale);
  return Array.from({ length: size }, (_, i) => {
    const centre = start + (i + 0.5) * scale;
    const from = Math.max(0, Math.floor(centre - reach));
    const to = Math.min(length, Math.ceil(centre + reach));
    const raw = Array.from({ length: to - from }, (_, j) => lanczos((from + j + 0.5 - centre) / Math.max(1, scale)));
    const sum = raw.reduce((a, b) => a + b, 0);
    return { from, share: raw.map((w) => w / sum) };
  });
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const t = Math.PI * x;
  return (LOBES * Math.sin(t) * Math.sin(t / LOBES)) / (t * t);
}
