/**
 * Steps of training, one after the other, on few pictures. Every draw of a step hangs on the run's seed and the step's
 * number alone: a run that was cut off goes on as if it had not been.
 */
import {
  dispose,
  gather,
  tensor1d,
  tensor2d,
  tidy,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { mixSentences } from '../models/conditioning.ts';
import { stream, type Stream } from '../random.ts';
import { drawMoves } from './diff-augment.ts';
import { ganStep, type Batch, type GanState, type Networks, type Seen } from './gan-step.ts';
import { release } from './learner.ts';

/** What is learnt from; all of it the caller's. */
export interface Material {
  /** [N,S,S,3] in [-1,1], and what each shows, [N,D]. */
  readonly pictures: Tensor4D;
  readonly sentences: Tensor2D;
  /** Sentences that the old model knows, [K,D]. */
  readonly known: Tensor2D;
  readonly zLength: number;
  /** z [B,Z], sentence [B,D] → what the old model paints; it is not to change. */
  readonly paintOld: (z: Tensor2D, sentence: Tensor2D) => Tensor4D;
}

export interface TrainingOptions {
  readonly seed: number;
  readonly batch: number;
  readonly rate: number;
  readonly anchor: number;
}

/** Where training stands after `step` steps, and the means of what the last one saw. The state is the training's own. */
export interface Stand {
  readonly step: number;
  readonly state: GanState;
  readonly seen: Readonly<Record<keyof Seen, number>>;
}

/** The critic learns faster than what it judges: it has more to unlearn. */
const CRITIC_PACE = 5;
/** A quarter of what is asked for, in the mean of the steps, lies between two captions (GAN-INT). */
const MIXED = 1 / 4;
/** Weight of what holds a model to the old, where `anchor` is 1. */
const HOLD = 15;
/**
 * Steps in which the rates rise from nothing: Adam's first steps are as long for parameters that hardly matter as for
 * the others, and a generator's old pictures are gone before anything holds them.
 */
const WARM_UP = 25;

/** After so many steps the running mean forgets by half. */
const HALF_LIFE = 70;
/** At first the running mean follows closely, so that it leaves the beginning behind. */
export const decayAt = (step: number): number => Math.min(0.5 ** (1 / HALF_LIFE), (1 + step) / (10 + step));

/**
 * From `start`, which it takes over, without end: yields after each step; leaving the loop ends it and frees what it
 * holds.
 */
export async function* train(
  start: { readonly step: number; readonly state: GanState },
  networks: Networks,
  material: Material,
  options: TrainingOptions,
): AsyncGenerator<Stand, void, void> {
  const anchor = HOLD * options.anchor;
  let { step, state } = start;
  try {
    const said = alike(await material.sentences.data<'float32'>(), material.pictures.shape[0]);
    for (;;) {
      const batch = drawBatch(material, said, options, step);
      const rate = options.rate * Math.min(1, (step + 1) / WARM_UP);
      const next = ganStep(state, networks, batch, {
        rate,
        criticRate: CRITIC_PACE * rate,
        anchor,
        decay: decayAt(step),
      });
      freeBatch(batch);
      releaseAll(state);
      state = next.state;
      step += 1;
      yield { step, state, seen: await numbersOf(next.seen) };
    }
  } finally {
    releaseAll(state);
  }
}

export function releaseAll({ generator, critic }: GanState): void {
  release(generator);
  release(critic);
}

async function numbersOf(seen: Seen): Promise<Stand['seen']> {
  const names = Object.keys(seen) as (keyof Seen)[];
  const values = await Promise.all(names.map(async (name) => (await seen[name].data<'float32'>())[0] ?? NaN));
  dispose(seen);
  return Object.fromEntries(names.map((name, i) => [name, values[i]])) as Stand['seen'];
}

/** A stream for each step of each run. */
const streamOf = (seed: number, step: number): Stream => stream(Math.imul(seed, 0x9e3779b1) + step);

/** Differences of two sentences below this are rounding: where a caption stood in its batch. */
const ROUNDING = 1e-3;

/** sentences of `count` rows, one after the other → for each the first row that says the same */
export function alike(sentences: Float32Array, count: number): number[] {
  const length = sentences.length / count;
  const rows = Array.from({ length: count }, (_, i) => sentences.subarray(i * length, (i + 1) * length));
  const same = (a: Float32Array, b: Float32Array): boolean => a.every((x, i) => Math.abs(x - (b[i] ?? NaN)) < ROUNDING);
  return rows.map((row) => rows.findIndex((other) => same(row, other)));
}

/**
 * What one step is made from: `batch` new rows, and as many of what is known, if anything is. `said` is what `alike`
 * found of the sentences.
 */
export function drawBatch(
  material: Material,
  said: readonly number[],
  { seed, batch, anchor }: TrainingOptions,
  step: number,
): Batch {
  const draws = streamOf(seed, step);
  const { pictures, sentences, known, zLength } = material;
  const [n, size] = pictures.shape;
  const below = (count: number): number => Math.floor(draws.uniform() * count);
  const some = (of: number): number[] => Array.from({ length: batch }, () => below(of));
  const chosen = some(n);
  // Another example's caption, which says something else than the picture's own.
  const others = chosen.flatMap((own) => {
    const after = Array.from({ length: n - 1 }, (_, i) => (own + 1 + i) % n);
    const wrong = after.filter((other) => said[other] !== said[own]);
    const one = wrong[below(wrong.length)];
    return one === undefined ? [] : [one];
  });
  const [asked, mixedWith, remembered] = [some(n), some(n), some(known.shape[0])];
  // Where a quarter of the batch is no whole number, it is rounded now down and now up.
  const mixed = Math.floor(batch * MIXED + ((batch * MIXED) % 1 ? draws.uniform() : 0));
  const β = asked.map((_, i) => (i < mixed ? draws.uniform() : 0));
  const plain = asked.map((_, i) => (i < mixed ? 0 : 1));
  const [z, oldZ] = [drawn(draws, batch, zLength), drawn(draws, batch, zLength)];
  const realMoves = drawMoves(draws, batch, size);
  const paintedMoves = drawMoves(draws, batch, size);

  const tensors = tidy(() => ({
    real: gather(pictures, indexed(chosen)),
    sentence: gather(sentences, indexed(chosen)),
    ...(others.length > 0 && { wrong: gather(sentences, indexed(others)) }),
    z: tensor2d(z, [batch, zLength]),
    asked: mixSentences(
      gather(sentences, indexed(asked)),
      gather(sentences, indexed(mixedWith)),
      tensor2d(β, [batch, 1]),
    ),
    plain: tensor1d(plain),
  }));
  if (known.shape[0] === 0 || anchor === 0) return { ...tensors, realMoves, paintedMoves };
  const old = tidy(() => {
    const of = { z: tensor2d(oldZ, [batch, zLength]), sentence: gather(known, indexed(remembered)) };
    return { ...of, pictures: material.paintOld(of.z, of.sentence) };
  });
  return { ...tensors, old, realMoves, paintedMoves };
}

const drawn = ({ normal }: Stream, rows: number, length: number): Float32Array =>
  Float32Array.from({ length: rows * length }, normal);

const indexed = (indices: readonly number[]): Tensor1D => tensor1d([...indices], 'int32');

export function freeBatch({ realMoves: _real, paintedMoves: _painted, ...tensors }: Batch): void {
  dispose(tensors);
}
