import { LimnError } from '../../failure.ts';
import { parseRecipe, pictureRecipe, type Recipe } from '../../recipe.ts';
import type { Input, Output } from '../protocol.ts';
import type { Loaded } from '../session.ts';
import { MAX_COUNT, paintTask, type PaintOptions } from './paint.ts';

/** One recipe → pictures of seeds that follow each other. */
export async function generateTask(
  loaded: Loaded,
  { recipe, count, drafts = false }: Input<'generate'>,
  options: PaintOptions,
): Promise<Output<'generate'>> {
  return paintTask(loaded, { recipes: series(recipe, count) }, { ...options, drafts });
}

/** → `count` recipes, checked, of seeds that follow each other */
export function series(recipe: Recipe, count: number): Recipe[] {
  if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT) {
    throw new LimnError({ kind: 'bad-recipe', detail: `the count is no whole number from 1 to ${MAX_COUNT}` });
  }
  const checked = parseRecipe(recipe);
  return Array.from({ length: count }, (_, i) => pictureRecipe(checked, i));
}
