/** The one colour by which a picture would be told from its neighbours. */
import type { Rgba } from './pixels.ts';

/** A mean in which strong colours, and those near the middle, count most; [r, g, b], 0 to 255. */
export function vividColour({ width, height, data }: Rgba): readonly [number, number, number] {
  const sum = [0, 0, 0];
  let weights = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      const [r = 0, g = 0, b = 0] = data.subarray(at, at + 3);
      const strength = Math.max(r, g, b) - Math.min(r, g, b);
      const aside = Math.hypot((2 * x + 1) / width - 1, (2 * y + 1) / height - 1);
      // + 8: a white flower has a colour, too.
      const weight = (strength + 8) ** 2 * Math.exp(-4 * aside ** 2);
      sum[0] = (sum[0] ?? 0) + weight * r;
      sum[1] = (sum[1] ?? 0) + weight * g;
      sum[2] = (sum[2] ?? 0) + weight * b;
      weights += weight;
    }
  }
  const [r = 0, g = 0, b = 0] = sum.map((value) => Math.round(value / (weights || 1)));
  return [r, g, b];
}
