/** Checkpoints that could not be written: they are held in memory, so that no step is lost while the engine lives. */
import { LimnError, toFailure } from '../../failure.ts';
import type { Point } from '../protocol-teaching.ts';
import { addCheckpoint, stepOf, type KeptRun } from './runs.ts';
import type { Store } from './store.ts';

/** A checkpoint that is to be kept. */
export interface NewStep {
  readonly step: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly history: readonly Point[];
}

export interface HeldStep extends NewStep {
  /** What it was learned on top of. */
  readonly on: string;
}

/** By the run's id; the latest step of each. */
export type Held = Map<string, HeldStep>;

/** Adds a checkpoint → the run as it is now kept; holds it where that fails, and throws LimnError unkept. */
export async function keepStep(store: Store, held: Held, run: KeptRun, one: NewStep, now: number): Promise<KeptRun> {
  const { step, bytes, history } = one;
  try {
    const next = await addCheckpoint(store, run, step, bytes, history, now);
    held.delete(run.id);
    return next;
  } catch (error) {
    held.set(run.id, { ...one, on: standOf(run) });
    throw new LimnError({ kind: 'unkept', detail: wordsFor(error, run, one, store.kind) }, { cause: error });
  }
}

/**
 * The step that is held for this run. Another tab may have gone back, gone on, or begun another run under its name:
 * what was learned on top of something else is dropped.
 */
export function heldFor(held: Held, run: KeptRun): HeldStep | undefined {
  const one = held.get(run.id);
  if (!one || one.on === standOf(run)) return one;
  held.delete(run.id);
  return undefined;
}

/** Which run it is, and in what state. */
const standOf = ({ begun, data, checkpoints }: KeptRun): string =>
  `${begun}/${data.sha256}/${checkpoints.at(-1)?.file.sha256 ?? ''}`;

function wordsFor(error: unknown, run: KeptRun, { step, bytes }: NewStep, kind: Store['kind']): string {
  const failure = toFailure(error);
  const full = failure.kind === 'quota';
  const why = full
    ? `There is no room for the ${(bytes.length / 1e6).toFixed(1)} MB of step ${step}`
    : `Step ${step} could not be written (${'detail' in failure ? failure.detail : failure.kind})`;
  const stand = `${why}, so the run stands at step ${stepOf(run)}.`;
  // A command is an engine of its own, and what it holds ends with it.
  if (kind === 'disk') {
    const remedy = full ? 'Free some space on this disk' : 'See that its folder can be written';
    return `${stand} ${remedy}, then give the command again: it goes on from there.`;
  }
  const remedy = full ? 'free some space on this device, or forget a run or a model, and' : 'to save it,';
  return (
    `${stand} ` +
    `What was learned up to step ${step} is held in memory until the engine has to start again ` +
    `(a lost device, another backend, a closed tab): ${remedy} try again.`
  );
}
