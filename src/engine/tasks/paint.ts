/** Recipes → pictures, in batches of the shapes that were compiled. */
import { concat, dispose, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { mixSentences } from '../../models/conditioning.ts';
import { parseRecipe, type Recipe } from '../../recipe.ts';
import { breathe } from '../breathe.ts';
import { noiseOf } from '../noise.ts';
import type { Input, Output, Picture } from '../protocol.ts';
import { BATCH, type Loaded } from '../session.ts';
import { paintPixels } from './pixels.ts';

/** Pictures of one call; the page asks for some dozens at the most, the command line for more. */
export const MAX_COUNT = 10_000;

export interface PaintOptions {
  readonly signal: AbortSignal;
  readonly report: (report: { readonly index: number; readonly picture: Picture }) => void;
  readonly now: () => number;
}

/** Each picture is reported as it comes; the signal is heard between batches. */
export async function paintTask(
  loaded: Loaded,
  { recipes }: Input<'paint'>,
  { signal, report, now }: PaintOptions,
): Promise<Output<'paint'>> {
  const begun = now();
  const { painter, batch } = loaded;
  const [first] = recipes;
  if (!first || recipes.length > MAX_COUNT) {
    throw refuse(`the count is no whole number from 1 to ${MAX_COUNT}`);
  }
  const size = sizeOf(loaded, first);
  const checked = recipes.map((recipe) => {
    const one = parseRecipe(recipe);
    if (one.model !== first.model || one.size !== first.size) throw refuse('one call paints one model at one size');
    return one;
  });
  for (let at = 0; at < checked.length;) {
    await breathe();
    if (signal.aborted) throw new LimnError({ kind: 'cancelled' });
    // Full batches and single pictures, nothing between: other shapes would grow the buffer pool.
    const n = batch === BATCH && checked.length - at >= BATCH ? BATCH : 1;
    const some = checked.slice(at, at + n);
    const z = new Float32Array(n * painter.zLength);
    for (const [i, recipe] of some.entries()) z.set(noiseOf(recipe, painter.zLength), i * painter.zLength);
    const sentences = sentencesOf(loaded, some);
    try {
      const pixels = await paintPixels(painter, sentences, z, size);
      for (const [i, recipe] of some.entries()) {
        const picture = pixels[i];
        if (picture) report({ index: at + i, picture: { recipe: { ...recipe, size }, pixels: picture } });
      }
    } finally {
      dispose(sentences);
    }
    at += n;
  }
  return { pictures: checked.length, milliseconds: now() - begun };
}

/** The edge that a recipe asks for, in pixels; throws LimnError bad-recipe where the model has no such size. */
export function sizeOf({ painter: { sizes } }: Pick<Loaded, 'painter'>, recipe: Recipe): number {
  const size = recipe.size === 0 ? Math.max(...sizes) : recipe.size;
  if (!sizes.includes(size)) throw refuse(`the model paints ${sizes.join(', ')} px, not ${size}`);
  return size;
}

/** → sentences [recipes,D], those between two captions mixed; the caller disposes of them. */
export function sentencesOf({ sentences }: Pick<Loaded, 'sentences'>, recipes: readonly Recipe[]): Tensor2D {
  // Read before the tidy, which would otherwise own what is remembered.
  const ends = recipes.map(({ caption, towards }) => {
    const here = sentences.of(caption);
    return { here, there: towards && towards.text > 0 ? sentences.of(towards.caption) : here };
  });
  const steps = recipes.map(({ towards }) => towards?.text ?? 0);
  return tidy(() => {
    const here = concat(ends.map((end) => end.here)); // [B,D]
    if (steps.every((t) => t === 0)) return here;
    return mixSentences(here, concat(ends.map((end) => end.there)), tensor2d(steps, [steps.length, 1]));
  });
}

const refuse = (detail: string): LimnError => new LimnError({ kind: 'bad-recipe', detail });
