import {
  add,
  mul,
  sigmoid,
  slice,
  split,
  squeeze,
  sub,
  tanh,
  zeros,
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
