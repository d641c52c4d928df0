/**
 * The two attentions of GLAM: Qiao et al. 2019, "MirrorGAN", section 3.2, equations 2 to 4. Mirrors
 * `training/models/attention.py`.
 */
import {
  add,
  expandDims,
  matMul,
  mul,
  reshape,
  softmax,
  type Rank,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { parameter, type Parameters } from './parameters.ts';

/** The log-weight of a word that is not there. */
export const ABSENT = -1e9;

export interface Attended {
  /** What each place hears of the words: [B,H,W,N] (equation 3) */
  readonly context: Tensor4D;
  /** β: how much each place listens to each word, [B,H·W,T], rows of sum 1 */
  readonly attention: Tensor3D;
}

/**
 * Every place asks every word: f [B,H,W,N], words [B,T,D]; weight [B,T] is the log of what each word counts for: 0,
 * less between two captions, ABSENT behind the last.
 */
export function attendToWords(p: Parameters, name: string, f: Tensor4D, words: Tensor3D, weight: Tensor2D): Attended {
  const [batch, height, width, channels] = f.shape;
  const [, steps, length] = words.shape;
  const u = parameter<Tensor2D>(p, `${name}.read.weight`);
  const flat = matMul(reshape<Rank.R2>(words, [batch * steps, length]), u);
  const read = reshape<Rank.R3>(flat, [batch, steps, channels]);
  const places = reshape<Rank.R3>(f, [batch, height * width, channels]);
  // The root of N goes into the few words, not into the many scores.
  const scores: Tensor3D = matMul(places, mul<Tensor3D>(read, 1 / Math.sqrt(channels)), false, true); // [B,HW,T]
  const attention = softmax(add<Tensor3D>(scores, expandDims<Tensor3D>(weight, 1)));
  return { context: reshape(matMul(attention, read), [batch, height, width, channels]), attention };
}

/**
 * The sentence, weighed at every place: s [B,S], f [B,H,W,N] → (V s) ∘ softmax(f ∘ (V s)) [B,H,W,N] (equation 4); the
 * softmax goes over the N channels, as in the authors' code.
 */
export function attendToSentence(p: Parameters, name: string, f: Tensor4D, s: Tensor2D): Tensor4D {
  const v = parameter<Tensor2D>(p, `${name}.read.weight`);
  const said = reshape<Rank.R4>(matMul(s, v), [-1, 1, 1, f.shape[3]]);
  return mul(said, softmax(mul<Tensor4D>(f, said)));
}
