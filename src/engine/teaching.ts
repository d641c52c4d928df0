/** The engine's tasks about runs of training and about one's own models: what each needs, brought together. */
import { LimnError } from '../failure.ts';
import { parametersOf } from '../learn/learner.ts';
import { releaseAll } from '../learn/trainer.ts';
import type { TaskContext } from './host.ts';
import { loadGradients } from './kernels/register.ts';
import { captionerPart } from './parts/captioner.ts';
import { criticPart } from './parts/critic.ts';
import { generatorPart } from './parts/generator.ts';
import type { BackendName, Input, LoadProgress, Output } from './protocol.ts';
import type { TeachingTasks } from './protocol-teaching.ts';
import type { Loaded, Session } from './session.ts';
import { restoreState } from './store/checkpoints.ts';
import { heldFor, type Held } from './store/held.ts';
import { importModel } from './store/import.ts';
import { onlyHere } from './store/locks.ts';
import { exportModel, forgetModel, ownModels } from './store/models.ts';
import {
  allRuns,
  changeRun,
  checkSettings,
  forgetRun,
  openRun,
  readFileOf,
  revert,
  stepOf,
  summaryOf,
  type KeptRun,
} from './store/runs.ts';
import type { Store } from './store/store.ts';
import { beginRunTask, parentFiles, RESTS_ON } from './tasks/begin-run.ts';
import { decodeLesson, openDesk } from './tasks/fine-tune-lesson.ts';
import { openEasel } from './tasks/fine-tune-sheet.ts';
import { fineTuneTask, type Teachable } from './tasks/fine-tune.ts';
import { inherited, keepModelTask } from './tasks/keep-model.ts';
import { checkpointBytes, rehearseTask } from './tasks/rehearse.ts';
import type { WeightSource } from './weights/source.ts';

export type TeachingTask = keyof TeachingTasks;
export type TeachingHandlers = {
  [T in TeachingTask]: (input: Input<T>, context: TaskContext<T>) => Promise<Output<T>>;
};

/** What a handler asks for on its way to a model. */
interface Waiting {
  readonly signal: AbortSignal;
  readonly report: (progress: LoadProgress) => void;
}

