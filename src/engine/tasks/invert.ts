/** The z of a picture: S's guess, then descent from the best of several starts (see learn/inversion.ts). */
import { concat, dispose, slice, tensor2d, tidy, tile, zeros, type Rank, type Tensor4D } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { descend, leastOf, pyramidDistance, type Distance, type Rows } from '../../learn/inversion.ts';
import { normal } from '../../random.ts';
import { cleanCaption, isSeed, normaliseSeed, roundZ } from '../../recipe.ts';
import { breathe } from '../breathe.ts';
import type { Painter } from '../catalogue.ts';
import { faulty } from '../config.ts';
import { loadGradients } from '../kernels/register.ts';
import type { StyleEncoder } from '../parts/style-encoder.ts';
import type { Input, Output, Pixels, Reconstruction, SearchProgress } from '../protocol.ts';
import type { Loaded } from '../session.ts';
import { paintPixels, tensorOf } from './pixels.ts';

export const MAX_STEPS = 2000;
/** Each is one more row of a batch, and so costs as much as S's own start while it goes along. */
export const MAX_RESTARTS = 8;
export const MAX_HOLD = 10;
/** Steps that random starts go along for. */
export const TRIAL = 20;
/** Steps from one picture on the way to the next. */
const EVERY = 10;

interface InvertOptions {
  readonly signal: AbortSignal;
  readonly report: (progress: SearchProgress) => void;
  readonly now: () => number;
}

export async function invertTask(
  loaded: Loaded,
  style: StyleEncoder,
  input: Input<'invert'>,
  { signal, report, now }: InvertOptions,
): Promise<Output<'invert'>> {
  const began = now();
  check(loaded, style, input);
  const { pixels, steps } = input;
  const { painter } = loaded;
  const target = tensorOf([pixels]);
  let starts: Rows | undefined;
  let best: Rows | undefined;
  let unmoved: Rows | undefined;
  try {
    starts = startsOf(loaded, style, target, input);
    best = rowOf(starts, 0);
    const { z: _, ...first } = await reconstruct(painter, best, pixels);
    if (steps > 0) {
      await loadGradients();
      const { hold = 0, moveSentence } = input;
      const distance: Distance = (z, sentence) => pyramidDistance(painter.paint(z, sentence, style.size), target);
      const options = { steps, hold, trial: TRIAL, ...(moveSentence && { sentenceFrom: Math.ceil(steps / 2) }) };
      let least = Infinity;
      for await (const point of descend(distance, starts, options)) {
        const row = leastOf(point.losses);
        const [held, loss] = [point.losses[row] ?? NaN, point.distances[row] ?? NaN];
        if (!Number.isFinite(held)) throw wrong(`the distance came out as ${held}`);
        if (held < least) {
          least = held;
          release(best);
          best = rowOf(point, row);
        }
        const { step } = point;
        const shown = step % EVERY === 0 || step === steps;
        const picture = shown ? { picture: (await reconstruct(painter, best, pixels)).pixels } : {};
        report({ stage: 'search', step, steps, loss, ...picture });
        await breathe();
        if (signal.aborted) throw new LimnError({ kind: 'cancelled' });
      }
    }
    const { z, ...found } = await reconstruct(painter, best, pixels);
    if (!input.moveSentence) return { z, first, found, milliseconds: now() - began };
    // All starts have the sentence that was said.
    unmoved = rowOf({ z: best.z, sentence: starts.sentence }, 0);
    const { distance: said } = await reconstruct(painter, unmoved, pixels);
    return { z, first, found, said, milliseconds: now() - began };
  } finally {
    target.dispose();
    release(starts, best, unmoved);
  }
}

/** What a person's input and a model's files may have wrong, before anything is computed. */
function check({ entry, painter }: Loaded, { zLength, size }: StyleEncoder, input: Input<'invert'>): void {
  if (zLength !== painter.zLength) {
    throw faulty(entry, `its style encoder finds ${zLength} numbers, the generator wants ${painter.zLength}`);
  }
  if (!painter.sizes.includes(size)) throw faulty(entry, `its style encoder reads ${size} px, which it does not paint`);
  const { width, height, data } = input.pixels;
  if (width !== size || height !== size || data.length !== 4 * size * size) {
    const detail = `${width} × ${height} pixels; the model wants ${size} × ${size}`;
    throw new LimnError({ kind: 'bad-image', file: 'the picture', detail });
  }
  const whole = (name: 'steps' | 'restarts', most: number): void => {
    const value = input[name];
    if (Number.isInteger(value) && value >= 0 && value <= most) return;
    throw new LimnError({ kind: 'bad-recipe', detail: `${name}: expected a whole number from 0 to ${most}` });
  };
  whole('steps', MAX_STEPS);
  whole('restarts', MAX_RESTARTS);
  const { hold = 0 } = input;
  if (!(hold >= 0 && hold <= MAX_HOLD)) {
    throw new LimnError({ kind: 'bad-recipe', detail: `hold: expected a number from 0 to ${MAX_HOLD}` });
  }
  if (!isSeed(input.seed)) throw new LimnError({ kind: 'bad-recipe', detail: 'seed: expected a whole number' });
}

/** S's z first, then drawn ones, [1 + restarts,·]; all with one sentence. */
function startsOf(
  { painter, sentences }: Loaded,
  style: StyleEncoder,
  target: Tensor4D,
  { caption, steps, restarts, seed }: Input<'invert'>,
): Rows {
  const text = cleanCaption(caption);
  // Sentences are standardised, so the mean of all captions is zero.
  const sentence = text === '' ? undefined : sentences.of(text);
  const others = Array.from({ length: steps > 0 ? restarts : 0 }, (_, i) => normaliseSeed(seed + i));
  return tidy(() => {
    const drawn = others.map((one) => tensor2d(normal(one, style.zLength), [1, style.zLength]));
    const z = concat([style.encode(target), ...drawn]);
    const said = sentence ?? zeros<Rank.R2>([1, painter.sentenceLength]);
    return { z, sentence: tile(said, [1 + others.length, 1]) };
  });
}

const rowOf = ({ z, sentence }: Rows, row: number): Rows => ({
  z: slice(z, [row, 0], [1, -1]),
  sentence: slice(sentence, [row, 0], [1, -1]),
});

function release(...all: readonly (Rows | undefined)[]): void {
  for (const rows of all) if (rows) dispose([rows.z, rows.sentence]);
}

/** One row as a recipe can hold it, its z rounded; what exactly that z paints; and how far that is from what is sought. */
async function reconstruct(
  painter: Painter,
  { z, sentence }: Rows,
  wanted: Pixels,
): Promise<Reconstruction & { readonly z: readonly number[] }> {
  const values = await z.data<'float32'>();
  // Rounding would make a 0 of what is no number.
  if (!values.every(Number.isFinite)) throw wrong('the style is no number');
  const rounded = roundZ(values);
  const [pixels] = await paintPixels(painter, sentence, Float32Array.from(rounded), wanted.width);
  if (!pixels) throw wrong('nothing was painted');
  let sum = 0;
  for (const [i, value] of pixels.data.entries()) if (i % 4 !== 3) sum += (value - (wanted.data[i] ?? NaN)) ** 2;
  return { z: rounded, pixels, distance: Math.sqrt(sum / (3 * wanted.width * wanted.height)) };
}

const wrong = (detail: string): LimnError => new LimnError({ kind: 'wrong-numbers', detail });
