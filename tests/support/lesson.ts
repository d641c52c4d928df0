/** Something to learn for the fixture model, the same under Node and in a page. */
import { SETTINGS, type Example, type TeachSettings } from '../../src/engine/protocol-teaching.ts';
import { normal } from '../../src/random.ts';

export const TEACH: TeachSettings = { ...SETTINGS, steps: 6, batch: 2, checkpointEvery: 2, sheetEvery: 3 };
/** So fast that the losses tell after two steps whether weights moved, though the rates only begin to rise by then. */
export const BRISK: TeachSettings = { ...TEACH, rate: 1e-2 };
export const SIZE = 16;

export const examples = (count: number): Example[] =>
  Array.from({ length: count }, (_, i) => ({
    pixels: {
      width: SIZE,
      height: SIZE,
      data: Uint8ClampedArray.from(normal(i, 4 * SIZE ** 2), (v, at) => (at % 4 === 3 ? 255 : 128 + 50 * v)),
    },
    caption: i % 2 === 0 ? `a red flower number ${i}` : `a blue flower number ${i}`,
    name: `${i}.png`,
  }));
