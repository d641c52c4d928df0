/**
 * The generator of GAN-INT-CLS: Reed et al. 2016, "Generative Adversarial Text to Image Synthesis", figure 2 (left),
 * with residual blocks that read the condition in every normalisation. Mirrors `training/models/gan_int_cls.py`;
 * the export folds each normalisation's mean and deviation into the convolution before it.
 */
import {
  add,
  concat,
  fill,
  mul,
  reshape,
  split,
  tanh,
  tidy,
  type Rank,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { convolveDoubled, hasPhases, phaseParameters } from './doubling.ts';
import { convolution, double, inGradient, leaky, linear, SLOPE, slopesFor } from './layers.ts';
import { affineShapes, type Parameters, type ParameterShapes } from './parameters.ts';

export interface GanIntClsConfig {
  /** Length of the noise z ~ N(0, I). */
  readonly z: number;
  /** Length of the encoder's sentence. */
  readonly sentence: number;
  /** Length of its projection, which joins z to make the condition. */
  readonly text: number;
  /** Channels at 4×4, then after each doubling. */
  readonly channels: readonly number[];
}

/** Edge of the picture in pixels. */
export const pictureSize = (config: GanIntClsConfig): number => 4 * 2 ** (config.channels.length - 1);

export function ganIntClsShapes(config: GanIntClsConfig): ParameterShapes {
  const condition = config.z + config.text;
  const first = config.channels[0] ?? 0;
  const last = config.channels.at(-1) ?? 0;
  const widths = config.channels.slice(1);
  return new Map([
    ...affineShapes('text', [config.sentence, config.text]),
    ...affineShapes('seed', [condition, 16 * first]),
    ...widths.flatMap((cout, i) => blockShapes(`blocks.${i}`, config.channels[i] ?? 0, cout, condition)),
    ...affineShapes('paint', [3, 3, last, 3]),
  ]);
}

export interface Condition {
  /** [B,z], N(0, I) where the pictures are to be typical */
  readonly z: Tensor2D;
  /** [B,sentence], from `encodeSentence` */
  readonly sentence: Tensor2D;
}

/** z [B,100], sentence [B,256] → pictures [B,size,size,3] in [-1,1] */
export function generate(p: Parameters, config: GanIntClsConfig, { z, sentence }: Condition): Tensor4D {
  return tidy(() => {
    const text = linear(p, 'text', sentence, 'leakyrelu'); // [B,128]
    const c = concat([z, text], 1); // [B,228]
    let x: Tensor4D = reshape<Rank.R4>(linear(p, 'seed', c), [-1, 4, 4, config.channels[0] ?? 0]);
    for (let i = 0; i < config.channels.length - 1; i++) x = block(p, `blocks.${i}`, x, c);
    return tanh(convolution(p, 'paint', leaky(p, x)));
  });
}

/** p, and beside it what makes painting faster on wasm and cpu (see doubling.ts); the caller owns all of it. */
export function accelerated(p: Parameters, config: GanIntClsConfig): Parameters {
  const widths = config.channels.slice(1);
  const phases = widths.flatMap((_, i) => phaseParameters(p, `blocks.${i}.conv1`));
  const slopes = [...new Set(widths)].map((width): [string, Tensor] => [slopesFor(width), fill([width], SLOPE)]);
  return new Map([...p, ...phases, ...slopes]);
}

/** Its weights' names and shapes: Cin, Cout, and D of the condition. */
export function blockShapes(name: string, cin: number, cout: number, condition: number): [string, number[]][] {
  return [
    ...affineShapes(`${name}.conv1`, [3, 3, cin, cout]),
    ...affineShapes(`${name}.norm1.affine`, [condition, 2 * cout]),
    ...affineShapes(`${name}.conv2`, [3, 3, cout, cout]),
    ...affineShapes(`${name}.norm2.affine`, [condition, 2 * cout]),
    ...affineShapes(`${name}.skip`, [1, 1, cin, cout]),
  ];
}

/** x [B,H,W,Cin], c [B,D] → [B,2H,2W,Cout] */
export function block(p: Parameters, name: string, x: Tensor4D, c: Tensor2D): Tensor4D {
  return tidy(() => {
    // A 1×1 convolution commutes with nearest ×2: on the small grid it costs a quarter.
    const skip = double(convolution(p, `${name}.skip`, x));
    // "Upsample, then convolve", by the cheaper of two equal ways (see doubling.ts).
    const merged = hasPhases(p, `${name}.conv1`) && !inGradient();
    const grown = () => (merged ? convolveDoubled(p, `${name}.conv1`, x) : convolution(p, `${name}.conv1`, double(x)));
    const h = tidy(() => leaky(p, modulate(p, `${name}.norm1`, grown(), c)));
    return add(
      tidy(() => leaky(p, modulate(p, `${name}.norm2`, convolution(p, `${name}.conv2`, h), c))),
      skip,
    );
  });
}

/** Conditional normalisation's second half: γ(c)·h + β(c), with 1 + γ in the exported bias. */
export function modulate(p: Parameters, name: string, h: Tensor4D, c: Tensor2D): Tensor4D {
  const channels = h.shape[3];
  const affine = reshape<Rank.R4>(linear(p, `${name}.affine`, c), [-1, 1, 1, 2 * channels]);
  const [gamma, beta] = split(affine, 2, 3) as [Tensor4D, Tensor4D];
  return add(mul(h, gamma), beta);
}
