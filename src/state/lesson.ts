/**
 * A run of training that is open in the Teach room: it trains, pauses, takes single steps, goes back to a checkpoint.
 * The engine keeps it all; this is what a person sees of it.
 */
import type { LoadProgress } from '../engine/protocol.ts';
import type { Run, SettingsChange } from '../engine/protocol-teaching.ts';
import { cleanCaption } from '../recipe.ts';
import { modelOf } from './catalogue.ts';
import { done, failed, IDLE, running, type Job } from './job.ts';
import { earFor, type Change } from './lesson-heard.ts';
import { lookerOf } from './lesson-look.ts';
import { isUnkept, newLesson, pausing, standingAt, type Lesson } from './lesson-state.ts';
import { watchHeld } from './lesson-unkept.ts';
import { pixelsOf, sizeOf } from './teach-items.ts';
import { settingsNow } from './teach-plan.ts';
import type { Get, Set, World } from './store.ts';

export interface LessonSlice {
  readonly lesson: Lesson | null;
  readonly beginning: Job<LoadProgress | null>;
  /** From the pictures and the plan; then trains. */
  readonly beginRun: () => Promise<void>;
  readonly openRun: (run: Run) => Promise<void>;
  /** Pauses what trains. */
  readonly closeRun: () => Promise<void>;
  /** To the end, or to this step; with other settings from here on, where they are given. */
  readonly train: (until?: number, settings?: SettingsChange) => Promise<void>;
  readonly pauseTraining: () => Promise<void>;
  /** Pauses, and calls it done. */
  readonly stopTraining: () => Promise<void>;
  /** Shows what the model painted at a checkpoint; null goes back to where it stands. */
  readonly placeAt: (step: number | null) => void;
  /** Later steps are dropped. */
  readonly revertTo: (step: number) => Promise<void>;
  readonly keepRun: (name: string, step?: number) => Promise<void>;
}

