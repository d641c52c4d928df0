import { tensor, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { openDevice } from '../../src/engine/backend.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import { convolveDoubled, hasPhases, phaseParameters } from '../../src/models/doubling.ts';
import { convolution, double } from '../../src/models/layers.ts';
import { normal } from '../../src/random.ts';

beforeAll(() => openDevice('wasm', nodePlatformWithoutGpu, () => undefined));
const nodePlatformWithoutGpu = await nodePlatform({ gpu: false });

/** 64 channels take a kernel a phase, 6 one kernel for both column phases. */
it.each([64, 6])('equals doubling and convolving, with %d channels out', async (channels) => {
  const draw = (seed: number, shape: number[]): Tensor =>
    tensor(
      normal(
        seed,
        shape.reduce((a, b) => a * b),
      ),
      shape,
    );
  const plain = new Map([
    ['conv.weight', draw(1, [3, 3, 5, channels])],
    ['conv.bias', draw(2, [channels])],
  ]);
  const p = new Map([...plain, ...phaseParameters(plain, 'conv')]);
  const x = draw(3, [2, 4, 3, 5]) as Tensor4D;
  expect(hasPhases(plain, 'conv')).toBe(false);
  expect(hasPhases(p, 'conv')).toBe(true);

  const found = convolveDoubled(p, 'conv', x);
  const expected = convolution(plain, 'conv', double(x));
  expect(found.shape).toEqual([2, 8, 6, channels]);
  const [a, b] = [await found.data(), await expected.data()];
  const worst = Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));
  expect(worst).toBeLessThan(1e-5);
});
