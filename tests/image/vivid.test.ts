import { expect, it } from 'vitest';
import type { Rgba } from '../../src/image/pixels.ts';
import { vividColour } from '../../src/image/vivid.ts';

const painted = (colour: (x: number, y: number) => readonly number[]): Rgba => ({
  width: 8,
  height: 8,
  data: new Uint8ClampedArray(Array.from({ length: 64 }, (_, i) => [...colour(i % 8, i >> 3), 255]).flat()),
});

it('is the colour of what stands in the middle, not of the grey around it', () => {
  const inside = (x: number, y: number) => Math.hypot(x - 3.5, y - 3.5) < 2;
  const [r, g, b] = vividColour(painted((x, y) => (inside(x, y) ? [240, 200, 20] : [90, 95, 88])));
  expect(r).toBeGreaterThan(225);
  expect(g).toBeGreaterThan(185);
  expect(b).toBeLessThan(40);
});

it('of one flat colour it is that colour; black and white are colours, too', () => {
  for (const colour of [
    [10, 20, 30],
    [0, 0, 0],
    [255, 255, 255],
  ]) {
    expect(vividColour(painted(() => colour))).toEqual(colour);
  }
});
