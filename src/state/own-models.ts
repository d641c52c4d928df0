/** Runs and models that a person made: the engine keeps them, the page lists them beside the ones that it came with. */
import { LimnError, toFailure } from '../failure.ts';
import type { ModelPart, OwnModel, Run } from '../engine/protocol-teaching.ts';
import { painterFor } from './catalogue.ts';
import { done, failed, IDLE, resultOf, running, type Job } from './job.ts';
import type { Get, Set, World } from './store.ts';

export interface OwnSlice {
  /** The latest first. */
  readonly runs: Job<null, readonly Run[]>;
  readonly importing: Job;
  /** It is known which models were made here. */
  readonly recalled: boolean;
  readonly fetchRuns: () => Promise<void>;
  /** Puts a run first; it may be there already. */
  readonly placeRun: (run: Run) => void;
  readonly forgetRun: (id: string) => Promise<void>;
  readonly fetchOwn: () => Promise<void>;
  /** The same, unless this browser never kept anything: then a first visit need not wait for the engine. */
  readonly recallOwn: () => Promise<void>;
  readonly placeOwn: (model: OwnModel) => void;
  readonly forgetOwn: (id: string) => Promise<void>;
  /** A ZIP archive, and a name for it; null where it could not be made, which a notice tells. */
  readonly exportOwn: (id: string) => Promise<{ readonly name: string; readonly file: Blob } | null>;
  readonly importModel: (files: readonly ModelPart[]) => Promise<void>;
}

/** Whether anything was ever kept here. */
const KEY = 'taught';

export function ownSlice(set: Set, get: Get, { engine, storage }: World): OwnSlice {
  function tell(thrown: unknown): void {
    const job = failed(thrown);
    if (job.state === 'failed') get().notify({ tone: 'trouble', text: '', failure: job.failure });
  }
  return {
    runs: IDLE,
    importing: IDLE,
    recalled: storage.read(KEY) !== true,
    async fetchRuns() {
      if (get().runs.state === 'running') return;
      if (get().runs.state !== 'done') set({ runs: running(null) });
      try {
        set({ runs: done(await engine.call('runs', {})) });
      } catch (thrown) {
        set({ runs: failed(thrown) });
      }
    },
    placeRun(run) {
      storage.write(KEY, true);
      const others = resultOf(get().runs)?.filter(({ id }) => id !== run.id) ?? [];
      set({ runs: done([run, ...others]) });
    },
    async forgetRun(id) {
      if (get().lesson?.run.id === id) await get().closeRun();
      try {
        await engine.call('forget-run', { run: id }).catch(unlessGone);
        set({ runs: done(resultOf(get().runs)?.filter((run) => run.id !== id) ?? []) });
        void get().measureRoom();
      } catch (thrown) {
        tell(thrown);
      }
    },
    async fetchOwn() {
      try {
        get().shelve(await engine.call('own-models', {}));
      } catch {
        // What the page came with still paints; the Teach room asks again.
      }
      set({ recalled: true });
      const { form, edit } = get();
      // Another tab may have forgotten it.
      edit({ model: form.recipe.model });
    },
    async recallOwn() {
      if (storage.read(KEY) === true) await get().fetchOwn();
    },
    placeOwn(model) {
      storage.write(KEY, true);
      get().shelve([model, ...get().own.filter(({ entry }) => entry.id !== model.entry.id)]);
    },
    async forgetOwn(id) {
      try {
        await engine.call('forget-model', { model: id }).catch(unlessGone);
        get().shelve(get().own.filter(({ entry }) => entry.id !== id));
        void get().measureRoom();
        const { form, edit } = get();
        const other = painterFor(get(), id);
        if (form.recipe.model !== id || !other) return;
        edit({ model: other.id, size: 0 });
        await get().fetchCard(other.id);
      } catch (thrown) {
        tell(thrown);
      }
    },
    async exportOwn(id) {
      try {
        const { pack } = await import('../teach/archive.ts');
        const parts = await engine.call('export-model', { model: id });
        const bytes = pack(parts.map(({ name, bytes }) => ({ path: name, bytes })));
        return { name: `limn-${id}.zip`, file: new Blob([bytes], { type: 'application/zip' }) };
      } catch (thrown) {
        tell(thrown);
        return null;
      }
    },
    async importModel(files) {
      set({ importing: running(null) });
      try {
        const model = await engine.call('import-model', { files });
        get().placeOwn(model);
        set({ importing: IDLE });
        get().notify({ tone: 'good', text: `${model.entry.name} is here, and can paint.`, lasts: 6000 });
      } catch (thrown) {
        set({ importing: IDLE });
        tell(badModel(thrown));
      }
    },
  };
}

/** What an earlier press, or another tab, has forgotten is as gone as was wished. */
function unlessGone(thrown: unknown): void {
  const { kind } = toFailure(thrown);
  if (kind !== 'bad-recipe' && kind !== 'unknown-model') throw thrown;
}

/** A file that a person brought is not mended by reloading the page. */
function badModel(thrown: unknown): unknown {
  if (!(thrown instanceof LimnError) || thrown.failure.kind !== 'bad-weights') return thrown;
  return new LimnError({ ...thrown.failure, kind: 'bad-weights', own: true });
}
