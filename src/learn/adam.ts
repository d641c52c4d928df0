/** Adam: Kingma & Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1, for one tensor at a time. */
import { add, div, mul, sqrt, square, sub, tidy, zerosLike, type Tensor } from '@tensorflow/tfjs-core';

/** The moments of θ's gradient after `step` steps; whoever holds it disposes of `m` and `v`. A type, for `tidy`. */
export type AdamState<T extends Tensor> = {
  readonly step: number;
  /** Running mean of the gradient, of θ's shape. */
  readonly m: T;
  /** Running mean of its square, of θ's shape. */
  readonly v: T;
};

export interface AdamOptions {
  readonly rate: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

export const beginAdam = <T extends Tensor>(θ: T): AdamState<T> => ({ step: 0, m: zerosLike(θ), v: zerosLike(θ) });

/** θ and its gradient g → θ after one step, and the state for the next; all of it new and the caller's, as the old is. */
export function adam<T extends Tensor>(
  θ: T,
  g: T,
  state: AdamState<T>,
  { rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions,
): { readonly θ: T; readonly state: AdamState<T> } {
  const t = state.step + 1;
  const after = tidy(() => {
    const m = add<T>(mul(state.m, beta1), mul(g, 1 - beta1));
    const v = add<T>(mul(state.v, beta2), mul(square(g), 1 - beta2));
    // Both moments begin at 0 and are too small at first.
    const mHat = div(m, 1 - beta1 ** t);
    const vHat = div(v, 1 - beta2 ** t);
    return { θ: sub<T>(θ, mul(rate, div(mHat, add(sqrt(vHat), epsilon)))), m, v };
  });
  return { θ: after.θ, state: { step: t, m: after.m, v: after.v } };
}
