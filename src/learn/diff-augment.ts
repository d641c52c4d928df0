/**
 * DiffAugment: Zhao et al. 2020, "Differentiable Augmentation for Data-Efficient GAN Training": pictures are moved, cut
 * and mirrored before the critic sees them, real and painted ones alike, and the gradient goes back through it. All
 * three only carry pixels from one place to another, so they are one look-up, and the way back is another.
 */
import {
  concat,
  customGrad,
  gather,
  reshape,
  tensor1d,
  tidy,
  zeros,
  type Rank,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { Stream } from '../random.ts';

/** Of the edge, either way. */
const SHIFT = 1 / 8;
/** Edge of the square that is blanked, of the picture's. */
const CUT = 1 / 2;
/** Of all pictures. */
const CUT_SHARE = 1 / 2;

/** Where each pixel comes from, and where each goes: places in [B,S,S] row by row; B·S·S stands for none. */
export interface Moves {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** What happens to each of `count` pictures of edge `size`: moved up to ⅛ either way, half mirrored, half cut. */
export function drawMoves({ uniform }: Stream, count: number, size: number): Moves {
  const area = size * size;
  const none = count * area;
  const from = new Int32Array(none).fill(none);
  const to = new Int32Array(none).fill(none);
  const reach = Math.round(size * SHIFT);
  const whole = (least: number, most: number): number => least + Math.floor(uniform() * (most - least + 1));
  for (let i = 0; i < count; i++) {
    const [dx, dy, mirrored] = [whole(-reach, reach), whole(-reach, reach), uniform() < 0.5];
    const cut = uniform() < CUT_SHARE ? (size * CUT) / 2 : 0;
    const [cx, cy] = [whole(0, size), whole(0, size)];
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const [sx, sy] = [(mirrored ? size - 1 - x : x) + dx, y + dy];
        const blank = x >= cx - cut && x < cx + cut && y >= cy - cut && y < cy + cut;
        if (blank || sx < 0 || sy < 0 || sx >= size || sy >= size) continue;
        const [here, there] = [i * area + y * size + x, i * area + sy * size + sx];
        from[here] = there;
        to[there] = here;
      }
    }
  }
  return { from, to };
}

/** x [B,S,S,3] → the same with every pixel where `moves` has it, and 0 (grey) where nothing came; has a gradient */
export function augment(x: Tensor4D, { from, to }: Moves): Tensor4D {
  const gradFunc = (dy: Tensor4D): Tensor4D => carried(dy, to);
  return customGrad((...[pictures]) => ({ value: carried(pictures as Tensor4D, from), gradFunc }))(x);
}

/** Each place gets the pixel that it says. */
function carried(x: Tensor4D, places: Int32Array): Tensor4D {
  return tidy(() => {
    const [b, h, w, c] = x.shape;
    const pixels = reshape<Rank.R2>(x, [b * h * w, c]);
    const withNone: Tensor2D = concat([pixels, zeros<Rank.R2>([1, c])]);
    return reshape(gather(withNone, tensor1d(places, 'int32')), [b, h, w, c]);
  });
}
