import {
  matMul,
  memory,
  reshape,
  slice,
  tanh,
  tensor,
  tensor2d,
  tensor4d,
  tidy,
  type Rank,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDevice } from '../../src/engine/backend.ts';
import { loadGradients } from '../../src/engine/kernels/register.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import { descend, pyramidDistance, type Distance, type DescentOptions, type Rows } from '../../src/learn/inversion.ts';
import { ganIntClsShapes, generate } from '../../src/models/gan-int-cls.ts';
import { onShell } from '../../src/models/style-encoder.ts';
import { normal } from '../../src/random.ts';

beforeAll(async () => {
  await openDevice('wasm', await nodePlatform({ gpu: false }), () => undefined);
  await loadGradients();
});

let before = 0;
beforeEach(() => {
  before = memory().numTensors;
});

const draw = (seed: number, rows: number, columns: number, scale = 1): Tensor2D =>
  tensor2d(
    normal(seed, rows * columns).map((v) => v * scale),
    [rows, columns],
  );

/** All that a descent yields, as plain numbers. */
async function follow(distance: Distance, start: Rows, options: DescentOptions) {
  const seen = [];
  for await (const { step, z, sentence, losses, distances } of descend(distance, start, options)) {
    const [there, said] = [await z.array(), await sentence.array()];
    seen.push({ step, z: there, sentence: said, losses: [...losses], distances: [...distances] });
  }
  return seen;
}

const furthest = (a: readonly number[] = [], b: readonly number[] = []): number =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));
const least = (values: readonly number[] = []): number => values.indexOf(Math.min(...values));

describe('the pyramid', () => {
  it('adds up mean squares at full size, half and a quarter', () => {
    // A checkerboard of ±1 is gone at half its size; a constant difference of 0.5 stays at every size.
    const board = Float32Array.from({ length: 48 }, (_, i) =>
      (Math.floor(i / 3) + Math.floor(i / 12)) % 2 === 0 ? 1 : -1,
    );
    const a = tensor4d([...board, ...board.map(() => 0.5)], [2, 4, 4, 3]);
    const b = tensor4d(new Float32Array(48), [1, 4, 4, 3]);
    const found = tidy(() => [pyramidDistance(a, b).arraySync(), pyramidDistance(a, b, [0, 2]).arraySync()]);
    expect(found[0]).toEqual([1, 0.75]);
    expect(found[1]).toEqual([0, 0.5]);
    a.dispose();
    b.dispose();
  });
});

