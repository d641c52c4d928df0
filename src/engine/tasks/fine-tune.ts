/** A run of training goes on: step by step, with what it shows of itself, and checkpoints that survive anything. */
import { LimnError } from '../../failure.ts';
import { parametersOf } from '../../learn/learner.ts';
import { releaseAll, train, type Stand } from '../../learn/trainer.ts';
import { collapse, faultIn } from '../../learn/watch.ts';
import { breathe } from '../breathe.ts';
import type { Captioner } from '../parts/captioner.ts';
import type { Critic } from '../parts/critic.ts';
import type { PlainGenerator } from '../parts/generator.ts';
import {
  BOUNDS,
  type SettingsChange,
  type TeachingTasks,
  type TeachSettings,
  type TrainProgress,
} from '../protocol-teaching.ts';
import { encodeState, restoreState } from '../store/checkpoints.ts';
import { heldFor, keepStep, type Held } from '../store/held.ts';
import { readFileOf, revert, stepOf, summaryOf, type KeptRun } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { decodeLesson, openDesk, type Desk } from './fine-tune-lesson.ts';
import { pointsOf } from './fine-tune-points.ts';
import { openEasel } from './fine-tune-sheet.ts';

/** What training needs of a model. */
export interface Teachable {
  readonly generator: PlainGenerator;
  readonly critic: Critic;
  readonly captioner: Captioner | undefined;
}

interface FineTuneOptions {
  readonly signal: AbortSignal;
  readonly report: (progress: TrainProgress) => void;
  /** Milliseconds, for pace; and since 1970, for dates. */
  readonly now: () => number;
  readonly today: () => number;
  /** What could not be kept waits there. */
  readonly held: Held;
}

export async function fineTuneTask(
  store: Store,
  found: KeptRun,
  { generator, critic, captioner }: Teachable,
  until: number,
  { signal, report, now, today, held }: FineTuneOptions,
): Promise<TeachingTasks['train']['output']> {
  const { settings } = found;
  if (!Number.isInteger(until) || until < 1) {
    throw new LimnError({ kind: 'bad-recipe', detail: 'until: expected a whole number from 1 on' });
  }
  const last = Math.min(until, settings.steps);
  const tellKept = (run: KeptRun, bytes: Uint8Array): void => {
    const { step, checkpoints } = summaryOf(run);
    report({ stage: 'checkpoint', step, bytes: bytes.length, checkpoints });
  };
  let opened = found;
  const waiting = heldFor(held, found);
  if (waiting) {
    opened = await keepStep(store, held, found, waiting, today());
    tellKept(opened, waiting.bytes);
  }
  const lesson = decodeLesson(await readFileOf(store, opened, opened.data), `${opened.id}/${opened.data.name}`);
  const { captions, keptBack } = opened;
  const desk = openDesk(lesson, captions.length - keptBack, generator, critic);
  const easel = openEasel(lesson, { captions, keptBack, seed: settings.seed }, generator, captioner);
  try {
    if (stepOf(opened) >= last) return { run: summaryOf(opened), stopped: 'finished' };
    const before = await easel.sheet(generator.p, 0);
    const resumed = await lastSound(store, opened, desk, today);
    let { run } = resumed;
    const points = pointsOf(settings, run.history, now);
    const keep = async ({ step, state }: Stand): Promise<void> => {
      const bytes = await encodeState(state, { step: String(step), data: run.data.sha256 });
      run = await keepStep(store, held, run, { step, bytes, history: [...points.history()] }, today());
      tellKept(run, bytes);
    };
    let shown = false;
    for await (const stand of train(resumed, desk.networks, desk.material, settings)) {
      const { step, state, seen } = stand;
      const ends = step >= last || signal.aborted;
      const checkpoint = ends || step % settings.checkpointEvery === 0;
      let fault = faultIn(seen);
      let heldOut: number | null = null;
      if (!fault && (checkpoint || step % settings.sheetEvery === 0)) {
        const means = parametersOf(state.generator, 'mean');
        const painted = await easel.sheet(means, step).catch(noPicture);
        if (painted) {
          const { sheet, variety } = painted;
          fault = collapse(variety, before.variety);
          heldOut = await easel.heldOut(means);
          report(shown ? sheet : { ...sheet, before: before.sheet.pictures });
          shown = true;
        } else fault = 'what it paints is no picture any more';
      }
      if (fault) return diverged(run, step, fault);
      const point = points.add(step, seen, heldOut, ends);
      if (point) report({ stage: 'point', point });
      if (checkpoint) await keep(stand);
      if (step >= last) return { run: summaryOf(run), stopped: 'finished' };
      await breathe();
      if (signal.aborted) {
        if (!checkpoint) await keep(stand);
        throw new LimnError({ kind: 'cancelled' });
      }
    }
    throw new Error('training has no end of its own');
  } finally {
    easel.dispose();
    desk.dispose();
  }
}

/** Where training goes on: the last checkpoint that can be read, or the parent; the state is the caller's. */
async function lastSound(store: Store, opened: KeptRun, desk: Desk, today: () => number) {
  let run = opened;
  const begun = desk.begin(run.settings.moves);
  try {
    for (;;) {
      const latest = run.checkpoints.at(-1);
      if (!latest) return { run, step: 0, state: begun };
      const { step, file } = latest;
      try {
        const bytes = await readFileOf(store, run, file);
        return { run, step, state: restoreState(bytes, `${run.id}/${file.name}`, begun, step) };
      } catch (error) {
        if (!(error instanceof LimnError) || error.failure.kind !== 'bad-weights') throw error;
        run = await revert(store, run, run.checkpoints.at(-2)?.step ?? 0, today());
      }
    }
  } catch (error) {
    releaseAll(begun);
    throw error;
  }
}

/** What was not kept is lost on purpose: the run stands where it was last sound. */
function diverged(run: KeptRun, step: number, fault: string): TeachingTasks['train']['output'] {
  const rolledBackTo = stepOf(run);
  const advised = calmer(run.settings);
  const ways = [
    advised.rate !== undefined && `a lower rate (${advised.rate} in place of ${run.settings.rate})`,
    advised.anchor !== undefined && `a stronger anchor (${advised.anchor})`,
  ].filter((way) => way !== false);
  const why =
    `At step ${step} ${fault}. The run is back at step ${rolledBackTo}. ` +
    `Try ${[...ways, 'another run with more pictures'].join(', or ')}.`;
  return { run: summaryOf(run), stopped: 'diverged', why, rolledBackTo, ...(ways.length > 0 && { advised }) };
}

/** What may keep a run from going astray at the same step again: its draws would be the same. Empty at the bounds. */
export function calmer({ rate, anchor }: Pick<TeachSettings, 'rate' | 'anchor'>): SettingsChange {
  const lower = Math.max(BOUNDS.rate[0], rate / 4);
  return {
    ...(lower < rate && { rate: lower }),
    ...(anchor < 2 && { anchor: anchor === 0 ? 0.25 : anchor * 2 }),
  };
}

/** The old model's sheet was sound, so it is the training that failed, not the device. */
function noPicture(error: unknown): null {
  if (error instanceof LimnError && error.failure.kind === 'wrong-numbers') return null;
  throw error;
}
