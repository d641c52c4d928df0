import {
  add,
  fused,
  mul,
  sigmoid,
  slice,
  squeeze,
  sub,
  tanh,
  zeros,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { parameter, type Parameters } from './parameters.ts';

/**
 * Gated recurrent unit (Cho et al. 2014) in PyTorch's arrangement: x [B,T,D] → states of all T steps, each [B,H].
 * `weight_ih_l0` [D,3H] and `weight_hh_l0` [H,3H] hold reset, update and candidate side by side.
 */
export function gru(p: Parameters, name: string, x: Tensor3D): Tensor2D[] {
  const [batch, steps, width] = x.shape;
  const wi = parameter<Tensor2D>(p, `${name}.weight_ih_l0`);
  const wh = parameter<Tensor2D>(p, `${name}.weight_hh_l0`);
  const bi = parameter<Tensor1D>(p, `${name}.bias_ih_l0`);
  const bh = parameter<Tensor1D>(p, `${name}.bias_hh_l0`);
  const size = wh.shape[0];
  const part = (gates: Tensor2D, i: number): Tensor2D => slice(gates, [0, i * size], [batch, size]);

  let h: Tensor2D = zeros([batch, size]);
  const states: Tensor2D[] = [];
  for (let t = 0; t < steps; t++) {
    const xt = squeeze<Tensor2D>(slice(x, [0, t, 0], [batch, 1, width]), [1]);
    const input = fused.matMul({ a: xt, b: wi, bias: bi }) as Tensor2D; // [B,3H]
    const state = fused.matMul({ a: h, b: wh, bias: bh }) as Tensor2D; // [B,3H]
    const r = sigmoid(add(part(input, 0), part(state, 0)));
    const u = sigmoid(add(part(input, 1), part(state, 1)));
    const n = tanh(add(part(input, 2), mul(r, part(state, 2))));
    h = add(n, mul(u, sub(h, n))); // (1−u)·n + u·h
    states.push(h);
  }
  return states;
}
