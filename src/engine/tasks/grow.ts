/** A recipe's picture on its way up from 4×4: at any depth, the last doubling faded in (Karras et al. 2018, figure 2). */
import { tensor2d } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { isShare, parseRecipe } from '../../recipe.ts';
import { breathe } from '../breathe.ts';
import { noiseOf } from '../noise.ts';
import type { Growth, Input, Output, Report } from '../protocol.ts';
import type { Loaded } from '../session.ts';
import { sentencesOf, sizeOf } from './paint.ts';
import { readPixels } from './pixels.ts';

/** Places of one call. */
const MOST = 256;

interface GrowOptions {
  readonly signal: AbortSignal;
  readonly report: (report: Report<'grow'>) => void;
  readonly now: () => number;
}

/** Each picture has its depth's own size; the signal is heard before each. */
export async function growTask(
  loaded: Loaded,
  { recipe, at }: Input<'grow'>,
  { signal, report, now }: GrowOptions,
): Promise<Output<'grow'>> {
  const begun = now();
  const { painter, entry } = loaded;
  if (!painter.grow) throw refuse(`the model ${entry.id} was not grown: it has one way to paint a size`);
  const checked = parseRecipe(recipe);
  sizeOf(loaded, checked);
  checkPlaces(at, painter.sizes);
  const noise = noiseOf(checked, painter.zLength);
  const said = sentencesOf(loaded, [checked]);
  const z = tensor2d(noise, [1, painter.zLength]);
  try {
    for (const [index, growth] of at.entries()) {
      await breathe();
      if (signal.aborted) throw new LimnError({ kind: 'cancelled' });
      const pictures = painter.grow(z, said, growth);
      try {
        const [pixels] = await readPixels(pictures);
        if (!pixels) throw new Error('one recipe paints one picture');
        report({ stage: 'picture', index, pixels });
      } finally {
        pictures.dispose();
      }
    }
  } finally {
    z.dispose();
    said.dispose();
  }
  return { pictures: at.length, milliseconds: now() - begun };
}

function checkPlaces(at: readonly Growth[], sizes: readonly number[]): void {
  if (at.length < 1 || at.length > MOST) throw refuse(`expected 1 to ${MOST} places of its growth`);
  for (const { depth, alpha } of at) {
    const holds = Number.isInteger(depth) && depth >= 0 && depth < sizes.length && isShare(alpha);
    if (!holds)
      throw refuse(`it has depths from 0 to ${sizes.length - 1} and α from 0 to 1, not ${depth} and ${alpha}`);
  }
}

const refuse = (detail: string): LimnError => new LimnError({ kind: 'bad-recipe', detail });
