/** The few layers that the networks share, over [B,H,W,C] maps and [B,D] vectors. */
import {
  add,
  avgPool,
  conv2d,
  customGrad,
  engine,
  fused,
  image,
  leakyRelu,
  matMul,
  mul,
  prelu,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { parameter, type Parameters } from './parameters.ts';

/** Slope of every LeakyReLU below zero (Radford et al. 2016). */
export const SLOPE = 0.2;

/** x [B,in] → [B,out], with `name.weight` [in,out] and `name.bias` [out] */
export function linear(p: Parameters, name: string, x: Tensor2D, activation?: 'leakyrelu'): Tensor2D {
  return affine(x, parameter<Tensor2D>(p, `${name}.weight`), parameter<Tensor1D>(p, `${name}.bias`), activation);
}

/** x [B,in] · weight [in,out] + bias [out] → [B,out] */
export function affine(x: Tensor2D, weight: Tensor2D, bias: Tensor1D, activation?: 'leakyrelu'): Tensor2D {
  // The fused kernel's gradient always computes the weight's too: as much work again where only x's is wanted.
  if (inGradient()) {
    const y: Tensor2D = add(matMul(x, weight), bias);
    return activation ? leakyRelu(y, SLOPE) : y;
  }
  return fused.matMul({ a: x, b: weight, bias, ...(activation && { activation, leakyreluAlpha: SLOPE }) }) as Tensor2D;
}

/** x [B,H,W,in] → [B,H,W,out], with `name.weight` [k,k,in,out] and `name.bias` [out]; zero padding keeps H and W */
export function convolution(p: Parameters, name: string, x: Tensor4D): Tensor4D {
  const filter = parameter<Tensor4D>(p, `${name}.weight`);
  const bias = parameter(p, `${name}.bias`);
  // The fused kernel's gradient always computes the filter's too, for which the wasm backend has no kernel.
  if (inGradient()) return add(conv2d(x, filter, 1, 'same'), bias);
  return fused.conv2d({ x, filter, strides: 1, pad: 'same', bias });
}

/** x [B,H,W,in] → LeakyReLU of a 4×4 convolution of stride 2 [B,H/2,W/2,out], padding 1 (DCGAN, Radford et al. 2016) */
export function halve(p: Parameters, name: string, x: Tensor4D): Tensor4D {
  const filter = parameter<Tensor4D>(p, `${name}.weight`);
  return leakyRelu(add<Tensor4D>(conv2d(x, filter, 2, 1), parameter(p, `${name}.bias`)), SLOPE);
}

/** Nearest ×2: x [B,H,W,C] → [B,2H,2W,C] */
export function double(x: Tensor4D): Tensor4D {
  const [, h, w] = x.shape;
  const larger = (small: Tensor4D): Tensor4D => image.resizeNearestNeighbor(small, [2 * h, 2 * w]);
  if (!inGradient()) return larger(x);
  // The wasm backend has no gradient of it. It is the sum of each four, which the mean has everywhere.
  const gradFunc = (dy: Tensor4D): Tensor4D => mul(avgPool(dy, 2, 2, 'valid'), 4);
  return customGrad((...[small]) => ({ value: larger(small as Tensor4D), gradFunc }))(x);
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
