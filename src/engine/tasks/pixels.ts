/** From sentences and noise to checked pixels: the one place where pictures come back from the device. */
import { tensor2d, tensor4d, tidy, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { toRgba } from '../../image/pixels.ts';
import type { Painter } from '../catalogue.ts';
import type { Pixels } from '../protocol.ts';

/** z [count·zLength], sentences [count,D] → pictures [count,size,size,3]; the caller disposes of them. */
export function paintTensors(painter: Painter, sentences: Tensor2D, z: Float32Array, size: number): Tensor4D {
  return tidy(() => painter.paint(tensor2d(z, [z.length / painter.zLength, painter.zLength]), sentences, size));
}

/** As `paintTensors`, read back once. Throws as `readPixels` does. */
export async function paintPixels(
  painter: Painter,
  sentences: Tensor2D,
  z: Float32Array,
  size: number,
): Promise<Pixels[]> {
  const pictures = paintTensors(painter, sentences, z, size);
  try {
    return await readPixels(pictures);
  } finally {
    pictures.dispose();
  }
}

/**
 * pictures [B,H,W,3] in [-1,1], which stay the caller's, → B pictures
 * @throws LimnError wrong-numbers where the pixels are not finite or all the same: a dead device says nothing else
 */
export async function readPixels(pictures: Tensor4D): Promise<Pixels[]> {
  const values = await pictures.data<'float32'>();
  const [count, height, width] = pictures.shape;
  const length = height * width * 3;
  return Array.from({ length: count }, (_, i) => {
    const one = values.subarray(i * length, (i + 1) * length);
    const pixels = toRgba(one, width, height);
    checkPicture(one);
    return pixels;
  });
}

/** pictures of one size → [B,H,W,3] in [-1,1], the caller's; what is transparent counts as opaque */
export function tensorOf(pictures: readonly Pixels[]): Tensor4D {
  const [{ width, height } = { width: 0, height: 0 }] = pictures;
  const values = new Float32Array(pictures.length * height * width * 3);
  for (const [i, { data }] of pictures.entries()) {
    for (let at = 0; at < height * width; at++) {
      for (let c = 0; c < 3; c++) values[3 * (i * height * width + at) + c] = (data[4 * at + c] ?? NaN) / 127.5 - 1;
    }
  }
  return tensor4d(values, [pictures.length, height, width, 3]);
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
