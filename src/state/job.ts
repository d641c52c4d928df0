/** The life of one request, for every panel alike. */
import { LimnError, toFailure, type Failure } from '../failure.ts';

export type Job<Progress = null, Result = null> =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly progress: Progress }
  | { readonly state: 'done'; readonly result: Result }
  | { readonly state: 'failed'; readonly failure: Failure };

export const IDLE = { state: 'idle' } as const;

export function running<P>(progress: P): Job<P, never> {
  return { state: 'running', progress };
}

export function done<R>(result: R): Job<never, R> {
  return { state: 'done', result };
}

/** Nobody needs telling of what they cancelled themselves: such a job is idle again. */
export function failed(thrown: unknown): Job<never, never> {
  const failure = toFailure(thrown);
  return failure.kind === 'cancelled' ? IDLE : { state: 'failed', failure };
}

export function resultOf<P, R>(job: Job<P, R> | undefined): R | null {
  return job?.state === 'done' ? job.result : null;
}

/** Rejects when the signal aborts: loading goes on when a job that waits for it is cancelled. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const cancelled = () => reject(new LimnError({ kind: 'cancelled' }));
    if (signal.aborted) cancelled();
    else signal.addEventListener('abort', cancelled, { once: true });
  });
}
