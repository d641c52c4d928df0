/** A network that learns: which of its parameters move, and what the optimiser and the running mean know of each. */
import { add, clone, dispose, mul, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Parameters } from '../models/parameters.ts';
import { adam, beginAdam, type AdamOptions, type AdamState } from './adam.ts';

/** θ with Adam's state, and the running mean of θ (EMA), which is what paints in the end. A type, for `tidy`. */
export type Moving = {
  readonly θ: Tensor;
  readonly state: AdamState<Tensor>;
  readonly mean: Tensor;
};

/** Its tensors are its own; `release` frees them. */
export interface Learner {
  readonly moving: ReadonlyMap<string, Moving>;
  /** Those that stay, the caller's. */
  readonly still: Parameters;
}

/** p, of which `moves` says what is to move; those are copied, the others stay the caller's. */
export function beginLearner(p: Parameters, moves: (name: string) => boolean): Learner {
  const names = [...p.keys()];
  const moving = names.filter(moves).map((name): [string, Moving] => {
    const θ = p.get(name) as Tensor;
    return [name, { θ: clone(θ), state: beginAdam(θ), mean: clone(θ) }];
  });
  return { moving: new Map(moving), still: new Map([...p].filter(([name]) => !moves(name))) };
}

/** All parameters, as they are now or as their running mean; the learner's own tensors. */
export function parametersOf({ moving, still }: Learner, which: 'θ' | 'mean'): Parameters {
  return new Map([...still, ...[...moving].map(([name, one]): [string, Tensor] => [name, one[which]])]);
}

/**
 * One step of Adam against the gradients, in the order of `moving`; the running mean keeps `decay` of itself. All of
 * what moves is new, the old stays the caller's.
 */
export function stepLearner(
  learner: Learner,
  gradients: readonly Tensor[],
  options: AdamOptions,
  decay: number,
): Learner {
  const moving = [...learner.moving].map(([name, { θ, state, mean }], i): [string, Moving] => {
    const g = gradients[i];
    if (!g) throw new Error(`${name} has no gradient`);
    const next = adam(θ, g, state, options);
    return [name, { ...next, mean: tidy(() => add(mul(mean, decay), mul(next.θ, 1 - decay))) }];
  });
  return { ...learner, moving: new Map(moving) };
}

/** Frees what moves. */
export function release({ moving }: Learner): void {
  for (const { θ, state, mean } of moving.values()) dispose([θ, state.m, state.v, mean]);
}
