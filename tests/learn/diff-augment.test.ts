import { grad, memory, mul, ones, sum, tidy, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { openDevice } from '../../src/engine/backend.ts';
import { loadGradients } from '../../src/engine/kernels/register.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import { augment, drawMoves } from '../../src/learn/diff-augment.ts';
import { stream } from '../../src/random.ts';
import { draw } from '../support/tiny-gan.ts';

beforeAll(async () => {
  await openDevice('wasm', await nodePlatform({ gpu: false }), () => undefined);
  await loadGradients();
});

const SIZE = 16;
const COUNT = 40;

it('carries pixels, each to one place at most, and blanks the rest', async () => {
  const moves = drawMoves(stream(3), COUNT, SIZE);
  const none = COUNT * SIZE * SIZE;
  const arrived = [...moves.from].filter((place) => place !== none);
  expect(new Set(arrived).size).toBe(arrived.length);
  const places = [...moves.from].map((there, here) => ({ there, here })).filter(({ there }) => there !== none);
  expect(places.filter(({ there, here }) => moves.to[there] !== here)).toEqual([]);
  // Never into another picture.
  const owner = (place: number): number => Math.floor(place / SIZE ** 2);
  expect(places.filter(({ there, here }) => owner(there) !== owner(here))).toEqual([]);
  const x = draw<Tensor4D>(1, COUNT, SIZE, SIZE, 3);
  const [from, to] = [await x.data<'float32'>(), await augment(x, moves).data<'float32'>()];
  const expected = to.map((_, i) => {
    const there = moves.from[Math.floor(i / 3)]!;
    return there === none ? 0 : from[3 * there + (i % 3)]!;
  });
  expect(to).toEqual(expected);
});

it('moves by an eighth at the most, mirrors half, and cuts a square out of half', () => {
  const { from } = drawMoves(stream(5), 400, SIZE);
  const area = SIZE ** 2;
  let [mirrored, cut] = [0, 0];
  for (let i = 0; i < 400; i++) {
    const places = [...from.subarray(i * area, (i + 1) * area)].map((place) => place - i * area);
    const seen = places.map((place, here) => ({ place, here })).filter(({ place }) => place < area);
    // One row, two neighbours: the second is right of the first, or left of it where the picture is mirrored.
    const pair = seen.find(({ here }, k) => seen[k + 1]?.here === here + 1 && (here + 1) % SIZE !== 0)!;
    const next = seen.find(({ here }) => here === pair.here + 1)!;
    const flipped = next.place < pair.place;
    mirrored += flipped ? 1 : 0;
    const [x, y] = [pair.here % SIZE, Math.floor(pair.here / SIZE)];
    const [sx, sy] = [pair.place % SIZE, Math.floor(pair.place / SIZE)];
    expect(Math.abs(sy - y)).toBeLessThanOrEqual(2);
    expect(Math.abs(sx - (flipped ? SIZE - 1 - x : x))).toBeLessThanOrEqual(2);
    // Moving alone leaves at least (14/16)² of the picture.
    cut += seen.length < 14 ** 2 ? 1 : 0;
  }
  expect(mirrored).toBeGreaterThan(150);
  expect(mirrored).toBeLessThan(250);
  expect(cut).toBeGreaterThan(100);
  expect(cut).toBeLessThan(250);
});

it('goes back the way it came', async () => {
  const before = memory().numTensors;
  const moves = drawMoves(stream(4), 3, SIZE);
  const [x, y] = [draw<Tensor4D>(1, 3, SIZE, SIZE, 3), draw<Tensor4D>(2, 3, SIZE, SIZE, 3)];
  // ⟨A x, y⟩ = ⟨x, Aᵀ y⟩ for every x, of which Aᵀ y is the gradient.
  const back = grad((z: Tensor) => sum(mul(augment(z as Tensor4D, moves), y)))(x);
  const there = tidy(() => sum(mul(augment(x, moves), y)));
  const here = tidy(() => sum(mul(x, back)));
  expect((await there.data<'float32'>())[0]).toBeCloseTo((await here.data<'float32'>())[0]!, 3);
  const count = grad((z: Tensor) => sum(augment(z as Tensor4D, moves)))(ones([3, SIZE, SIZE, 3]));
  expect([...new Set(await count.data())].sort()).toEqual([0, 1]);
  for (const one of [x, y, back, there, here, count]) one.dispose();
  expect(memory().numTensors).toBe(before + 1); // the ones
});
