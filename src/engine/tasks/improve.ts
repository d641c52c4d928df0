/**
 * Looks near a recipe's z for one whose picture the mirror reads more readily as the caption: L_stream (Qiao et al.
 * 2019, equation 9), which trains MirrorGAN's generator, here goes back through a fixed generator to z alone.
 */
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { descend, type Distance } from '../../learn/inversion.ts';
import { captionLoss } from '../../models/stream.ts';
import { parseRecipe, roundZ, type Recipe } from '../../recipe.ts';
import { SPECIAL } from '../../text/tokens.ts';
import { breathe } from '../breathe.ts';
import { loadGradients } from '../kernels/register.ts';
import { noiseOf } from '../noise.ts';
import type { Captioner } from '../parts/captioner.ts';
import type { Input, Output, Picture, Pixels, Report } from '../protocol.ts';
import type { Loaded } from '../session.ts';
import { paintTask, sentencesOf } from './paint.ts';
import { readPixels } from './pixels.ts';
import { captionOf, checkSize } from './rank.ts';
import { ask, featuresOf, judge, seenBy, type Asked } from './reading.ts';

export const MAX_STEPS = 1000;
/** Adam's, at the first step. Among 0.05, 0.15 and 0.4 on flowers the one that was lowest, or nearly, after 30 steps. */
const RATE = 0.15;
/** Steps from one picture that is shown to the next. */
const SHOWN = 5;

interface ImproveOptions {
  readonly signal: AbortSignal;
  readonly report: (report: Report<'improve'>) => void;
  readonly now: () => number;
}

export async function improveTask(
  loaded: Loaded,
  captioner: Captioner,
  { recipe, steps }: Input<'improve'>,
  options: ImproveOptions,
): Promise<Output<'improve'>> {
  const begun = options.now();
  if (!Number.isInteger(steps) || steps < 1 || steps > MAX_STEPS) {
    throw refuse(`the steps are no whole number from 1 to ${MAX_STEPS}`);
  }
  const checked = parseRecipe(recipe);
  const size = checkSize(loaded, captioner, checked);
  const asked = await ask(loaded, captioner, captionOf(checked));
  if (!asked.tokens.some((token) => token >= SPECIAL)) throw refuse('the mirror knows no word of its caption');
  const before = await paintAndJudge(loaded, captioner, checked, asked, options);
  const z = await search(loaded, captioner, checked, { steps, size, asked, least: before.loss }, options);
  const after = await paintAndJudge(loaded, captioner, withZ(checked, z), asked, options);
  return { picture: after.picture, before, loss: after.loss, milliseconds: options.now() - begun };
}

/** The recipe with that z; where it has another end, its sentence stays as far on the way there as it was. */
function withZ(recipe: Recipe, z: Float32Array): Recipe {
  const style = { z: roundZ(z), strength: 1 };
  return { ...recipe, style, ...(recipe.towards && { towards: { ...recipe.towards, noise: 0 } }) };
}

async function paintAndJudge(
  loaded: Loaded,
  captioner: Captioner,
  recipe: Recipe,
  asked: Asked,
  { signal, now }: ImproveOptions,
): Promise<{ readonly picture: Picture; readonly loss: number }> {
  const painted: Picture[] = [];
  await paintTask(loaded, { recipes: [recipe] }, { signal, report: ({ picture }) => painted.push(picture), now });
  const [picture] = painted;
  if (!picture) throw new Error('one recipe paints one picture');
  const f = featuresOf(captioner, [picture.pixels]);
  try {
    const [match] = await judge(captioner, f, asked);
    return { picture, loss: match?.loss ?? NaN };
  } finally {
    f.dispose();
  }
}

interface Goal {
  readonly steps: number;
  /** Edge of the pictures, as the recipe has them. */
  readonly size: number;
  readonly asked: Asked;
  /** Of the recipe's own z. */
  readonly least: number;
}

/** → the z of the least loss that was met; the recipe's own if none was below `least` */
async function search(
  loaded: Loaded,
  captioner: Captioner,
  recipe: Recipe,
  { steps, size, asked, least }: Goal,
  { signal, report }: ImproveOptions,
): Promise<Float32Array> {
  const { painter } = loaded;
  await loadGradients();
  let best = { z: noiseOf(recipe, painter.zLength), loss: least };
  const z = tensor2d(best.z, [1, painter.zLength]);
  const shell = Math.sqrt(painter.zLength);
  // What strays less lies nearer to the middle, and stays as near; what strays more is pulled in to the shell. What lies
  // in the middle itself has no direction yet.
  const radius = Math.min(Math.hypot(...best.z) || shell, shell);
  const sentence = sentencesOf(loaded, [recipe]);
  const tokens = tensor2d([...asked.tokens], [1, asked.tokens.length], 'int32');
  const distance: Distance = (z, sentence) =>
    captionLoss(captioner.p, seenBy(captioner, painter.paint(z, sentence, size)), tokens);
  try {
    for await (const point of descend(distance, { z, sentence }, { steps, rate: RATE, radius })) {
      const { step, losses } = point;
      const loss = losses[0] ?? NaN;
      if (!Number.isFinite(loss)) throw new LimnError({ kind: 'wrong-numbers', detail: `a loss came out as ${loss}` });
      if (loss < best.loss) best = { z: await point.z.data<'float32'>(), loss };
      const shown = step % SHOWN === 0 || step === steps;
      const pictures = shown ? tidy(() => painter.paint(point.z, point.sentence, size)) : undefined;
      try {
        const picture: Pixels | undefined = pictures && (await readPixels(pictures))[0];
        // Apart at first, by a hair: what was looked at has 8 bits a colour; or by more, where z strayed beyond the shell.
        report({ stage: 'search', step, steps, loss: step === 0 ? least : loss, ...(picture && { picture }) });
      } finally {
        pictures?.dispose();
      }
      await breathe();
      if (signal.aborted) throw new LimnError({ kind: 'cancelled' });
    }
  } finally {
    z.dispose();
    sentence.dispose();
    tokens.dispose();
  }
  return best.z;
}

const refuse = (detail: string): LimnError => new LimnError({ kind: 'bad-recipe', detail });
