import {
  conv2d,
  dispose,
  grads,
  mul,
  removeBackend,
  sum,
  tensor,
  tidy,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { openDevice } from '../../src/engine/backend.ts';
import { loadGradients } from '../../src/engine/kernels/register.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import { normal } from '../../src/random.ts';

const draw = (seed: number, shape: readonly number[]): Tensor =>
  tensor(
    normal(
      seed,
      shape.reduce((a, b) => a * b),
    ),
    [...shape],
  );

type Pad = Parameters<typeof conv2d>[3];
const CASES: [what: string, kernel: [number, number], strides: number, pad: Pad, x?: number[]][] = [
  ['3×3, same', [3, 3], 1, 'same'],
  ['1×1', [1, 1], 1, 'same'],
  ['4×4, same, with more padding on one side', [4, 4], 1, 'same'],
  ['2×3, valid', [2, 3], 1, 'valid'],
  ['3×3, padded by hand', [3, 3], 1, [[0, 0], [0, 2], [1, 0], [0, 0]]], // prettier-ignore
  ['2×2, padded by more than it looks over', [2, 2], 1, [[0, 0], [2, 1], [1, 2], [0, 0]]], // prettier-ignore
  ['7×7, strides', [7, 7], 2, 'valid'],
  ['4×4, strides', [4, 4], 2, 'same'],
  ['4×4, strides over an even number', [4, 4], 2, [[0, 0], [1, 2], [1, 1], [0, 0]], [2, 10, 12, 3]], // prettier-ignore
  ['3×3, strides over an even number', [3, 3], 2, 'same', [2, 10, 12, 3]],
  ['2×1, strides that leave places out', [2, 1], 2, 'valid', [2, 10, 12, 3]],
];

/** Ours on wasm, tfjs' own on cpu. */
async function gradientsOn(backend: BackendName): Promise<Map<string, Float32Array>> {
  await openDevice(backend, await nodePlatform({ gpu: false }), () => undefined);
  await loadGradients();
  const found = new Map<string, Float32Array>();
  for (const [what, kernel, strides, pad, shape = [2, 9, 11, 3]] of CASES) {
    const both = tidy(() => {
      const filter = draw(2, [...kernel, 3, 5]) as Tensor4D;
      const run = (x: Tensor, w: Tensor): Tensor => conv2d(x as Tensor4D, w as Tensor4D, strides, pad);
      const x = draw(1, shape);
      const probe = draw(3, run(x, filter).shape);
      return grads((y: Tensor, w: Tensor) => sum(mul(run(y, w), probe)))([x, filter]);
    });
    for (const [i, name] of ['x', 'filter'].entries())
      found.set(`${name} of ${what}`, await both[i]!.data<'float32'>());
    dispose(both);
  }
  removeBackend(backend);
  return found;
}

it('goes back through convolutions on wasm as on cpu', async () => {
  const [wasm, cpu] = [await gradientsOn('wasm'), await gradientsOn('cpu')];
  for (const [what, expected] of cpu) {
    const found = wasm.get(what) ?? [];
    expect(found, what).toHaveLength(expected.length);
    const worst = Math.max(...expected.map((v, i) => Math.abs(v - (found[i] ?? NaN))));
    expect(worst, what).toBeLessThan(1e-4);
    expect(Math.max(...expected), what).toBeGreaterThan(1);
  }
});
