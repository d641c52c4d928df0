/** What computes, and whether the model is in it. */
import type { EngineStatus } from '../engine/client.ts';
import type { BackendName, LoadedModel, LoadProgress } from '../engine/protocol.ts';
import { done, failed, IDLE, running, type Job } from './job.ts';
import type { Get, Set, World } from './store.ts';

export type BackendChoice = BackendName | 'auto';

export interface DeviceSlice {
  readonly engine: EngineStatus;
  readonly backend: BackendChoice;
  readonly loading: Job<LoadProgress | null, LoadedModel>;
  /** Milliseconds a picture, of the latest painting. */
  readonly pace: number | null;
  /** Loads a model, or waits for the loading that is under way; rejects with LimnError. */
  readonly load: (model: string) => Promise<void>;
  /** Starts the engine anew with this backend, and paints again what was being painted or had failed. */
  readonly chooseBackend: (backend: BackendChoice) => void;
}

export function deviceSlice(set: Set, get: Get, { engine }: World): DeviceSlice {
  let current: {
    readonly model: string;
    readonly promise: Promise<void>;
    readonly abort: AbortController;
    /** The form's model at that time, and not only that of a picture that something is asked of. */
    readonly chosen: boolean;
  } | null = null;
  let latest = 0;

  /** Whether the form asked for what is loading and does not any more, and nothing waits for it: no painting, and nothing that is being saved. */
  function left({ model, chosen }: NonNullable<typeof current>): boolean {
    const { form, batch, painting, exporting } = get();
    const waits = exporting.state === 'running' || (painting.state === 'running' && batch?.recipe.model === model);
    return chosen && form.recipe.model !== model && !waits;
  }

  function load(model: string): Promise<void> {
    // One job runs at a time: what was left would keep the one that is wanted now waiting.
    if (current && left(current)) current.abort.abort();
    const turn = ++latest;
    // A report or an answer that belongs to an older load (another backend was chosen since) is not shown.
    const mine = () => turn === latest;
    const abort = new AbortController();
    set({ loading: running(null) });
    const promise = engine
      .call(
        'load',
        { model, backend: get().backend },
        {
          signal: abort.signal,
          report: (progress) => {
            if (mine()) set({ loading: running(progress) });
          },
        },
      )
      .then(
        (loaded) => {
          if (mine()) set({ loading: done(loaded) });
        },
        (thrown: unknown) => {
          if (mine()) {
            current = null;
            set({ loading: failed(thrown) });
          }
          // Another backend was chosen meanwhile: who waits for the model waits for its new loading.
          if (current?.model === model) return current.promise;
          throw thrown;
        },
      );
    current = { model, promise, abort, chosen: get().form.recipe.model === model };
    return promise;
  }

  engine.subscribe((status) => {
    set({ engine: status });
    // What was loaded went with it: the next painting loads it again.
    if (status.phase === 'failed') current = null;
  });

  return {
    engine: engine.status,
    backend: 'auto',
    loading: IDLE,
    pace: null,
    load: (model) => (current?.model === model ? current.promise : load(model)),
    chooseBackend(backend) {
      const { painting, batch, form } = get();
      const again = painting.state === 'running' || painting.state === 'failed';
      get().cancelPainting();
      latest++;
      current?.abort.abort();
      current = null;
      set({ backend, loading: IDLE, pace: null, rehearsal: IDLE });
      engine.restart(backend);
      if (again && batch) void get().paintAgain();
      else
        void get()
          .load(form.recipe.model)
          .catch(() => undefined);
    },
  };
}
