/**
 * What MirrorGAN is told, as one row a picture, so that tasks lay captions together, mix them and move them without
 * knowing what is in them: sentence [S], then the log-weights of T words, then the words [T·W].
 */
import {
  add,
  concat,
  log,
  maximum,
  pad,
  reshape,
  split,
  sub,
  tensor2d,
  tidy,
  type Rank,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { ABSENT } from '../../models/attention.ts';
import { mixSentences } from '../../models/conditioning.ts';
import type { Told } from '../../models/glam.ts';
import type { Read } from '../../models/stem.ts';

/** Lengths of a sentence and of a word. */
export interface Lengths {
  readonly sentence: number;
  readonly word: number;
}

/** Numbers of a row with T words. */
export const rowLength = ({ sentence, word }: Lengths, slots: number): number => sentence + slots * (1 + word);

/** What STEM read of one caption of `count` words, [1,T',W] → a row of T `slots` [1,S+T·(1+W)] */
export function packed({ sentence, words }: Read, count: number, slots: number): Tensor2D {
  return tidy(() => {
    const [, steps, word] = words.shape;
    const weight = Float32Array.from({ length: slots }, (_, t) => (t < count ? 0 : ABSENT));
    const read = reshape<Rank.R2>(words, [1, steps * word]);
    const rest = (slots - steps) * word;
    return concat([sentence, tensor2d(weight, [1, slots]), pad(read, [[0, 0], [0, rest]])], 1); // prettier-ignore
  });
}

/** rows [B,S+T·(1+W)] → what GLAM is told */
export function unpacked(
  { sentence: length, word }: Lengths,
  rows: Tensor2D,
): Pick<Told, 'sentence' | 'words' | 'weight'> {
  const [batch, all] = rows.shape;
  const slots = (all - length) / (1 + word);
  const [sentence, weight, words] = split(rows, [length, slots, slots * word], 1) as [Tensor2D, Tensor2D, Tensor2D];
  return { sentence, weight, words: reshape<Rank.R3>(words, [batch, slots, word]) };
}

/**
 * Between a and b, t in [0,1] a row, [B,1]: the sentence as GAN-INT has it, and the words of both side by side, whose
 * weights go from one caption to the other. What paints is continuous in t.
 */
export function mixRows(lengths: Lengths, a: Tensor2D, b: Tensor2D, t: Tensor2D): Tensor2D {
  return tidy(() => {
    const [from, to] = [unpacked(lengths, a), unpacked(lengths, b)];
    const sentence = mixSentences(from.sentence, to.sentence, t);
    // A log-weight of −69 is as good as none, and unlike −∞ it has sums and gradients.
    const share = (x: Tensor2D): Tensor2D => log(maximum<Tensor2D>(x, 1e-30));
    const weight = concat(
      [add<Tensor2D>(from.weight, share(sub<Tensor2D>(1, t))), add<Tensor2D>(to.weight, share(t))],
      1,
    );
    const words: Tensor3D = concat([from.words, to.words], 1); // [B,2T,W]
    return concat([sentence, weight, reshape<Rank.R2>(words, [a.shape[0], -1])], 1);
  });
}
