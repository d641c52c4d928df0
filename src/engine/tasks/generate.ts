import { dispose } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { normal } from '../../random.ts';
import { parseRecipe, pictureRecipe } from '../../recipe.ts';
import { breathe } from '../breathe.ts';
import type { Input, Output, Report } from '../protocol.ts';
import { BATCH, type Loaded } from '../session.ts';
import { paintPixels } from './paint.ts';

/** Pictures of one call; the page asks for 16 at the most, the command line for more. */
export const MAX_COUNT = 10_000;

export interface GenerateOptions {
  readonly signal: AbortSignal;
  readonly report: (report: Report<'generate'>) => void;
  readonly now: () => number;
}

/** Recipe → sentence → batches of pictures, each reported as it comes; the signal is heard between batches. */
export async function generateTask(
  { painter, batch }: Loaded,
  input: Input<'generate'>,
  { signal, report, now }: GenerateOptions,
): Promise<Output<'generate'>> {
  const begun = now();
  const { recipe, count, size } = check(input, painter.sizes);
  const sentence = painter.read(recipe.caption);
  try {
    for (let first = 0; first < count;) {
      await breathe();
      if (signal.aborted) throw new LimnError({ kind: 'cancelled' });
      // Full batches and single pictures, nothing between: other shapes would grow the buffer pool.
      const n = batch === BATCH && count - first >= BATCH ? BATCH : 1;
      const recipes = Array.from({ length: n }, (_, i) => pictureRecipe(recipe, first + i));
      const pixels = await paintPixels(painter, sentence, noise(recipes, painter.zLength), size);
      for (const [i, picture] of pixels.entries()) {
        const one = recipes[i];
        if (one) report({ index: first + i, picture: { recipe: { ...one, size }, pixels: picture } });
      }
      first += n;
    }
  } finally {
    dispose(sentence);
  }
  return { pictures: count, milliseconds: now() - begun };
}

/** z = truncation · n, n ~ N(0, I) from each picture's own seed → [pictures·length] */
function noise(recipes: readonly { seed: number; truncation: number }[], length: number): Float32Array {
  const z = new Float32Array(recipes.length * length);
  for (const [i, { seed, truncation }] of recipes.entries()) {
    z.set(
      normal(seed, length).map((value) => value * truncation),
      i * length,
    );
  }
  return z;
}

function check(input: Input<'generate'>, sizes: readonly number[]) {
  const recipe = parseRecipe(input.recipe);
  const { count } = input;
  if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT) {
    throw new LimnError({ kind: 'bad-recipe', detail: `the count is no whole number from 1 to ${MAX_COUNT}` });
  }
  const size = recipe.size === 0 ? Math.max(...sizes) : recipe.size;
  if (!sizes.includes(size)) {
    throw new LimnError({ kind: 'bad-recipe', detail: `the model paints ${sizes.join(', ')} px, not ${size}` });
  }
  return { recipe, count, size };
}
