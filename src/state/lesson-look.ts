/** A checkpoint that a person looks back at is painted anew, unless they look elsewhere meanwhile. */
import type { Engine } from '../engine/client.ts';
import type { LoadProgress } from '../engine/protocol.ts';
import { done, failed, running } from './job.ts';
import type { Change } from './lesson-heard.ts';
import { withSheet } from './lesson-state.ts';

/** A hand that drags along the chart rests before anything is painted for it. Milliseconds. */
const REST = 250;

export interface Looker {
  /** The sheet of a run's checkpoint. `compared`: the parent's is there. */
  readonly at: (id: string, step: number, compared: boolean) => void;
  /** The same after a rest. */
  readonly soonAt: (id: string, step: number, compared: boolean) => void;
  readonly stop: () => void;
}

export function lookerOf(engine: Engine, change: (id: string, how: Parameters<Change>[0]) => void): Looker {
  let look = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(timer);
    look.abort();
  }

  function at(id: string, step: number, compared: boolean): void {
    stop();
    look = new AbortController();
    const { signal } = look;
    change(id, { looking: running(null) });
    const report = (progress: LoadProgress) => {
      if (!signal.aborted) change(id, { looking: running(progress) });
    };
    const input = { run: id, step, ...(compared && { compared }) };
    engine.call('paint-checkpoint', input, { signal, report }).then(
      (sheet) =>
        change(id, ({ sheets, before }) => ({
          ...{ sheets: withSheet(sheets, sheet), looking: done(null) },
          before: sheet.before ?? before,
        })),
      (thrown: unknown) => {
        if (!signal.aborted) change(id, { looking: failed(thrown) });
      },
    );
  }

  return {
    at,
    soonAt(id, step, compared) {
      timer = setTimeout(() => at(id, step, compared), REST);
    },
    stop,
  };
}