export function lessonSlice(set: Set, get: Get, world: World): LessonSlice {
  const { engine } = world;
  let abort: AbortController | null = null;
  let ended: Promise<void> = Promise.resolve();

  /** Of this run only: another may be open by the time something comes back. */
  function change(id: string, how: Parameters<Change>[0]): void {
    const { lesson } = get();
    if (lesson?.run.id !== id) return;
    set({ lesson: { ...lesson, ...(typeof how === 'function' ? how(lesson) : how) } });
  }

  const looker = lookerOf(engine, change);

  function place(run: Run): void {
    get().placeRun(run);
    change(run.id, (lesson) => standingAt(run, lesson));
  }

  /** The engine knows best where a run that was stopped in mid-step stands. */
  async function refetch(id: string): Promise<Run | undefined> {
    return (await engine.call('runs', {})).find((run) => run.id === id);
  }

  async function run(id: string, until: number, settings: SettingsChange | undefined): Promise<void> {
    const controller = new AbortController();
    abort = controller;
    const { signal } = controller;
    const { hear, tell } = earFor((how) => change(id, how));
    change(id, { training: running({ fetching: null, until, since: null, pausing: false }), place: null });
    signal.addEventListener('abort', () => change(id, pausing));
    try {
      const input = { run: id, until, ...(settings && { change: settings }) };
      const output = await engine.call('train', input, { signal, report: hear });
      tell();
      place(output.run);
      if (output.stopped === 'diverged') {
        const { why: words = '', rolledBackTo = output.run.step, advised } = output;
        change(id, { training: done({ why: 'diverged', words, rolledBackTo, ...(advised && { advised }) }) });
      } else {
        const whole = output.run.step >= output.run.settings.steps;
        change(id, { training: whole ? done({ why: 'finished' }) : IDLE });
      }
    } catch (thrown) {
      tell();
      const found = await refetch(id).catch(() => undefined);
      const training = failed(thrown);
      if (found && isUnkept(training)) {
        // The steps that wait to be kept are still learned.
        get().placeRun(found);
        change(id, { run: found });
      } else if (found) place(found);
      change(id, { training });
      if (get().room !== 'teach') tellTrouble(training);
    } finally {
      if (abort === controller) abort = null;
    }
  }

  /** Where the lesson cannot show it. */
  function tellTrouble(training: Job<unknown, unknown>): void {
    if (training.state === 'failed') get().notify({ tone: 'trouble', text: '', failure: training.failure });
  }

  watchHeld(get, engine, { change, place, refetch });

  /** One at a time: what trained before has been kept when the next begins. */
  async function pause(): Promise<void> {
    abort?.abort();
    await ended;
  }

  /** The same, before the lesson goes: what went wrong meanwhile, or could not be kept, is told elsewhere. */
  async function leave(): Promise<void> {
    const trained = get().lesson?.training.state === 'running';
    await pause();
    const training = get().lesson?.training;
    if (training && (trained || isUnkept(training))) tellTrouble(training);
  }

  return {
    lesson: null,
    beginning: IDLE,
    async beginRun() {
      const { teach, form, beginning } = get();
      const model = modelOf(get(), form.recipe.model);
      if (!model || beginning.state === 'running') return;
      set({ beginning: running(null) });
      try {
        void world.persist();
        const size = sizeOf(model);
        const examples = teach.items.map((item) => ({
          pixels: pixelsOf(item, size),
          caption: cleanCaption(item.caption),
          name: item.name,
        }));
        const name = cleanCaption(teach.name) || 'My model';
        const input = { name, model: model.id, examples, settings: settingsNow(get()) };
        const report = (progress: LoadProgress) => set({ beginning: running(progress) });
        const begun = await engine.call('begin-run', input, { report });
        get().placeRun(begun);
        get().begunWith(teach.items);
        // Another run may have been opened meanwhile: one is taught at a time.
        await leave();
        set({ lesson: newLesson(begun, examples) });
        set({ beginning: IDLE });
        void get().train();
      } catch (thrown) {
        set({ beginning: failed(thrown) });
      }
    },
    async openRun(run) {
      await leave();
      set({ lesson: newLesson(run) });
      const examples = await engine.call('run-examples', { run: run.id }).catch(() => []);
      change(run.id, { examples });
      if (get().lesson?.training.state === 'idle') looker.at(run.id, run.checkpoints.at(-1) ?? 0, false);
    },
    async closeRun() {
      await leave();
      looker.stop();
      set({ lesson: null });
    },
    async train(until, changed) {
      const { lesson } = get();
      // What is taken back is not trained on.
      if (!lesson || lesson.training.state === 'running' || lesson.reverting.state === 'running') return;
      const { id } = lesson.run;
      const settings = { ...lesson.run.settings, ...changed };
      looker.stop();
      change(id, { run: { ...lesson.run, settings }, looking: IDLE });
      // While a model is being kept a second one is not to be asked for.
      if (lesson.keeping.state !== 'running') change(id, { keeping: IDLE });
      ended = run(id, Math.min(until ?? settings.steps, settings.steps), changed);
      await ended;
    },
    pauseTraining: pause,
    async stopTraining() {
      const id = get().lesson?.run.id;
      await pause();
      // How else it ended meanwhile stays to be read.
      if (id) change(id, ({ training }) => (training.state === 'idle' ? { training: done({ why: 'stopped' }) } : {}));
    },
    placeAt(asked) {
      const { lesson } = get();
      // What is looked at may just be dropped.
      if (!lesson || lesson.reverting.state === 'running') return;
      // The latest checkpoint is where it stands: what comes after it is shown, too.
      const latest = lesson.run.checkpoints.at(-1) ?? 0;
      const step = asked === latest && (lesson.sheets.at(-1)?.step ?? -1) >= latest ? null : asked;
      const { id } = lesson.run;
      looker.stop();
      change(id, { place: step, looking: IDLE });
      if (step === null || lesson.training.state === 'running' || lesson.sheets.some((s) => s.step === step)) return;
      looker.soonAt(id, step, lesson.before !== null);
    },
    async revertTo(step) {
      const id = get().lesson?.run.id;
      if (!id) return;
      looker.stop();
      change(id, { reverting: running(null), looking: IDLE });
      await pause();
      try {
        place(await engine.call('revert-run', { run: id, step }));
        change(id, { reverting: IDLE, training: IDLE, place: null });
      } catch (thrown) {
        change(id, { reverting: failed(thrown) });
      }
    },
    async keepRun(name, step) {
      const { lesson } = get();
      if (!lesson || lesson.keeping.state === 'running') return;
      const { id } = lesson.run;
      // Before the pause, which takes a step: a second press meanwhile would make a second model.
      change(id, { keeping: running(null) });
      await pause();
      try {
        const report = (progress: LoadProgress) => change(id, { keeping: running(progress) });
        const input = { run: id, name: cleanCaption(name) || 'My model', ...(step !== undefined && { step }) };
        const model = await engine.call('keep-model', input, { report });
        get().placeOwn(model);
        change(id, { keeping: done(model) });
      } catch (thrown) {
        change(id, { keeping: failed(thrown) });
      }
    },
  };
}
