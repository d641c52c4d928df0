/**
 * The style encoder S: Reed et al. 2016, "Generative Adversarial Text to Image Synthesis", section 4.4 and figure 6:
 * from a picture back to the noise z that its generator would paint it from. Mirrors
 * `training/models/style_encoder.py`.
 */
import {
  div,
  maximum,
  mul,
  reshape,
  sqrt,
  square,
  sum,
  tidy,
  type Rank,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { halve, linear } from './layers.ts';
import type { Parameters, ParameterShapes } from './parameters.ts';

export interface StyleEncoderConfig {
  /** Length of the generator's noise. */
  readonly z: number;
  /** Edge of the pictures in pixels; every convolution halves it. */
  readonly size: number;
  readonly channels: readonly number[];
}

export function styleEncoderShapes({ z, size, channels }: StyleEncoderConfig): ParameterShapes {
  const shapes = new Map<string, readonly number[]>();
  for (const [i, cout] of channels.entries()) {
    shapes.set(`convs.${i}.weight`, [4, 4, channels[i - 1] ?? 3, cout]).set(`convs.${i}.bias`, [cout]);
  }
  const edge = size / 2 ** channels.length;
  return shapes.set('project.weight', [edge * edge * (channels.at(-1) ?? 0), z]).set('project.bias', [z]);
}

/** pictures [B,size,size,3] in [-1,1] → z [B,z] of norm √z */
export function encodeStyle(p: Parameters, { channels }: StyleEncoderConfig, pictures: Tensor4D): Tensor2D {
  return tidy(() => {
    let x = pictures;
    for (let i = 0; i < channels.length; i++) x = halve(p, `convs.${i}`, x); // 64 → 32 → 16 → 8 → 4
    const flat = reshape<Rank.R2>(x, [pictures.shape[0], -1]); // [B,4·4·256], (h,w,c)
    return onShell(linear(p, 'project', flat));
  });
}

/** z [B,Z] → the same directions with norm √Z, where nearly all of N(0, I) lies, or another */
export function onShell(z: Tensor2D, radius = Math.sqrt(z.shape[1])): Tensor2D {
  return tidy(() => {
    // Not `norm`, whose gradient wants more kernels.
    const norm = sqrt(sum(square(z), 1, true)); // [B,1]
    return mul(div(z, maximum(norm, 1e-12)), radius);
  });
}
