import { dispose, memory, tensor1d, tidy, type Tensor1D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDevice } from '../../src/engine/backend.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import { adam, beginAdam, type AdamOptions } from '../../src/learn/adam.ts';
import { cosine } from '../../src/learn/schedules.ts';

beforeAll(async () => openDevice('wasm', await nodePlatform({ gpu: false }), () => undefined));

/** θ after each of `steps` steps against `gradient`. */
function trace(start: number[], gradient: (θ: number) => number, steps: number, options: AdamOptions): number[][] {
  let θ: Tensor1D = tensor1d(start);
  let state = beginAdam(θ);
  const seen: number[][] = [];
  for (let i = 0; i < steps; i++) {
    const g = tensor1d([...θ.dataSync()].map((value) => gradient(value)));
    const next = adam(θ, g, state, options);
    dispose([θ, g, state.m, state.v]);
    ({ θ, state } = next);
    seen.push([...θ.dataSync()]);
  }
  dispose([θ, state.m, state.v]);
  return seen;
}

describe('Adam', () => {
  it('steps as by hand', () => {
    // g = 2, then 1. Corrected, m = 2 and v = 4: the first step is the rate whatever the gradient's size. Then
    // m = (0.9·0.2 + 0.1·1)/0.19 = 1.4737, v = (0.999·0.004 + 0.001·1)/0.001999 = 2.49925, and m/√v = 0.93218.
    const gradients = [2, 1];
    const [first, second] = trace([0], () => gradients.shift() ?? NaN, 2, { rate: 0.1 });
    expect(first?.[0]).toBeCloseTo(-0.1, 6);
    expect(second?.[0]).toBeCloseTo(-0.193218, 6);
  });

  it('steps as torch.optim.Adam does', () => {
    // f = Σ x⁴/4 − a·x; PyTorch 2.13, float32, rate 0.1.
    const a = [1, 2, -0.5];
    let i = 0;
    const found = trace([0.5, -1, 2], (x) => x ** 3 - (a[i++ % 3] ?? NaN), 5, { rate: 0.1 });
    const expected = [
      [0.6, -0.9, 1.9],
      [0.6995644, -0.800358, 1.8006319],
      [0.797931, -0.7012334, 1.7023431],
      [0.8935667, -0.6027223, 1.6055818],
      [0.9835351, -0.5048622, 1.5107805],
    ];
    for (const [step, values] of expected.entries()) {
      for (const [j, value] of values.entries()) expect(found[step]?.[j]).toBeCloseTo(value, 5);
    }
  });

  it('keeps what it is given and leaves nothing else behind', () => {
    const { numTensors } = memory();
    trace([1, 2], (x) => x, 10, { rate: 0.1 });
    expect(memory().numTensors).toBe(numTensors);
    tidy(() => {
      const θ = tensor1d([1]);
      adam(θ, tensor1d([1]), beginAdam(θ), { rate: 0.1 });
      expect(θ.dataSync()[0]).toBe(1);
    });
  });
});

describe('the cosine schedule', () => {
  it('falls from the rate to 0, through half of it in the middle', () => {
    expect(cosine(0.05, 0, 200)).toBe(0.05);
    expect(cosine(0.05, 100, 200)).toBeCloseTo(0.025, 12);
    expect(cosine(0.05, 200, 200)).toBe(0);
    expect(cosine(0.05, 300, 200)).toBe(0);
    const rates = Array.from({ length: 201 }, (_, step) => cosine(1, step, 200));
    expect(rates).toEqual([...rates].sort((a, b) => b - a));
  });

  it('is a number for a run without steps', () => {
    expect(cosine(0.05, 0, 0)).toBe(0.05);
  });
});
