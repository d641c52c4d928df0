/**
 * Seeded randomness in plain arrays: the same seed gives the same numbers on every backend and in every browser.
 * sfc32 (Chris Doty-Humphrey's PractRand), seeded through splitmix32, so that seeds s and s + 1 have nothing in common.
 * Math.log, cos and sin may differ by an ulp of float64 between engines; rounding to float32 hides all but about one
 * such case in 10⁸.
 */

export interface Stream {
  /** The next 32 bits, 0 to 2³²−1. */
  readonly bits: () => number;
  /** [0, 1), a multiple of 2⁻⁵³. */
  readonly uniform: () => number;
  /** N(0, 1) in float64, by Box–Muller; draws come in pairs, the second is kept for the next call. */
  readonly normal: () => number;
}

/** A stream of its own for each seed; only the seed's lower 32 bits count. */
export function stream(seed: number): Stream {
  let s = seed >>> 0;
  const splitmix = () => {
    s = (s + 0x9e3779b9) | 0;
    let h = s ^ (s >>> 16);
    h = Math.imul(h, 0x21f0aaad);
    h ^= h >>> 15;
    h = Math.imul(h, 0x735a2d97);
    return h ^ (h >>> 15);
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let counter = splitmix();
  let kept: number | null = null;

  const bits = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  const uniform = () => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53;
  const normal = () => {
    if (kept !== null) {
      const second = kept;
      kept = null;
      return second;
    }
    // 1 − u lies in (0, 1], where the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };

  // sfc32 mixes its seed over the first rounds.
  for (let i = 0; i < 12; i++) bits();
  return { bits, uniform, normal };
}

/** seed, length → [length] drawn from N(0, 1). */
export function normal(seed: number, length: number): Float32Array {
  const { normal } = stream(seed);
  return Float32Array.from({ length }, normal);
}

/** seed, length → [length] drawn from [0, 1); float32 would round the topmost values to 1, so those are held below. */
export function uniform(seed: number, length: number): Float32Array {
  const { uniform } = stream(seed);
  return Float32Array.from({ length }, () => Math.min(uniform(), 1 - 2 ** -24));
}

/**
 * The way from a [n] to b [n] along the sphere, t in [0, 1]: halfway between two draws of N(0, I) a straight line
 * passes through vectors far shorter than any draw, and the pictures there pale. Where the two are parallel, opposite
 * or zero there is no one arc, and the straight line it is.
 */
export function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  if (a.length !== b.length) throw new Error(`slerp: expected two of one length, found ${a.length} and ${b.length}`);
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  const cosine = ab / Math.sqrt(aa * bb);
  const θ = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const arc = Math.sin(θ) > 1e-6; // false for NaN, that is, where one of them is zero
  const wa = arc ? Math.sin((1 - t) * θ) / Math.sin(θ) : 1 - t;
  const wb = arc ? Math.sin(t * θ) / Math.sin(θ) : t;
  return a.map((x, i) => wa * x + wb * (b[i] ?? 0));
}
