/** A recipe's z, in plain arrays: the same numbers on every backend. */
import { LimnError } from '../failure.ts';
import { normal, slerp } from '../random.ts';
import type { Recipe, Style } from '../recipe.ts';

/**
 * The recipe's z [length]: drawn from its seed, z = truncation · n, n ~ N(0, I); then towards its style along the
 * sphere; then, where the recipe has another end, towards that end's z in the same way.
 * @throws LimnError bad-recipe where a style is of another model
 */
export function noiseOf(recipe: Recipe, length: number): Float32Array {
  const { towards, truncation } = recipe;
  const here = end(recipe, truncation, length);
  return towards ? slerp(here, end(towards, truncation, length), towards.noise) : here;
}

function end({ seed, style }: { seed: number; style?: Style }, truncation: number, length: number): Float32Array {
  const drawn = normal(seed, length).map((value) => value * truncation);
  if (!style) return drawn;
  if (style.z.length !== length) {
    const detail = `its style has ${style.z.length} numbers, the model wants ${length}`;
    throw new LimnError({ kind: 'bad-recipe', detail });
  }
  return slerp(drawn, Float32Array.from(style.z), style.strength);
}
