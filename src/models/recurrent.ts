import {
  add,
  mul,
  reshape,
  sigmoid,
  slice,
  split,
  squeeze,
  sub,
  tanh,
  zeros,
  type Rank,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { affine } from './layers.ts';
import { parameter, type Parameters } from './parameters.ts';

/** Reset, update, candidate. */
type Gates = [Tensor2D, Tensor2D, Tensor2D];

/**
 * One step of a gated recurrent unit (Cho et al. 2014) in PyTorch's arrangement: x [B,D], state h [B,H] → the next
 * state [B,H]. `weight_ih_l0` [D,3H] and `weight_hh_l0` [H,3H] hold reset, update and candidate side by side.
 */
export function gruStep(p: Parameters, name: string, x: Tensor2D, h: Tensor2D): Tensor2D {
  const wi = parameter<Tensor2D>(p, `${name}.weight_ih_l0`);
  const wh = parameter<Tensor2D>(p, `${name}.weight_hh_l0`);
  const bi = parameter<Tensor1D>(p, `${name}.bias_ih_l0`);
  const bh = parameter<Tensor1D>(p, `${name}.bias_hh_l0`);
  const [ri, ui, ni] = split(affine(x, wi, bi), 3, 1) as Gates; // each [B,H]
  const [rh, uh, nh] = split(affine(h, wh, bh), 3, 1) as Gates;
  const r = sigmoid(add(ri, rh));
  const u = sigmoid(add(ui, uh));
  const n = tanh(add<Tensor2D>(ni, mul(r, nh)));
  return add(n, mul(u, sub(h, n))); // (1−u)·n + u·h
}

/** The zero state of a unit: [batch,H] */
export const gruStart = (p: Parameters, name: string, batch: number): Tensor2D =>
  zeros([batch, parameter(p, `${name}.weight_hh_l0`).shape[0] ?? 0]);

/** x [B,T,D], from the zero state → states of all T steps, each [B,H] */
export function gru(p: Parameters, name: string, x: Tensor3D): Tensor2D[] {
  const [batch, steps, width] = x.shape;
  let h = gruStart(p, name, batch);
  const states: Tensor2D[] = [];
  for (let t = 0; t < steps; t++) {
    h = gruStep(p, name, squeeze<Tensor2D>(slice(x, [0, t, 0], [batch, 1, width]), [1]), h);
    states.push(h);
  }
  return states;
}

/** What a long short-term memory carries from step to step, each [B,H]. */
export interface LstmState {
  readonly h: Tensor2D;
  readonly c: Tensor2D;
}

export interface LstmOptions {
  /** [B,T], 1 where there is an x and 0 behind the last: what is not there changes nothing, and its h is 0. */
  readonly present?: Tensor2D;
  /** From the last step to the first, with the weights of PyTorch's second direction. */
  readonly reverse?: boolean;
}

/**
 * A long short-term memory (Hochreiter & Schmidhuber 1997) in PyTorch's arrangement: x [B,T,D], from the zero state →
 * h of all T steps, in the order of x, each [B,H], and the state after the last. `weight_ih_l0` [D,4H] and
 * `weight_hh_l0` [H,4H] hold input, forget, candidate and output side by side.
 */
export function lstm(
  p: Parameters,
  name: string,
  x: Tensor3D,
  { present, reverse = false }: LstmOptions = {},
): { readonly states: Tensor2D[]; readonly last: LstmState } {
  const [batch, steps, width] = x.shape;
  const of = (what: string): string => `${name}.${what}_l0${reverse ? '_reverse' : ''}`;
  const wh = parameter<Tensor2D>(p, of('weight_hh'));
  const bh = parameter<Tensor1D>(p, of('bias_hh'));
  // What the words say does not wait for the steps: one product for all of them.
  const flat = reshape<Rank.R2>(x, [batch * steps, width]);
  const heard = affine(flat, parameter<Tensor2D>(p, of('weight_ih')), parameter<Tensor1D>(p, of('bias_ih')));
  const gates = reshape<Rank.R3>(heard, [batch, steps, -1]); // [B,T,4H]
  const [hidden] = wh.shape;
  let [h, c] = [zeros<Rank.R2>([batch, hidden]), zeros<Rank.R2>([batch, hidden])];
  const states: Tensor2D[] = [];
  for (let i = 0; i < steps; i++) {
    const t = reverse ? steps - 1 - i : i;
    const said = squeeze<Tensor2D>(slice(gates, [0, t, 0], [batch, 1, 4 * hidden]), [1]);
    const next = lstmStep(add(said, affine(h, wh, bh)), c);
    const here = present && slice(present, [0, t], [batch, 1]); // [B,1]
    h = here ? add(h, mul(here, sub(next.h, h))) : next.h;
    c = here ? add(c, mul(here, sub(next.c, c))) : next.c;
    states[t] = here ? mul(h, here) : h;
  }
  return { states, last: { h, c } };
}

/** gates [B,4H] before their functions, c [B,H] → the next state */
function lstmStep(gates: Tensor2D, c: Tensor2D): LstmState {
  const [i, f, g, o] = split(gates, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
  const next: Tensor2D = add(mul(sigmoid(f), c), mul(sigmoid(i), tanh(g)));
  return { h: mul(sigmoid(o), tanh(next)), c: next };
}

/** The names and shapes of what `lstm` reads: inputs D, hidden H. */
export function lstmShapes(name: string, inputs: number, hidden: number, reverse = false): [string, number[]][] {
  const of = (what: string): string => `${name}.${what}_l0${reverse ? '_reverse' : ''}`;
  return [
    [of('weight_ih'), [inputs, 4 * hidden]],
    [of('weight_hh'), [hidden, 4 * hidden]],
    [of('bias_ih'), [4 * hidden]],
    [of('bias_hh'), [4 * hidden]],
  ];
}
