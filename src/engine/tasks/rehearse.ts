/** How long would it take? A step is tried on pictures of the model's own, before anything begins. */
import { BOUNDS, MOVES, type Moves, type Offer, type TeachingTasks, type TeachSettings } from '../protocol-teaching.ts';
import { LimnError } from '../../failure.ts';
import { train } from '../../learn/trainer.ts';
import { normal } from '../../random.ts';
import { breathe } from '../breathe.ts';
import type { Loaded } from '../session.ts';
import { checkSettings } from '../store/runs.ts';
import { openDesk } from './fine-tune-lesson.ts';
import type { Teachable } from './fine-tune.ts';
import { paintPixels } from './pixels.ts';
import { tensor2d } from '@tensorflow/tfjs-core';

/** Seconds of a whole run above which less is offered. */
const LONG = 20 * 60;
/** The first pays for shaders and buffers, the second tells the pace. */
const STEPS = 2;
const EXAMPLES = 2;

export async function rehearseTask(
  { painter }: Loaded,
  { generator, critic }: Pick<Teachable, 'generator' | 'critic'>,
  asked: TeachSettings,
  { signal, now }: { readonly signal: AbortSignal; readonly now: () => number },
): Promise<TeachingTasks['rehearse']['output']> {
  const settings = checkSettings(asked);
  const sentences = normal(1, EXAMPLES * painter.sentenceLength);
  const rows = tensor2d(sentences, [EXAMPLES, painter.sentenceLength]);
  const pictures = await paintPixels(painter, rows, normal(2, EXAMPLES * painter.zLength), generator.size).finally(() =>
    rows.dispose(),
  );
  const lesson = { pictures, sentences, known: sentences, sentenceLength: painter.sentenceLength };
  const desk = openDesk(lesson, EXAMPLES, generator, critic);
  let secondsPerStep = 0;
  try {
    let began = now();
    const start = { step: 0, state: desk.begin(settings.moves) };
    for await (const { step } of train(start, desk.networks, desk.material, settings)) {
      secondsPerStep = (now() - began) / 1000;
      await breathe();
      if (signal.aborted) throw new LimnError({ kind: 'cancelled' });
      if (step === STEPS) break;
      began = now();
    }
  } finally {
    desk.dispose();
  }
  const count = (moves?: Moves): number => parametersThat(generator, moves);
  const moving = Object.fromEntries(MOVES.map((moves) => [moves, count(moves)])) as Record<Moves, number>;
  return {
    canTrain: true,
    secondsPerStep,
    parameters: count(),
    moving,
    checkpointBytes: checkpointBytes({ generator, critic }, settings.moves),
    offers: offersFor(settings, secondsPerStep),
  };
}

/** Of the generator, those that move; all, unless it is said which. */
const parametersThat = (generator: Teachable['generator'], moves?: Moves): number =>
  [...generator.p].reduce((sum, [name, one]) => sum + (!moves || generator.moves(moves, name) ? one.size : 0), 0);

/** θ, two moments and the running mean, in float32. */
export function checkpointBytes({ generator, critic }: Pick<Teachable, 'generator' | 'critic'>, moves: Moves): number {
  const judging = [...critic.p.values()].reduce((sum, one) => sum + one.size, 0);
  return 16 * (parametersThat(generator, moves) + judging);
}

/** What takes less, where the whole would take long; a step's time goes with its pictures. */
function offersFor(settings: TeachSettings, secondsPerStep: number): Offer[] {
  const { steps, batch, moves } = settings;
  const seconds = steps * secondsPerStep;
  if (seconds <= LONG) return [];
  const offers: Offer[] = [];
  const half = Math.max(BOUNDS.batch[0], Math.floor(batch / 2));
  if (half < batch) offers.push({ change: { batch: half }, seconds: (seconds * half) / batch });
  const fewer = Math.max(BOUNDS.steps[0], Math.floor(steps / 4));
  if (fewer < steps) offers.push({ change: { steps: fewer }, seconds: seconds / 4 });
  // The way back through the first blocks falls away: measured on wasm, more than a third of a step.
  if (moves === 'all') offers.push({ change: { moves: 'last-blocks' }, seconds: seconds * 0.65 });
  return offers;
}
