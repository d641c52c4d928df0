/** Recipes → pictures, in batches of the shapes that were compiled. */
import { concat, dispose, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { mixSentences } from '../../models/conditioning.ts';
import { parseRecipe, type Recipe } from '../../recipe.ts';
import { breathe } from '../breathe.ts';
import { noiseOf } from '../noise.ts';
import type { InStages } from '../catalogue.ts';
import type { Input, Output, Picture, Pixels } from '../protocol.ts';
import type { Loaded } from '../session.ts';
import { BATCH } from '../warm-up.ts';
import { paintPixels } from './pixels.ts';
import { paintInStages } from './stages.ts';

/** Pictures of one call; the page asks for some dozens at the most, the command line for more. */
export const MAX_COUNT = 10_000;

export interface PaintOptions {
  readonly signal: AbortSignal;
  /** `draft`: an earlier stage of the picture, which comes again. */
  readonly report: (report: { readonly index: number; readonly picture: Picture; readonly draft?: true }) => void;
  readonly now: () => number;
  /** Where pictures take long and come in stages, each stage is told of. */
  readonly drafts?: boolean;
}

/** Each picture is reported as it comes; the signal is heard between batches. */
export async function paintTask(
  loaded: Loaded,
  { recipes }: Input<'paint'>,
  { signal, report, now, drafts = false }: PaintOptions,
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
      const tell = (i: number, pixels: Pixels, draft?: true): void => {
        const recipe = some[i];
        if (!recipe) return;
        const picture = { recipe: { ...recipe, size: pixels.width }, pixels };
        report({ index: at + i, picture, ...(draft && { draft }) });
      };
      const { stages } = painter;
      if (drafts && stages && batch < BATCH) {
        const last = painter.sizes.indexOf(size);
        const noise = tensor2d(z, [1, painter.zLength]);
        await sharpen(stages, noise, sentences, last, (pixels, draft) => tell(0, pixels, draft));
      } else {
        const painted = await paintPixels(painter, sentences, z, size);
        for (const [i, pixels] of painted.entries()) tell(i, pixels);
      }
    } finally {
      dispose(sentences);
    }
    at += n;
  }
  return { pictures: checked.length, milliseconds: now() - begun };
}

/** One picture, told of after each stage; z is disposed of. */
async function sharpen(
  stages: InStages,
  z: Tensor2D,
  sentence: Tensor2D,
  last: number,
  tell: (pixels: Pixels, draft?: true) => void,
): Promise<void> {
  try {
    for await (const { index, pixels } of paintInStages(stages, z, sentence, last)) {
      if (index === last) tell(pixels);
      else tell(pixels, true);
      await breathe();
    }
  } finally {
    z.dispose();
  }
}

/** The edge that a recipe asks for, in pixels; throws LimnError bad-recipe where the model has no such size. */
export function sizeOf({ painter: { sizes } }: Pick<Loaded, 'painter'>, recipe: Recipe): number {
  const size = recipe.size === 0 ? Math.max(...sizes) : recipe.size;
  if (!sizes.includes(size)) throw refuse(`the model paints ${sizes.join(', ')} px, not ${size}`);
  return size;
}

/** → sentences [recipes,D], those between two captions mixed; the caller disposes of them. */
export function sentencesOf(
  { sentences, painter }: Pick<Loaded, 'sentences' | 'painter'>,
  recipes: readonly Recipe[],
): Tensor2D {
  // Read before the tidy, which would otherwise own what is remembered.
  const ends = recipes.map(({ caption, towards }) => {
    const here = sentences.of(caption);
    return { here, there: towards && towards.text > 0 ? sentences.of(towards.caption) : here };
  });
  const steps = recipes.map(({ towards }) => towards?.text ?? 0);
  return tidy(() => {
    const here = concat(ends.map((end) => end.here)); // [B,D]
    if (steps.every((t) => t === 0)) return here;
    const { mix = mixSentences } = painter;
    return mix(here, concat(ends.map((end) => end.there)), tensor2d(steps, [steps.length, 1]));
  });
}

const refuse = (detail: string): LimnError => new LimnError({ kind: 'bad-recipe', detail });
