/**
 * What a generator is told: sentences, what lies between two of them, and what lies near one. Mirrors
 * `training/models/conditioning.py` and `training/losses.py`.
 */
import { add, clipByValue, div, exp, maximum, mul, norm, split, sub, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { linear } from './layers.ts';
import type { Parameters } from './parameters.ts';

/**
 * GAN-INT (Reed et al. 2016, equation 5): from a [B,D] to b [B,D], t in [0,1] a row, [B,1] → [B,D]. The norm, which
 * the mean of two independent vectors loses, is brought back to the mixture of the two norms, as in training.
 */
export function mixSentences(a: Tensor2D, b: Tensor2D, t: Tensor2D): Tensor2D {
  return tidy(() => {
    const length = (x: Tensor2D): Tensor2D => norm(x, 'euclidean', 1, true) as Tensor2D; // [B,1]
    const mix = (x: Tensor2D, y: Tensor2D): Tensor2D => add(x, mul(t, sub(y, x)));
    const mixed = mix(a, b);
    return mul(mixed, div(mix(length(a), length(b)), maximum(length(mixed), 1e-6)));
  });
}

/** N(μ, σ²), each [B,D]; σ as log σ² in [-8,4] */
export interface Moments {
  readonly mean: Tensor2D;
  readonly logVariance: Tensor2D;
}

/**
 * Conditioning augmentation (Zhang et al. 2017, "StackGAN", section 3.2): sentence [B,S] → the conditions near it,
 * by `name.moments` [S,2D].
 */
export function moments(p: Parameters, name: string, sentence: Tensor2D): Moments {
  const [mean, logVariance] = split(linear(p, `${name}.moments`, sentence), 2, 1) as [Tensor2D, Tensor2D];
  return { mean, logVariance: clipByValue(logVariance, -8, 4) };
}

/** μ + σ·ε [B,D]; ε [B,D] ~ N(0, I), or nothing for the sentence's own place */
export function augment({ mean, logVariance }: Moments, noise?: Tensor2D): Tensor2D {
  return noise ? tidy(() => add(mean, mul(exp(mul(logVariance, 0.5)), noise))) : mean;
}
