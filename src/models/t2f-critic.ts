/**
 * The critic of T2F (Karnewar 2018), grown beside its generator (Karras et al. 2018, figure 2 and section 3): minibatch
 * deviation, and the sentence in the last block, by projection. Mirrors `Critic` of `training/models/t2f.py`; the
 * export folds the equalised rate into the weights, and each "convolve, then halve" into one 4×4 kernel of stride 2.
 *
 * The page has no use for it: what is taught in the tab is judged by `critic.ts`. It stands here so that both halves of
 * the paper's figure can be read in both languages, held together by tests/golden/t2f-critic.safetensors.
 */
import {
  add,
  avgPool,
  concat,
  leakyRelu,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  tidy,
  tile,
  type Rank,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { Judgement } from './critic.ts';
import { convolution, halve, linear, SLOPE } from './layers.ts';
import { affineShapes, type Parameters, type ParameterShapes } from './parameters.ts';

export interface T2fCriticConfig {
  /** Length of the encoder's sentence. */
  readonly sentence: number;
  /** Channels at 4×4, then at each doubling. */
  readonly channels: readonly number[];
  /** Length of the vector that is judged. */
  readonly judge: number;
}

export function t2fCriticShapes({ sentence, channels, judge }: T2fCriticConfig): ParameterShapes {
  const [first = 0] = channels;
  return new Map([
    ...channels.flatMap((cout, depth) => affineShapes(`looks.${depth}`, [1, 1, 3, cout])),
    ...channels
      .slice(1)
      .flatMap((cin, i) => [
        ...affineShapes(`blocks.${i}.conv1`, [3, 3, cin, cin]),
        ...affineShapes(`blocks.${i}.conv2`, [4, 4, cin, channels[i] ?? 0]),
      ]),
    ...affineShapes('last', [3, 3, first + 1, first]),
    ...affineShapes('judge', [16 * first, judge]),
    ...affineShapes('real', [judge, 1]),
    ...affineShapes('read', [sentence, judge]),
  ]);
}

/** pictures [B,S,S,3] in [-1,1], S = 4·2^depth, sentence [B,sentence] → two numbers a picture, each [B,1] */
export function judgeFace(p: Parameters, pictures: Tensor4D, sentence: Tensor2D, alpha = 1): Judgement {
  return tidy(() => {
    const [batch, edge] = pictures.shape;
    const depth = Math.log2(edge / 4);
    const look = (d: number, x: Tensor4D): Tensor4D => leakyRelu(convolution(p, `looks.${d}`, x), SLOPE);
    let x = look(depth, pictures);
    for (let d = depth; d > 0; d--) {
      x = halve(p, `blocks.${d - 1}.conv2`, leakyRelu(convolution(p, `blocks.${d - 1}.conv1`, x), SLOPE));
      if (d === depth && alpha < 1) {
        const smaller = look(d - 1, avgPool(pictures, 2, 2, 'valid'));
        x = add(mul(x, alpha), mul(smaller, 1 - alpha));
      }
    }
    x = leakyRelu(convolution(p, 'last', withDeviation(x)), SLOPE);
    const trunk = linear(p, 'judge', reshape<Rank.R2>(x, [batch, -1]), 'leakyrelu'); // [B,judge]
    const said = linear(p, 'read', sentence); // [B,judge]
    const match = mul<Tensor2D>(sum(mul(trunk, said), 1, true), trunk.shape[1] ** -0.5);
    return { realism: linear(p, 'real', trunk), match };
  });
}

/** Minibatch deviation: x [B,H,W,C] → [B,H,W,C+1], in the last the mean deviation over the batch */
function withDeviation(x: Tensor4D): Tensor4D {
  const [batch, h, w] = x.shape;
  const variance = mean(square(sub(x, mean(x, 0, true))), 0);
  const deviation = reshape<Rank.R4>(mean(sqrt(add(variance, 1e-8))), [1, 1, 1, 1]);
  return concat([x, tile(deviation, [batch, h, w, 1])], 3);
}
