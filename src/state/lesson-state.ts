/** What a person sees of a run that is open, as a value; `lesson.ts` changes it. */
import type { LoadProgress, Pixels } from '../engine/protocol.ts';
import type { Example, OwnModel, Point, Run, SettingsChange, Sheet } from '../engine/protocol-teaching.ts';
import { IDLE, running, type Job } from './job.ts';

export interface Training {
  readonly fetching: LoadProgress | null;
  readonly until: number;
  /** Where this stretch began: steps, and milliseconds since 1970; for the time that is left. */
  readonly since: { readonly step: number; readonly time: number } | null;
  /** The step that was asked to be the last is being done. */
  readonly pausing: boolean;
}

export interface Ended {
  readonly why: 'finished' | 'diverged' | 'stopped';
  /** What was seen and what to try; of a divergence. */
  readonly words?: string;
  readonly rolledBackTo?: number;
  /** What the words advise, where a run can take it. */
  readonly advised?: SettingsChange;
}

export interface Lesson {
  readonly run: Run;
  /** Where the model stands now; `run.step` is where it was last kept. */
  readonly step: number;
  readonly points: readonly Point[];
  readonly examples: readonly Example[];
  /** Of this visit, ascending. */
  readonly sheets: readonly Sheet[];
  readonly before: readonly Pixels[] | null;
  /** Milliseconds since 1970, of the latest point. */
  readonly heard: number;
  readonly training: Job<Training, Ended>;
  /** The checkpoint that a person looks at; null: where the model stands. */
  readonly place: number | null;
  readonly looking: Job<LoadProgress | null>;
  readonly reverting: Job;
  readonly keeping: Job<LoadProgress | null, OwnModel>;
}

/** Sheets of one visit: at 48 pictures of 64 × 64 each takes 800 KB. */
const MAX_SHEETS = 60;

export const newLesson = (run: Run, examples: readonly Example[] = []): Lesson => ({
  ...{ run, step: run.step, points: run.history, examples, sheets: [], before: null, heard: Date.now() },
  ...{ training: IDLE, place: null, looking: IDLE, reverting: IDLE, keeping: IDLE },
});

/** The step that is being done is to be the last. */
export const pausing = ({ training }: Lesson): Partial<Lesson> =>
  training.state === 'running' ? { training: running({ ...training.progress, pausing: true }) } : {};

/** Where the run was kept; what was painted of steps that are dropped goes with them. */
export const standingAt = (run: Run, { sheets }: Lesson): Partial<Lesson> => ({
  ...{ run, step: run.step, points: run.history },
  sheets: sheets.filter(({ step }) => step <= run.step),
});

/** The lesson after these points. */
export function hearPoints({ points, training }: Lesson, heard: readonly Point[]): Partial<Lesson> {
  const time = Date.now();
  // After a lost device the steps since the last checkpoint come once more.
  const all = heard.reduce((kept, p) => [...kept.filter(({ step }) => step < p.step), p], points);
  const last = all.at(-1)?.step ?? 0;
  const next: Partial<Lesson> = { points: all, step: last, heard: time };
  if (training.state !== 'running') return next;
  const { since } = training.progress;
  const before = since && since.step < last ? since : { step: last, time };
  return { ...next, training: running({ ...training.progress, fetching: null, since: before }) };
}

/** In place of an older one of the same step; of too many every other one goes, the latest stay. */
export function withSheet(sheets: readonly Sheet[], sheet: Sheet): readonly Sheet[] {
  const all = [...sheets.filter(({ step }) => step !== sheet.step), sheet].sort((a, b) => a.step - b.step);
  if (all.length <= MAX_SHEETS) return all;
  return all.filter((_, i) => i % 2 === 1 || i >= all.length - MAX_SHEETS / 4);
}

/** The sheet of the place that is looked at; null where none was painted for it yet. */
export function sheetNow({ sheets, place }: Lesson): Sheet | null {
  if (place === null) return sheets.at(-1) ?? null;
  return sheets.find(({ step }) => step === place) ?? null;
}

/** Steps are done that could not be kept; they wait with the engine. */
export const isUnkept = (training: Job<unknown, unknown>): boolean =>
  training.state === 'failed' && training.failure.kind === 'unkept';

/** Seconds; null while nobody knows. */
export function secondsLeft({ training, step, heard }: Lesson): number | null {
  if (training.state !== 'running' || !training.progress.since) return null;
  const { since, until } = training.progress;
  const steps = step - since.step;
  return steps > 0 ? ((heard - since.time) / 1000 / steps) * (until - step) : null;
}
