/** What a generator is told: sentences, and what lies between two of them. Mirrors `training/losses.py`. */
import { add, div, maximum, mul, norm, sub, tidy, type Tensor2D } from '@tensorflow/tfjs-core';

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
