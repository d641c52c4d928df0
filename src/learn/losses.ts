/** Hinge losses of GAN-INT-CLS over a critic's maps [B,N]. Mirrors `training/losses.py`. */
import { add, mean, neg, relu, sub, tidy, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';

/** Should be above 1: map [B,N] → [B], the mean over its places. */
export const hingeReal = (map: Tensor2D): Tensor1D => tidy(() => mean<Tensor1D>(relu(sub(1, map)), 1));

/** Should be below −1: map [B,N] → [B] */
export const hingeFake = (map: Tensor2D): Tensor1D => tidy(() => mean<Tensor1D>(relu(add(1, map)), 1));

/** The generator wants the critic's maps high: map [B,N] → [B] */
export const hingeGenerator = (map: Tensor2D): Tensor1D => tidy(() => neg(mean<Tensor1D>(map, 1)));
