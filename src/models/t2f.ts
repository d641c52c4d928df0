/**
 * The generator of T2F (Karnewar 2018): conditioning augmentation (Zhang et al. 2017) before a progressively grown
 * stack (Karras et al. 2018, figure 2 and section 4.2). At depth d it paints 4·2^d pixels, and α fades the last
 * doubling in. Mirrors `training/models/t2f.py`; the export folds the equalised rate into the weights.
 */
import {
  add,
  concat,
  fill,
  mean,
  mul,
  reshape,
  rsqrt,
  split,
  square,
  tanh,
  tidy,
  type Rank,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { augment, moments } from './conditioning.ts';
import { convolveDoubled, hasPhases, phaseParameters } from './doubling.ts';
import { convolution, double, inGradient, leaky, linear, SLOPE, slopesFor } from './layers.ts';
import { affineShapes, type Parameters, type ParameterShapes } from './parameters.ts';

export interface T2fConfig {
  /** Length of the noise z ~ N(0, I). */
  readonly z: number;
  /** Length of the encoder's sentence. */
  readonly sentence: number;
  /** Length of what conditioning augmentation makes of it, and so of its noise ε ~ N(0, I). */
  readonly condition: number;
  /** Channels at 4×4, then after each doubling. */
  readonly channels: readonly number[];
}

/** Edges of the pictures that it paints, in pixels, the smallest first. */
export const pictureSizes = (config: T2fConfig): number[] => config.channels.map((_, depth) => 4 * 2 ** depth);

export function t2fShapes(config: T2fConfig): ParameterShapes {
  const { z, sentence, condition, channels } = config;
  const [first = 0] = channels;
  return new Map([
    ...affineShapes('augmentation.moments', [sentence, 2 * condition]),
    ...affineShapes('seed', [z + condition, 16 * first]),
    ...affineShapes('first', [3, 3, first, first]),
    ...channels
      .slice(1)
      .flatMap((cout, i) => [
        ...affineShapes(`blocks.${i}.conv1`, [3, 3, channels[i] ?? 0, cout]),
        ...affineShapes(`blocks.${i}.conv2`, [3, 3, cout, cout]),
      ]),
    ...channels.flatMap((cin, depth) => affineShapes(`paints.${depth}`, [1, 1, cin, 3])),
  ]);
}

export interface FaceCondition {
  /** [B,z] */
  readonly z: Tensor2D;
  /** [B,sentence], from `readDescription` */
  readonly sentence: Tensor2D;
  /** ε [B,condition], as far as the condition may stray from the sentence's own; nothing for the sentence's own */
  readonly noise?: Tensor2D;
}

/** both [B,z+condition]: z with ε behind it, all that a seed draws in one vector → the two apart; a call's own tensors */
export function drawn(config: T2fConfig, both: Tensor2D, sentence: Tensor2D): FaceCondition {
  const [z, noise] = split(both, [config.z, config.condition], 1) as [Tensor2D, Tensor2D];
  return { z, sentence, noise };
}

export interface Growth {
  /** 0 for 4×4 … channels − 1 for the whole. */
  readonly depth: number;
  /** In [0,1]: how much the last doubling has to say, against the depth before. */
  readonly alpha: number;
}

/** → pictures [B,S,S,3] in [-1,1], S = 4·2^depth; fully grown where nothing else is said */
export function generateFace(
  p: Parameters,
  config: T2fConfig,
  { z, sentence, noise }: FaceCondition,
  { depth, alpha }: Growth = { depth: config.channels.length - 1, alpha: 1 },
): Tensor4D {
  return tidy(() => {
    const c = augment(moments(p, 'augmentation', sentence), noise); // [B,condition]
    const seed = reshape<Rank.R4>(linear(p, 'seed', concat([z, c], 1)), [-1, 4, 4, config.channels[0] ?? 0]);
    let x = step(p, 'first', pixelNorm(leaky(p, seed)));
    let before = x;
    for (let d = 1; d <= depth; d++) {
      before = x;
      x = block(p, `blocks.${d - 1}`, x);
    }
    const picture = convolution(p, `paints.${depth}`, x);
    if (alpha === 1 || depth === 0) return tanh(picture);
    const smaller = double(convolution(p, `paints.${depth - 1}`, before));
    return tanh(add<Tensor4D>(mul(picture, alpha), mul(smaller, 1 - alpha)));
  });
}

/** p, and beside it what makes painting faster on wasm and cpu (see doubling.ts); the caller owns all of it. */
export function acceleratedFace(p: Parameters, config: T2fConfig): Parameters {
  const widths = config.channels.slice(1);
  const phases = widths.flatMap((_, i) => phaseParameters(p, `blocks.${i}.conv1`));
  const slopes = [...new Set(config.channels)].map((width): [string, Tensor] => [
    slopesFor(width),
    fill([width], SLOPE),
  ]);
  return new Map([...p, ...phases, ...slopes]);
}

/** x [B,H,W,Cin] → [B,2H,2W,Cout] */
function block(p: Parameters, name: string, x: Tensor4D): Tensor4D {
  const merged = hasPhases(p, `${name}.conv1`) && !inGradient();
  const h = merged ? convolveDoubled(p, `${name}.conv1`, x) : convolution(p, `${name}.conv1`, double(x));
  return step(p, `${name}.conv2`, pixelNorm(leaky(p, h)));
}

/** A 3×3 convolution, LeakyReLU, pixel norm. */
const step = (p: Parameters, name: string, x: Tensor4D): Tensor4D => pixelNorm(leaky(p, convolution(p, name, x)));

/** Every place's channels to a mean square of 1 (Karras et al. 2018, section 4.2). */
const pixelNorm = (x: Tensor4D): Tensor4D => mul(x, rsqrt(add(mean(square(x), 3, true), 1e-8)));
