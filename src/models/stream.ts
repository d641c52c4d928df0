/**
 * STREAM, which says what a picture shows: Qiao et al. 2019, "MirrorGAN: Learning Text-to-image Generation by
 * Redescription", section 3.3 and the right of figure 2: x₋₁ is the picture, xₜ = Wₑ Sₜ a word, pₜ₊₁ = RNN(xₜ). Its
 * picture side is SqueezeNet v1.0 (Iandola et al. 2016) where the paper has Inception, a GRU where it has an LSTM.
 * Mirrors `training/models/stream.py`.
 */
import {
  add,
  cast,
  concat,
  conv2d,
  equal,
  expandDims,
  fill,
  fused,
  gather,
  logicalNot,
  logSoftmax,
  max,
  maxPool,
  mean,
  mul,
  neg,
  range,
  relu,
  reshape,
  reverse,
  slice,
  sub,
  sum,
  tensor1d,
  tidy,
  transpose,
  type Rank,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { BEGIN, UNKNOWN } from '../text/tokens.ts';
import { bilinear } from './bilinear.ts';
import { inGradient, linear } from './layers.ts';
import { parameter, type Parameters, type ParameterShapes } from './parameters.ts';
import { gru, gruStart, gruStep } from './recurrent.ts';

export interface StreamConfig {
  /** Edge of the pictures that it was trained on. */
  readonly size: number;
  /** Edge to which every picture is enlarged. */
  readonly look: number;
  /** Width of a word's embedding. */
  readonly word: number;
  /** Width of the recurrent state. */
  readonly hidden: number;
  /** Width of the text encoder's sentence. */
  readonly similarity: number;
  /** Tokens: words and the three that are none. */
  readonly vocabulary: number;
  /** Words of a caption, `</s>` among them. */
  readonly longest: number;
  /** Of conv1, then (squeezed, expanded by each of two) of fire2 … fire9. */
  readonly channels: readonly [number, ...(readonly [squeezed: number, expanded: number])[]];
}

export function streamShapes(config: StreamConfig): ParameterShapes {
  const { word, hidden, similarity, vocabulary } = config;
  const [stem, ...fires] = config.channels;
  const shapes = new Map<string, readonly number[]>();
  const affine = (name: string, weight: readonly number[]): void => {
    shapes.set(`${name}.weight`, weight).set(`${name}.bias`, weight.slice(-1));
  };
  affine('conv1', [7, 7, 3, stem]);
  let width = stem;
  for (const [i, [squeezed, expanded]] of fires.entries()) {
    affine(`fire${i + 2}.squeeze`, [1, 1, width, squeezed]);
    affine(`fire${i + 2}.expand1`, [1, 1, squeezed, expanded]);
    affine(`fire${i + 2}.expand3`, [3, 3, squeezed, expanded]);
    width = 2 * expanded;
  }
  affine('image', [2 * width, word]);
  affine('similarity', [2 * width, similarity]);
  shapes.set('words.weight', [vocabulary, word]);
  shapes.set('gru.weight_ih_l0', [word, 3 * hidden]).set('gru.bias_ih_l0', [3 * hidden]);
  shapes.set('gru.weight_hh_l0', [hidden, 3 * hidden]).set('gru.bias_hh_l0', [3 * hidden]);
  affine('out', [hidden, vocabulary]);
  return shapes;
}

/** SqueezeNet was trained on BGR, 0–255, minus the mean of ImageNet. */
const MEAN = [104, 117, 123];
/** Maps are halved before these. */
const HALVED: ReadonlySet<number> = new Set([2, 5, 9]);

/** pictures [B,S,S,3] RGB in [-1,1] → f [B,F]: mean and maximum over the places of fire9 */
export function imageFeatures(p: Parameters, config: StreamConfig, pictures: Tensor4D): Tensor2D {
  return tidy(() => {
    const bgr = reverse(bilinear(pictures, config.look), 3);
    let x: Tensor4D = sub(mul(add(bgr, 1), 127.5), tensor1d(MEAN));
    x = convolve(p, 'conv1', x, 2, 'valid');
    for (let i = 2; i <= config.channels.length; i++) {
      if (HALVED.has(i)) x = halved(x);
      const s = convolve(p, `fire${i}.squeeze`, x);
      x = concat([convolve(p, `fire${i}.expand1`, s), convolve(p, `fire${i}.expand3`, s)], 3);
    }
    return concat([mean(x, [1, 2]), max(x, [1, 2])], 1) as Tensor2D;
  });
}

/** x [B,H,W,in] → relu [B,H',W',out] */
function convolve(p: Parameters, name: string, x: Tensor4D, strides = 1, pad: 'same' | 'valid' = 'same'): Tensor4D {
  const filter = parameter<Tensor4D>(p, `${name}.weight`);
  const bias = parameter<Tensor1D>(p, `${name}.bias`);
  // The fused kernel's gradient always computes the filter's too (see layers.ts).
  if (inGradient()) return relu(add<Tensor4D>(conv2d(x, filter, strides, pad), bias));
  return fused.conv2d({ x, filter, strides, pad, bias, activation: 'relu' });
}

/** The largest of 3×3 at every second place: [B,n,n,C] → [B,⌊n/2⌋,⌊n/2⌋,C] */
function halved(x: Tensor4D): Tensor4D {
  // PyTorch's ceil_mode lets the last window reach over the edge by one where n is even. 'same' does so there, too,
  // but where n is odd it would begin one before the edge.
  return maxPool(x, 3, 2, x.shape[1] % 2 === 0 ? 'same' : 'valid');
}

/** f [B,F] → the state [B,hidden] after x₋₁, which no word is read from */
export function firstState(p: Parameters, f: Tensor2D): Tensor2D {
  return tidy(() => gruStep(p, 'gru', linear(p, 'image', f), gruStart(p, 'gru', f.shape[0])));
}

/** state [B,hidden], token [B] int32 → the state that has read it, and its logits [B,V] of what comes next */
export function step(p: Parameters, state: Tensor2D, token: Tensor1D): { state: Tensor2D; logits: Tensor2D } {
  return tidy(() => {
    const next = gruStep(p, 'gru', gather(parameter<Tensor2D>(p, 'words.weight'), token), state);
    return { state: next, logits: linear(p, 'out', next) };
  });
}

/** f [B,F], tokens [B,T] int32 as they are to be said, without `<s>` → log p of each, given those before it [B,T] */
export function teacherForced(p: Parameters, f: Tensor2D, tokens: Tensor2D): Tensor2D {
  return tidy(() => {
    const [batch, steps] = tokens.shape;
    const heard = concat([fill([batch, 1], BEGIN, 'int32'), slice(tokens, [0, 0], [batch, steps - 1])], 1);
    const words: Tensor = gather(parameter<Tensor2D>(p, 'words.weight'), heard); // [B,T,word]
    const picture = expandDims<Tensor3D>(linear(p, 'image', f), 1);
    const [, ...states] = gru(p, 'gru', concat([picture, words as Tensor3D], 1)); // T of [B,hidden]
    const logits = linear(p, 'out', concat(states)); // [T·B,V]
    // By comparison: the way back of a gather has no kernel on wasm.
    const wanted = reshape(transpose(tokens), [-1, 1]); // [T·B,1]
    const hot = cast(equal(wanted, range(0, logits.shape[1], 1, 'int32')), 'float32'); // [T·B,V]
    return transpose(reshape<Rank.R2>(sum(mul(logSoftmax(logits), hot), 1), [steps, batch]));
  });
}

/** As `teacherForced` → −Σ log p over the words that are known, and `</s>` [B]: L_stream (equation 9) */
export function captionLoss(p: Parameters, f: Tensor2D, tokens: Tensor2D): Tensor1D {
  return tidy(() => {
    const known = cast(logicalNot(equal(tokens, UNKNOWN)), 'float32');
    return neg(sum<Tensor1D>(mul(teacherForced(p, f, tokens), known), 1));
  });
}

/** f [B,F] → what lies beside the text encoder's sentence of the same picture [B,similarity] */
export const pictureSentence = (p: Parameters, f: Tensor2D): Tensor2D => linear(p, 'similarity', f);
