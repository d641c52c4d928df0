/**
 * One engine for two kinds of work: training, which may take an hour, and whatever else a person asks for, which goes
 * first. Training gives way at its next step, keeps where it stands, and goes on when nothing was asked for a while.
 */
import { LimnError, toFailure } from '../failure.ts';
import type { CallOptions, Engine } from '../engine/client.ts';
import type { Input, Output, TaskName } from '../engine/protocol.ts';

/** Most work is several calls in a row; training that came between them would only be stopped again. Milliseconds. */
const REST = 1200;

/** The same engine to everyone; calls of `train` are the ones that give way. */
export function shareEngine(engine: Engine, rest = REST): Engine {
  let others = 0;
  /** When the last of the others ended, milliseconds. */
  let ended = 0;
  let giveWay: (() => void) | null = null;
  let lookAgain: (() => void) | null = null;

  /** Nothing else is asked for, nor was a moment ago. Rejects when the signal aborts. */
  function quiet(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const end = (settle: () => void) => {
        clearTimeout(timer);
        lookAgain = null;
        signal?.removeEventListener('abort', cancel);
        settle();
      };
      const cancel = () => end(() => reject(new LimnError({ kind: 'cancelled' })));
      const look = () => {
        clearTimeout(timer);
        const left = ended + rest - Date.now();
        if (others > 0) return;
        if (left <= 0) end(resolve);
        else timer = setTimeout(look, left);
      };
      lookAgain = look;
      signal?.addEventListener('abort', cancel);
      if (signal?.aborted) cancel();
      else look();
    });
  }

  async function politely<T extends TaskName>(task: T, input: Input<T>, options: CallOptions<T>): Promise<Output<T>> {
    const { signal } = options;
    for (;;) {
      const turn = new AbortController();
      const stop = () => turn.abort();
      giveWay = stop;
      signal?.addEventListener('abort', stop);
      if (signal?.aborted) stop();
      try {
        return await engine.call(task, input, { ...options, signal: turn.signal });
      } catch (thrown) {
        // Where it could not be kept, going on would hide it.
        if (!turn.signal.aborted || signal?.aborted || toFailure(thrown).kind !== 'cancelled') throw thrown;
      } finally {
        giveWay = null;
        signal?.removeEventListener('abort', stop);
      }
      await quiet(signal);
    }
  }

  async function first<T extends TaskName>(task: T, input: Input<T>, options?: CallOptions<T>): Promise<Output<T>> {
    others += 1;
    lookAgain?.();
    giveWay?.();
    try {
      return await engine.call(task, input, options);
    } finally {
      others -= 1;
      ended = Date.now();
      lookAgain?.();
    }
  }

  return {
    call: (task, input, options) =>
      task === 'train' ? politely(task, input, options ?? {}) : first(task, input, options),
    get status() {
      return engine.status;
    },
    subscribe: (listener) => engine.subscribe(listener),
    restart: (backend) => engine.restart(backend),
  };
}
