/** What the golden file does not tell of STREAM: edges, odd sizes, the mask. */
import {
  dispose,
  memory,
  slice,
  sum,
  tensor,
  tensor2d,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { openDevice } from '../../src/engine/backend.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import {
  captionLoss,
  firstState,
  imageFeatures,
  step,
  streamShapes,
  teacherForced,
  type StreamConfig,
} from '../../src/models/stream.ts';
import { normal } from '../../src/random.ts';
import { BEGIN, END, UNKNOWN } from '../../src/text/tokens.ts';

beforeAll(async () => {
  await openDevice('wasm', await nodePlatform({ gpu: false }), () => undefined);
});

const config: StreamConfig = {
  size: 16,
  look: 40,
  word: 5,
  hidden: 6,
  similarity: 4,
  vocabulary: 12,
  longest: 8,
  channels: [4, [2, 3], [2, 3], [2, 3], [2, 3], [2, 4], [2, 4], [2, 4], [2, 4]],
};

const draw = (seed: number, shape: readonly number[], scale = 1): Tensor => {
  const length = shape.reduce((a, b) => a * b, 1);
  return tensor(normal(seed, length).map((v) => v * scale), [...shape]); // prettier-ignore
};
const parameters = new Map(
  [...streamShapes(config)].map(([name, shape], i) => [
    name,
    () => draw(i, shape, name === 'conv1.weight' ? 0.01 : 0.4),
  ]),
);
const drawn = () => new Map([...parameters].map(([name, make]) => [name, make()]));

it('says step by step what it says when it is told what it said', async () => {
  const p = drawn();
  const f = imageFeatures(p, config, draw(99, [1, 16, 16, 3]) as Tensor4D);
  const tokens = [5, 9, 3, END];
  const told = await teacherForced(p, f, tensor2d([tokens], [1, 4], 'int32')).data();
  let state = firstState(p, f);
  for (const [t, token] of tokens.entries()) {
    const heard = t === 0 ? BEGIN : (tokens[t - 1] ?? NaN);
    const next = step(p, state, tensor([heard], [1], 'int32') as never);
    const logits = [...(await next.logits.data())];
    const norm = Math.log(logits.reduce((s, v) => s + Math.exp(v), 0));
    expect((logits[token] ?? NaN) - norm).toBeCloseTo(told[t] ?? NaN, 4);
    state = next.state;
  }
});

it('sees the pictures of a batch each for itself', async () => {
  const p = drawn();
  const pictures = draw(98, [3, 16, 16, 3]) as Tensor4D;
  const together = await imageFeatures(p, config, pictures).array();
  for (const [i, row] of together.entries()) {
    const alone = await imageFeatures(p, config, slice(pictures, [i, 0, 0, 0], [1, -1, -1, -1])).data();
    for (const [j, value] of row.entries()) expect(alone[j]).toBeCloseTo(value, 4);
  }
});

it('leaves unknown words out of the loss', async () => {
  const p = drawn();
  const f = draw(97, [1, 16]) as Tensor2D;
  const tokens = tensor2d([[5, UNKNOWN, 3, END]], [1, 4], 'int32');
  const said = await teacherForced(p, f, tokens).data();
  const [loss] = await captionLoss(p, f, tokens).data();
  expect(loss).toBeCloseTo(-((said[0] ?? NaN) + (said[2] ?? NaN) + (said[3] ?? NaN)), 4);
});

/** Maps of odd and even edges before each of the three poolings. */
it.each([32, 37, 40, 63, 64, 65, 80, 96])('looks at %d pixels and keeps no tensor', (look) => {
  const p = drawn();
  const pictures = draw(96, [1, 16, 16, 3]) as Tensor4D;
  const { numTensors } = memory();
  const f = imageFeatures(p, { ...config, look }, pictures);
  expect(f.shape).toEqual([1, 16]);
  expect(memory().numTensors).toBe(numTensors + 1);
  expect(Number.isFinite(sum(f).dataSync()[0])).toBe(true);
  dispose([f, ...p.values()]);
});
