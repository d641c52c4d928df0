/** From S's first answer to a nearer one: steps on z, with a curve and pictures on the way. */
import type { Engine } from '../engine/client.ts';
import type { Input, LoadProgress, Output, Pixels } from '../engine/protocol.ts';

export const STEPS = [50, 100, 200, 400] as const;
export type Steps = (typeof STEPS)[number];
export const RESTARTS = [0, 1, 2, 3, 4] as const;
export type Restarts = (typeof RESTARTS)[number];

export interface Refinement {
  readonly fetching: LoadProgress | null;
  readonly step: number;
  readonly steps: number;
  /** One a step, from the first on. */
  readonly losses: readonly number[];
  /** The latest; null before the first. */
  readonly picture: Pixels | null;
}

export const notBegun = (steps: number): Refinement => ({ fetching: null, step: 0, steps, losses: [], picture: null });

interface Watch {
  readonly signal: AbortSignal;
  readonly show: (refinement: Refinement) => void;
}

/** Answers with what the engine found and the whole curve; rejects with LimnError. */
export async function refine(
  engine: Engine,
  input: Input<'invert'>,
  { signal, show }: Watch,
): Promise<Output<'invert'> & { readonly losses: readonly number[] }> {
  let now = notBegun(input.steps);
  const become = (change: Partial<Refinement>) => {
    now = { ...now, ...change };
    if (!signal.aborted) show(now);
  };
  become({});
  const output = await engine.call('invert', input, {
    signal,
    report: (report) => {
      if (report.stage !== 'search') return become({ fetching: report });
      const { step, steps, loss, picture } = report;
      // After a lost device the job begins anew, and so does its curve.
      const losses = step < now.step ? [loss] : [...now.losses, loss];
      become({ fetching: null, step, steps, losses, ...(picture && { picture }) });
    },
  });
  return { ...output, losses: now.losses };
}
