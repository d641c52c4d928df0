/** A contact sheet: pictures side by side on paper, as one picture. */
import type { Rgba } from './pixels.ts';

export interface Placed {
  readonly picture: Rgba;
  /** Of its top left corner. */
  readonly left: number;
  readonly top: number;
}

/** Paper of this size and colour with each picture on it, in their order; what lies beside the paper is cut off. */
export function sheetOf(
  { width, height }: { readonly width: number; readonly height: number },
  placed: readonly Placed[],
  paper: readonly [red: number, green: number, blue: number] = [255, 255, 255],
): Rgba {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < data.length; i++) data[i] = paper[i % 4] ?? 255;
  for (const { picture, left, top } of placed) {
    const last = Math.min(width - left, picture.width);
    for (let y = Math.max(0, -top); y < Math.min(height - top, picture.height); y++) {
      for (let x = Math.max(0, -left); x < last; x++) {
        const [from, to] = [4 * (y * picture.width + x), 4 * ((top + y) * width + left + x)];
        const alpha = (picture.data[from + 3] ?? 255) / 255;
        for (let c = 0; c < 3; c++) {
          data[to + c] = alpha * (picture.data[from + c] ?? 0) + (1 - alpha) * (data[to + c] ?? 0);
        }
      }
    }
  }
  return { width, height, data };
}