export function teachingHandlers(
  session: Session,
  choice: () => BackendName | 'auto',
  source: WeightSource,
  stored: () => Promise<Store>,
  now: () => number,
): TeachingHandlers {
  const today = (): number => Date.now();
  const held: Held = new Map();
  const load = (model: string, waiting: Waiting): Promise<Loaded> => session.load(model, choice(), waiting);

  const captionerOf = (loaded: Loaded, waiting: Waiting) =>
    captionerPart.roles.every((role) => loaded.entry.files.some((file) => file.role === role))
      ? session.part(captionerPart, loaded, waiting)
      : Promise.resolve(undefined);

  async function teachable(loaded: Loaded, waiting: Waiting): Promise<Teachable> {
    const critic = await session.part(criticPart, loaded, waiting);
    const generator = await session.part(generatorPart, loaded, waiting);
    const captioner = await captionerOf(loaded, waiting);
    await loadGradients();
    return { generator, critic, captioner };
  }

  /** A run's parent, which has to be the very one that the run began with. */
  async function parentOf(run: KeptRun, waiting: Waiting): Promise<Loaded> {
    const loaded = await load(run.parent, waiting);
    const files = parentFiles(loaded.entry);
    const other = RESTS_ON.find((role) => files[role] !== run.parentFiles[role]);
    if (!other) return loaded;
    const detail =
      `${loaded.entry.name} has been replaced by another version since “${run.name}” began (its ${other} has changed), ` +
      'so the run can neither be trained nor kept as a model. Its pictures and captions can be used in another one.';
    throw new LimnError({ kind: 'parent-changed', detail });
  }

  function checkpointOf(store: Store, run: KeptRun, step: number): Promise<Uint8Array<ArrayBuffer>> {
    const waiting = heldFor(held, run);
    if (waiting?.step === step) return Promise.resolve(waiting.bytes);
    const checkpoint = run.checkpoints.find((one) => one.step === step);
    if (checkpoint) return readFileOf(store, run, checkpoint.file);
    throw refuse(`the run has no checkpoint at step ${step}`);
  }

  /** The state at one of a run's checkpoints, for as long as `use` lasts. */
  async function atCheckpoint<R>(
    run: KeptRun,
    step: number,
    waiting: Waiting,
    use: (found: {
      loaded: Loaded;
      teachable: Teachable;
      state: ReturnType<typeof restoreState>;
      store: Store;
    }) => Promise<R>,
  ): Promise<R> {
    const store = await stored();
    const loaded = await parentOf(run, waiting);
    const found = await teachable(loaded, waiting);
    const lesson = { pictures: [], sentences: new Float32Array(), known: new Float32Array(), sentenceLength: 1 };
    const desk = openDesk(lesson, 0, found.generator, found.critic);
    let state = desk.begin(run.settings.moves);
    try {
      const bytes = step === 0 ? undefined : await checkpointOf(store, run, step);
      if (bytes) state = restoreState(bytes, `${run.id} at step ${step}`, state, step);
      return await use({ loaded, teachable: found, state, store });
    } finally {
      releaseAll(state);
      desk.dispose();
    }
  }

  return {
    async 'begin-run'(input, { signal, report }) {
      const loaded = await load(input.model, { signal, report });
      const found = await teachable(loaded, { signal, report });
      const store = await stored();
      await checkRoom(store, AT_LEAST * checkpointBytes(found, checkSettings(input.settings).moves));
      return beginRunTask(store, loaded, found, input, { signal, today });
    },
    async train({ run: id, until, change }, { signal, report }) {
      const store = await stored();
      const learn = async (): Promise<Output<'train'>> => {
        let run = await openRun(store, id);
        if (change) run = await changeRun(store, run, checkSettings({ ...run.settings, ...change }), today());
        const found = await teachable(await parentOf(run, { signal, report }), { signal, report });
        return fineTuneTask(store, run, found, until, { signal, report, now, today, held });
      };
      return onlyHere(store, id, learn, signal);
    },
    async 'revert-run'({ run: id, step }) {
      const store = await stored();
      return onlyHere(store, id, async () => {
        const run = await revert(store, await openRun(store, id), step, today());
        held.delete(id);
        return summaryOf(run);
      });
    },
    async 'paint-checkpoint'({ run: id, step, compared }, waiting) {
      const run = await openRun(await stored(), id);
      return atCheckpoint(run, step, waiting, async ({ teachable: { generator }, state, store }) => {
        const { captions, keptBack, settings } = run;
        const lesson = decodeLesson(await readFileOf(store, run, run.data), run.data.name);
        const easel = openEasel(lesson, { captions, keptBack, seed: settings.seed }, generator, undefined);
        try {
          const { sheet } = await easel.sheet(parametersOf(state.generator, 'mean'), step);
          // A page that opens a run of an earlier visit has nothing yet to compare with.
          if (step === 0 || compared) return sheet;
          return { ...sheet, before: (await easel.sheet(generator.p, 0)).sheet.pictures };
        } finally {
          easel.dispose();
        }
      });
    },
    async rehearse({ model, settings }, waiting) {
      const loaded = await load(model, waiting);
      let found: Teachable;
      try {
        found = await teachable(loaded, waiting);
      } catch (error) {
        if (!(error instanceof LimnError) || error.failure.kind !== 'bad-weights') throw error;
        const moving = { all: 0, 'last-blocks': 0, text: 0 };
        const why = `${loaded.entry.name}: ${error.failure.detail}`;
        return { canTrain: false, why, secondsPerStep: 0, parameters: 0, moving, checkpointBytes: 0, offers: [] };
      }
      return rehearseTask(loaded, found, settings, { signal: waiting.signal, now });
    },
    async runs() {
      return (await allRuns(await stored())).map(summaryOf);
    },
    async 'run-examples'({ run: id }) {
      const store = await stored();
      const run = await openRun(store, id);
      const { pictures } = decodeLesson(await readFileOf(store, run, run.data), run.data.name);
      return pictures.map((pixels, i) => ({ pixels, caption: run.captions[i] ?? '', name: run.names[i] ?? '' }));
    },
    async 'forget-run'({ run }) {
      const store = await stored();
      return onlyHere(store, run, () => {
        held.delete(run);
        return forgetRun(store, run);
      });
    },
    async 'keep-model'({ run: id, step, name }, waiting) {
      const run = await openRun(await stored(), id);
      const at = step ?? heldFor(held, run)?.step ?? stepOf(run);
      return atCheckpoint(run, at, waiting, async ({ loaded, state, store }) => {
        const roles = [...inherited(loaded.entry), 'card'].filter((role) =>
          loaded.entry.files.some((file) => file.role === role),
        );
        const files = await source.files(loaded.entry, roles, { signal: waiting.signal });
        return keepModelTask(store, loaded, files, run, { step: at, state }, name);
      });
    },
    async 'own-models'() {
      return ownModels(await stored());
    },
    async 'forget-model'({ model }) {
      const freed = await forgetModel(await stored(), model);
      session.unload(model);
      return freed;
    },
    async 'export-model'({ model }) {
      return exportModel(await stored(), model);
    },
    async 'import-model'({ files }) {
      return importModel(await stored(), files, (await session.device(choice())).backend);
    },
    async storage() {
      const store = await stored();
      return { kind: store.kind, ...(await store.room()) };
    },
  };
}

/** Checkpoints that there has to be room for: the last one, and the next before the last one goes. */
const AT_LEAST = 2;

/** Told before an hour of training rather than after it. Throws LimnError quota. */
async function checkRoom(store: Store, neededBytes: number): Promise<void> {
  const { usedBytes, quotaBytes } = await store.room();
  if (quotaBytes !== null && quotaBytes - usedBytes < neededBytes) throw new LimnError({ kind: 'quota', neededBytes });
}

const refuse = (detail: string): LimnError => new LimnError({ kind: 'bad-recipe', detail });
