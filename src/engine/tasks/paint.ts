/** From a sentence and noise to checked pixels: the one place where pictures come back from the device. */
import { tensor2d, tidy, tile, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { toRgba } from '../../image/pixels.ts';
import type { Painter } from '../catalogue.ts';
import type { Pixels } from '../protocol.ts';

/** z [count·zLength], sentence [1,D] → pictures [count,size,size,3]; the caller disposes of them. */
export function paintTensors(painter: Painter, sentence: Tensor2D, z: Float32Array, size: number): Tensor4D {
  return tidy(() => {
    const noise = tensor2d(z, [z.length / painter.zLength, painter.zLength]);
    return painter.paint(noise, tile(sentence, [noise.shape[0], 1]), size);
  });
}

/**
 * As `paintTensors`, read back once.
 * @throws LimnError wrong-numbers where the pixels are not finite or all the same: a dead device says nothing else
 */
export async function paintPixels(
  painter: Painter,
  sentence: Tensor2D,
  z: Float32Array,
  size: number,
): Promise<Pixels[]> {
  const pictures = paintTensors(painter, sentence, z, size);
  try {
    const values = await pictures.data<'float32'>();
    const [count, height, width] = pictures.shape;
    const length = height * width * 3;
    return Array.from({ length: count }, (_, i) => {
      const one = values.subarray(i * length, (i + 1) * length);
      const pixels = toRgba(one, width, height);
      checkPicture(one);
      return pixels;
    });
  } finally {
    pictures.dispose();
  }
}

/** `toRgba` has refused what is no number; this refuses what is no picture. */
function checkPicture(values: Float32Array): void {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (most - least < 1e-5) throw new LimnError({ kind: 'wrong-numbers', detail: 'a picture is one flat colour' });
}
