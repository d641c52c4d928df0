/**
 * What a description leaves open: conditioning augmentation (Zhang et al. 2017, section 3.2) paints from
 * c = μ(sentence) + σ(sentence)·ε, so that other draws of ε are other pictures of the same words and the same z.
 */
import { LimnError } from '../../failure.ts';
import { normal } from '../../random.ts';
import { isSeed, isTruncation, MAX_TRUNCATION, parseRecipe, roundZ, type Recipe } from '../../recipe.ts';
import { noiseOf } from '../noise.ts';
import type { Input, Output, Report } from '../protocol.ts';
import type { Loaded } from '../session.ts';
import { paintTask } from './paint.ts';

/** Pictures of one call. */
const MOST = 64;

interface VaryOptions {
  readonly signal: AbortSignal;
  readonly report: (report: Report<'vary'>) => void;
  readonly now: () => number;
}

/** Painted from the recipes that it tells, as they are: whoever paints one of them again gets the very same picture. */
export async function varyTask(
  loaded: Loaded,
  { recipe, sigma, seeds }: Input<'vary'>,
  { signal, report, now }: VaryOptions,
): Promise<Output<'vary'>> {
  const { painter, entry } = loaded;
  const { zLength, conditionLength } = painter;
  if (conditionLength === undefined) throw refuse(`the model ${entry.id} draws no ε for its descriptions`);
  const checked = parseRecipe(recipe);
  if (checked.towards) throw refuse('between two descriptions there is not one whose ε could be another');
  if (!isTruncation(sigma)) throw refuse(`σ: expected a number from 0 to ${MAX_TRUNCATION}`);
  if (seeds.length < 1 || seeds.length > MOST || !seeds.every(isSeed)) throw refuse(`expected 1 to ${MOST} seeds`);
  const z = noiseOf(checked, zLength).subarray(0, zLength - conditionLength);
  const recipes = seeds.map((seed): Recipe => {
    const ε = normal(seed, conditionLength);
    return { ...checked, style: { z: roundZ([...z, ...ε.map((value) => sigma * value)]), strength: 1 } };
  });
  const told = ({ index, picture }: Report<'paint'>): void => report({ stage: 'picture', index, picture });
  return paintTask(loaded, { recipes }, { signal, report: told, now });
}

const refuse = (detail: string): LimnError => new LimnError({ kind: 'bad-recipe', detail });
