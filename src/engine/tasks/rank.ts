/** Paints as `generate` does and says which of the pictures show the caption best. */
import { LimnError } from '../../failure.ts';
import type { Recipe } from '../../recipe.ts';
import type { Captioner } from '../parts/captioner.ts';
import type { Input, Match, Output, Picture, Report } from '../protocol.ts';
import type { Loaded } from '../session.ts';
import { BATCH } from '../warm-up.ts';
import { series } from './generate.ts';
import { paintTask, sizeOf } from './paint.ts';
import { ask, featuresOf, judge, reads } from './reading.ts';

export async function rankTask(
  loaded: Loaded,
  captioner: Captioner,
  { recipe, count }: Input<'rank'>,
  {
    signal,
    report,
    now,
  }: { readonly signal: AbortSignal; readonly report: (report: Report<'rank'>) => void; readonly now: () => number },
): Promise<Output<'rank'>> {
  const begun = now();
  const recipes = series(recipe, count);
  const [first] = recipes;
  if (!first) throw new Error('a series is never empty');
  checkSize(loaded, captioner, first);
  const asked = await ask(loaded, captioner, captionOf(first));
  const matches: Match[] = [];
  for (let at = 0; at < recipes.length;) {
    // The batches that painting has, so that scoring has no other shapes either. paintTask hears the signal.
    const n = loaded.batch === BATCH && recipes.length - at >= BATCH ? BATCH : 1;
    const painted: Picture[] = [];
    const collect = ({ picture }: { readonly picture: Picture }): void => void painted.push(picture);
    await paintTask(loaded, { recipes: recipes.slice(at, at + n) }, { signal, report: collect, now });
    const f = featuresOf(captioner, painted.map(({ pixels }) => pixels)); // prettier-ignore
    try {
      for (const [i, { loss, similarity }] of (await judge(captioner, f, asked)).entries()) {
        const picture = painted[i];
        if (picture) report({ stage: 'picture', index: at + i, picture, loss, similarity });
        matches.push({ loss, similarity });
      }
    } finally {
      f.dispose();
    }
    at += n;
  }
  return { order: orderOf(matches), milliseconds: now() - begun };
}

/**
 * Pictures of one caption, best first: by the sum of two z-scores, of −loss (the words, one by one, in the mirror's
 * own) and of similarity (the sentence as a whole). Either alone is fooled by other pictures; each counts as much as
 * it tells these apart. All have the same words, so that dividing the loss by their number would change nothing.
 */
export function orderOf(matches: readonly Match[]): number[] {
  const losses = standardised(matches.map(({ loss }) => -loss));
  const similarities = standardised(matches.map(({ similarity }) => similarity));
  const scores = losses.map((loss, i) => loss + (similarities[i] ?? NaN));
  return [...scores.keys()].sort((a, b) => (scores[b] ?? NaN) - (scores[a] ?? NaN));
}

/** values → mean 0, deviation 1; all 0 where they are alike */
function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
  return values.map((v) => (deviation > 1e-9 ? (v - mean) / deviation : 0));
}

/** What a picture is to show: between two captions, the nearer one. */
export const captionOf = ({ caption, towards }: Recipe): string =>
  towards && towards.text > 0.5 ? towards.caption : caption;

/** → the edge of the recipe's pictures; throws LimnError bad-recipe where the mirror reads no such */
export function checkSize(loaded: Loaded, captioner: Captioner, recipe: Recipe): number {
  const size = sizeOf(loaded, recipe);
  if (reads(loaded, captioner, size)) return size;
  const detail = `the mirror reads pictures of ${captioner.config.size} px, not ${size}`;
  throw new LimnError({ kind: 'bad-recipe', detail });
}
