/** How a rate falls over a run. */

/** Cosine (Loshchilov & Hutter 2017, equation 5, without restarts): `rate` at step 0, 0 at step `steps`. */
export const cosine = (rate: number, step: number, steps: number): number =>
  rate * 0.5 * (1 + Math.cos((Math.PI * Math.min(step, steps)) / Math.max(1, steps)));