describe('descent on a generator whose z is known', () => {
  const Z = 6;
  const w = (): Tensor2D => draw(1, Z, 8 * 8 * 3, 0.4);
  const paint = (z: Tensor2D, weights: Tensor2D): Tensor4D => reshape<Rank.R4>(tanh(matMul(z, weights)), [-1, 8, 8, 3]);

  it('finds that z, on the shell all the way, and its losses fall', async () => {
    const weights = w();
    const wanted = tidy(() => onShell(draw(2, 1, Z)));
    const target = tidy(() => paint(wanted, weights));
    const start = { z: draw(3, 1, Z), sentence: draw(4, 1, 2) };
    const distance: Distance = (z) => pyramidDistance(paint(z, weights), target);
    const seen = await follow(distance, start, { steps: 200, rate: 0.1 });
    expect(seen.map(({ step }) => step)).toEqual(Array.from({ length: 201 }, (_, i) => i));
    const [expected] = await wanted.array();
    expect(furthest(seen.at(-1)?.z[0], expected)).toBeLessThan(1e-2);
    expect(furthest(seen[0]?.z[0], expected)).toBeGreaterThan(0.5);
    expect(seen.at(-1)?.losses[0]).toBeLessThan(1e-4 * (seen[0]?.losses[0] ?? 0));
    for (const { z } of seen) expect(Math.hypot(...(z[0] ?? []))).toBeCloseTo(Math.sqrt(Z), 4);
    for (const t of [weights, wanted, target, start.z, start.sentence]) t.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('tries several starts and goes on from the best', async () => {
    const weights = w();
    const target = tidy(() => paint(onShell(draw(2, 1, Z)), weights));
    const start = { z: draw(5, 4, Z), sentence: draw(4, 4, 2) };
    const distance: Distance = (z) => pyramidDistance(paint(z, weights), target);
    const together = await follow(distance, start, { steps: 30, trial: 10 });
    expect(together.map(({ losses }) => losses.length)).toEqual([
      ...Array<number>(11).fill(4),
      ...Array<number>(20).fill(1),
    ]);
    // Alone, each start goes the very same way: rows do not see each other, and the schedule is one.
    const best = least(together[10]?.losses);
    const one = tidy(() => ({
      z: slice(start.z, [best, 0], [1, -1]),
      sentence: slice(start.sentence, [0, 0], [1, -1]),
    }));
    const alone = await follow(distance, one, { steps: 30 });
    expect(together.at(-1)?.losses[0]).toBeCloseTo(alone.at(-1)?.losses[0] ?? NaN, 6);
    expect(furthest(together.at(-1)?.z[0], alone.at(-1)?.z[0])).toBeLessThan(1e-4);
    for (const t of [weights, target, start.z, start.sentence, one.z, one.sentence]) t.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('holds each row to where that row began, and tells its distance apart', async () => {
    const weights = w();
    const target = tidy(() => paint(onShell(draw(2, 1, Z)), weights));
    const start = { z: draw(5, 4, Z), sentence: draw(4, 4, 2) };
    const distance: Distance = (z) => pyramidDistance(paint(z, weights), target);
    const seen = await follow(distance, start, { steps: 30, trial: 10, hold: 2 });
    const turned = (step: number, row: number, from: number): number =>
      1 - (seen[step]?.z[row] ?? []).reduce((sum, v, i) => sum + v * (seen[0]?.z[from]?.[i] ?? NaN), 0) / Z;
    const best = least(seen[10]?.distances);
    for (const [step, row, from] of [
      [0, 3, 3],
      [10, 1, 1],
      [11, 0, best],
      [30, 0, best],
    ] as const) {
      const { losses, distances } = seen[step]!;
      expect(losses[row]! - distances[row]!).toBeCloseTo(2 * turned(step, row, from), 4);
    }
    const free = await follow(distance, start, { steps: 30, trial: 10 });
    expect(free[30]?.losses).toEqual(free[30]?.distances);
    expect(seen[0]?.distances[2]).toBeCloseTo(free[0]?.losses[2] ?? NaN, 6);
    for (const t of [weights, target, start.z, start.sentence]) t.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('leaves nothing behind where it is left in the middle, or where it throws', async () => {
    const weights = w();
    const target = tidy(() => paint(onShell(draw(2, 1, Z)), weights));
    const start = { z: draw(3, 1, Z), sentence: draw(4, 1, 2) };
    const held = memory().numTensors;
    for await (const { step } of descend((z) => pyramidDistance(paint(z, weights), target), start, { steps: 50 })) {
      if (step === 7) break;
    }
    expect(memory().numTensors).toBe(held);
    const broken = async () => {
      for await (const { step } of descend((z) => pyramidDistance(paint(z, weights), target), start, { steps: 50 })) {
        if (step === 3) throw new Error('enough');
      }
    };
    await expect(broken()).rejects.toThrow('enough');
    expect(memory().numTensors).toBe(held);
    for (const t of [weights, target, start.z, start.sentence]) t.dispose();
  });
});

describe('who moves', () => {
  const config = { z: 5, sentence: 4, text: 3, channels: [8, 6] };
  const parameters = (): Map<string, Tensor> =>
    new Map(
      [...ganIntClsShapes(config)].map(([name, shape], i) => {
        const length = shape.reduce((a, b) => a * b, 1);
        return [
          name,
          tensor(
            normal(10 + i, length).map((v) => 0.4 * v),
            [...shape],
          ),
        ];
      }),
    );

  it.each([false, true])('z alone, or the sentence too where it may: %s', async (loose) => {
    const p = parameters();
    const all = [...p.values()];
    const values = () => Promise.all(all.map(async (t) => [...(await t.data())]));
    const weights = await values();
    const start = { z: draw(3, 1, 5), sentence: draw(4, 1, 4) };
    const target = tidy(() => generate(p, config, { z: onShell(draw(8, 1, 5)), sentence: draw(9, 1, 4) }));
    const distance: Distance = (z, sentence) => pyramidDistance(generate(p, config, { z, sentence }), target, [1, 1]);
    const seen = await follow(distance, start, { steps: 20, ...(loose && { sentenceFrom: 10 }) });
    const [first, middle, last] = [seen[0], seen[10], seen[20]];
    expect(await values()).toEqual(weights);
    expect(furthest(last?.z[0], first?.z[0])).toBeGreaterThan(0.1);
    expect(middle?.sentence).toEqual(first?.sentence);
    if (loose) expect(furthest(last?.sentence[0], first?.sentence[0])).toBeGreaterThan(0.05);
    else expect(last?.sentence).toEqual(first?.sentence);
    expect(last?.losses[0]).toBeLessThan(first?.losses[0] ?? 0);
    for (const t of [...all, target, start.z, start.sentence]) t.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
