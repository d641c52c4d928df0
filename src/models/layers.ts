/** The few layers that the networks share, over [B,H,W,C] maps and [B,D] vectors. */
import {
  add,
  concat,
  conv2d,
  engine,
  fused,
  image,
  leakyRelu,
  prelu,
  reshape,
  type Rank,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { parameter, type Parameters } from './parameters.ts';

/** Slope of every LeakyReLU below zero (Radford et al. 2016). */
export const SLOPE = 0.2;

/** x [B,in] → [B,out], with `name.weight` [in,out] and `name.bias` [out] */
export function linear(p: Parameters, name: string, x: Tensor2D, activation?: 'leakyrelu'): Tensor2D {
  return fused.matMul({
    a: x,
    b: parameter<Tensor2D>(p, `${name}.weight`),
    bias: parameter(p, `${name}.bias`),
    ...(activation && { activation, leakyreluAlpha: SLOPE }),
  }) as Tensor2D;
}

/** x [B,H,W,in] → [B,H,W,out], with `name.weight` [k,k,in,out] and `name.bias` [out]; zero padding keeps H and W */
export function convolution(p: Parameters, name: string, x: Tensor4D): Tensor4D {
  const filter = parameter<Tensor4D>(p, `${name}.weight`);
  const bias = parameter(p, `${name}.bias`);
  // The fused kernel's gradient always computes the filter's too, for which the wasm backend has no kernel.
  if (inGradient()) return add(conv2d(x, filter, 1, 'same'), bias);
  return fused.conv2d({ x, filter, strides: 1, pad: 'same', bias });
}

/** Nearest ×2: x [B,H,W,C] → [B,2H,2W,C] */
export function double(x: Tensor4D): Tensor4D {
  const [b, h, w, c] = x.shape;
  if (!inGradient()) return image.resizeNearestNeighbor(x, [2 * h, 2 * w]);
  // The wasm backend has no gradient of it; laying every row and column down twice has one everywhere.
  const wide = reshape<Rank.R3>(concat([x, x], 3), [b, h, 2 * w * c]); // [B,H,W·2·C]
  return reshape(concat([wide, wide], 2), [b, 2 * h, 2 * w, c]);
}

/** max(x, 0) + 0.2·min(x, 0) over maps [B,H,W,C] */
export function leaky(p: Parameters, x: Tensor4D): Tensor4D {
  const slopes = slopesFor(x.shape[3]);
  if (inGradient() || !p.has(slopes)) return leakyRelu(x, SLOPE);
  return prelu<Tensor4D>(x, parameter<Tensor4D>(p, slopes));
}

/** PReLU's slopes [channels]: LeakyReLU by another kernel, ten times faster on wasm (tfjs 4.22). */
export const slopesFor = (channels: number): string => `slopes.${channels}`;

/** Whether a gradient is being recorded: some of the fastest kernels have none on some backends. */
export const inGradient = (): boolean => engine().state.gradientDepth > 0;
