/**
 * From a picture to the z that it is painted from: Reed et al. 2016, section 4.4, begin with an encoder; from there by
 * descent on z alone, as Zhu et al. 2016, "Generative Visual Manipulation on the Natural Image Manifold", section 4.1.
 * Mirrors `training/inversion.py`.
 */
import {
  add,
  avgPool,
  clone,
  concat,
  dispose,
  mean,
  mul,
  slice,
  square,
  sub,
  sum,
  tidy,
  valueAndGrads,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { onShell } from '../models/style-encoder.ts';
import { adam, beginAdam, type AdamState } from './adam.ts';
import { cosine } from './schedules.ts';

/** Adam's rate at the first step; it falls to 0 as a cosine. */
export const RATE = 0.05;
/** Weights of the squared differences at full size, at half of it, at a quarter, … */
export const PYRAMID: readonly number[] = [1, 1, 1];

/**
 * a [B,S,S,3], b [B or 1,S,S,3] in [-1,1] → [B]: mean squared differences of the pictures averaged down by 1, 2, 4, …,
 * weighted and summed. The coarse ones give a gradient where fine patterns do not overlap yet.
 */
export function pyramidDistance(a: Tensor4D, b: Tensor4D, weights: readonly number[] = PYRAMID): Tensor1D {
  return tidy(() => {
    // Averaging is linear: the averages' difference is the difference's average.
    let apart = sub<Tensor4D>(a, b);
    const levels = weights.map((weight, level) => {
      if (level > 0) apart = avgPool(apart, 2, 2, 'valid');
      return mul<Tensor1D>(mean(square(apart), [1, 2, 3]), weight);
    });
    return levels.reduce((sum, level) => add(sum, level));
  });
}

/** The usual weight of `hold`, where the style is to serve other captions. */
export const HOLD = 1;

/** z, from [B,Z] → 1 − their cosine [B] */
function turnedFrom(z: Tensor2D, from: Tensor2D): Tensor1D {
  // Of z's direction alone: a slope along z, which the shell takes back, would count in Adam's steps.
  return tidy(() => sub(1, sum<Tensor1D>(mul(onShell(z, 1), onShell(from, 1)), 1)));
}

/** What is painted, and with what: z [B,Z] on the shell, sentence [B,D]. */
export interface Rows {
  readonly z: Tensor2D;
  readonly sentence: Tensor2D;
}

/** → how far each row's picture is from what is sought [B]; has a gradient in both */
export type Distance = (z: Tensor2D, sentence: Tensor2D) => Tensor1D;

/** Where a descent stands after `step` steps. The tensors are the descent's own: who keeps them clones them. */
export interface Point extends Rows {
  readonly step: number;
  /** What is descended for each row: its distance, and what holds it. */
  readonly losses: Float32Array;
  /** The distance of each row alone. */
  readonly distances: Float32Array;
}

export interface DescentOptions {
  readonly steps: number;
  readonly rate?: number;
  /** Steps that all rows go along for; then the nearest goes on alone. All go to the end, unless it is given. */
  readonly trial?: number;
  /** From this step on the sentence moves as well; never, unless it is given. */
  readonly sentenceFrom?: number;
  /** The norm that z is held to; √Z, unless it is given. */
  readonly radius?: number;
  /** Weight of 1 − the cosine to where the row itself began; 0, unless it is given. */
  readonly hold?: number;
}

/**
 * Steps of Adam on z, which is pulled back to its norm after each and so never leaves the shell where the prior lies.
 * Rows do not see each other: their losses are summed, and Adam works by the element. Yields before each step and
 * after the last, so that what it yields is what was measured; leaving the loop ends it and frees what it holds.
 */
export async function* descend(
  distance: Distance,
  start: Rows,
  { steps, rate = RATE, trial = Infinity, sentenceFrom = Infinity, radius, hold = 0 }: DescentOptions,
): AsyncGenerator<Point, void, void> {
  let z = begin(onShell(start.z, radius));
  let sentence = begin(clone(start.sentence));
  let begun = clone(z.θ);
  const loss: Distance = (z, sentence) => {
    const apart = distance(z, sentence);
    return hold > 0 ? add(apart, mul(turnedFrom(z, begun), hold)) : apart;
  };
  /** loss [B] → losses and distances, in one reading: to wait for a GPU costs more than the numbers. */
  const measured = async (value: Tensor1D): Promise<Pick<Point, 'losses' | 'distances'>> => {
    const both = tidy(() =>
      hold > 0 ? concat([value, sub<Tensor1D>(value, mul(turnedFrom(z.θ, begun), hold))]) : clone(value),
    );
    try {
      const values = await both.data<'float32'>();
      const rows = value.shape[0];
      return { losses: values.slice(0, rows), distances: values.slice(-rows) };
    } finally {
      both.dispose();
    }
  };
  try {
    for (let step = 0; step < steps; step++) {
      const moving = step < sentenceFrom ? [z.θ] : [z.θ, sentence.θ];
      const f = (...x: Tensor[]): Tensor1D => loss(x[0] as Tensor2D, (x[1] ?? sentence.θ) as Tensor2D);
      // Of a vector the gradient is that of its sum.
      const { value, grads } = valueAndGrads(f)(moving);
      try {
        const { losses, distances } = await measured(value);
        yield { step, z: z.θ, sentence: sentence.θ, losses, distances };
        const [gz, gs] = grads as [Tensor2D, Tensor2D?];
        const row = step === trial ? leastOf(distances) : undefined;
        const now = cosine(rate, step, steps);
        const next = tidy(() => {
          const { θ, state } = move(z, gz, now, row);
          return {
            z: { θ: onShell(θ, radius), state },
            sentence: move(sentence, gs, now, row),
            begun: only(begun, row),
          };
        });
        release(z, sentence);
        begun.dispose();
        ({ z, sentence, begun } = next);
      } finally {
        dispose([value, ...grads]);
      }
    }
    const value = tidy(() => loss(z.θ, sentence.θ));
    try {
      yield { step: steps, z: z.θ, sentence: sentence.θ, ...(await measured(value)) };
    } finally {
      value.dispose();
    }
  } finally {
    release(z, sentence);
    begun.dispose();
  }
}

/** The row with the least loss. */
export const leastOf = (losses: Float32Array): number => losses.indexOf(Math.min(...losses));

type Moving = {
  readonly θ: Tensor2D;
  readonly state: AdamState<Tensor2D>;
};

const begin = (θ: Tensor2D): Moving => ({ θ, state: beginAdam(θ) });

/** All rows, or one that goes on alone; a tensor of its own. */
const only = (x: Tensor2D, row: number | undefined): Tensor2D =>
  row === undefined ? clone(x) : slice(x, [row, 0], [1, -1]);

/** One step against the gradient, if there is one; of all rows, or of one that goes on alone. */
function move({ θ, state }: Moving, g: Tensor2D | undefined, rate: number, row: number | undefined): Moving {
  const taken = { θ: only(θ, row), state: { ...state, m: only(state.m, row), v: only(state.v, row) } };
  return g ? adam(taken.θ, only(g, row), taken.state, { rate }) : taken;
}

function release(...all: readonly Moving[]): void {
  for (const { θ, state } of all) dispose([θ, state.m, state.v]);
}
