/**
 * Runs tasks on one session, one at a time, in the order they were asked for. The worker and Node's engine are both
 * thin shells around it.
 */
import { LimnError, type Failure } from '../failure.ts';
import type { OnTrouble } from './backend.ts';
import { captionerPart } from './parts/captioner.ts';
import { styleEncoderPart } from './parts/style-encoder.ts';
import type { Platform } from './platform.ts';
import type { BackendName, Input, Output, Report, TaskName } from './protocol.ts';
import { createSession, type Session } from './session.ts';
import { generateTask } from './tasks/generate.ts';
import { growTask } from './tasks/grow.ts';
import { improveTask } from './tasks/improve.ts';
import { invertTask } from './tasks/invert.ts';
import { lookTask } from './tasks/look.ts';
import { mirrorTask } from './tasks/mirror.ts';
import { paintTask } from './tasks/paint.ts';
import { rankTask } from './tasks/rank.ts';
import { varyTask } from './tasks/vary.ts';
import { withOwnModels } from './store/models.ts';
import { memoryStore, type Store } from './store/store.ts';
import { teachingHandlers } from './teaching.ts';
import type { WeightSource } from './weights/source.ts';

export interface TaskContext<T extends TaskName> {
  readonly signal: AbortSignal;
  readonly report: (report: Report<T>) => void;
}

export type Host = <T extends TaskName>(task: T, input: Input<T>, context: TaskContext<T>) => Promise<Output<T>>;

const DROPPED: Failure = { kind: 'device-lost', detail: 'the browser dropped what it was computing' };

/** A readback that a dying device cuts off rejects with one of these, often before the loss itself is told. */
const ofTheDevice = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'OperationError');

type Handlers = { [T in TaskName]: (input: Input<T>, context: TaskContext<T>) => Promise<Output<T>> };

/** `stored` opens what the engine keeps; it is asked once, when something is to be kept or read. */
export function createHost(
  platform: Platform,
  base: WeightSource,
  onTrouble: OnTrouble,
  stored: () => Promise<Store> = () => Promise.resolve(memoryStore()),
): Host {
  let opened: Promise<Store> | undefined;
  // A store that would not open may do so when it is asked again.
  const store = (): Promise<Store> =>
    (opened ??= stored().catch((error: unknown) => {
      opened = undefined;
      throw error;
    }));
  const source = withOwnModels(base, store);
  const session = createSession(platform, source, onTrouble);
  const handlers = handlersOf(session, source, store, platform.now);
  let last: Promise<unknown> = Promise.resolve();
  return (task, input, context) => {
    const run = last.then(() => {
      if (context.signal.aborted) throw new LimnError({ kind: 'cancelled' });
      return handlers[task](input, context).catch((error: unknown) => {
        throw ofTheDevice(error) && !context.signal.aborted ? new LimnError(DROPPED) : error;
      });
    });
    // The next one waits for this one, however it ends.
    last = run.catch(() => undefined);
    return run;
  };
}

function handlersOf(session: Session, source: WeightSource, store: () => Promise<Store>, now: () => number): Handlers {
  // A call for pictures that finds no model loads it on the device that is there, or on the best.
  let choice: BackendName | 'auto' = 'auto';
  return {
    ...teachingHandlers(session, () => choice, source, store, now),
    async load({ model, backend }, { signal, report }) {
      choice = backend;
      return (await session.load(model, backend, { signal, report })).summary;
    },
    async generate(input, { signal, report }) {
      const loaded = await session.load(input.recipe.model, choice, { signal, report: () => undefined });
      return generateTask(loaded, input, { signal, report, now });
    },
    async paint(input, { signal, report }) {
      const [first] = input.recipes;
      if (!first) throw new LimnError({ kind: 'bad-recipe', detail: 'there is none' });
      const loaded = await session.load(first.model, choice, { signal, report: () => undefined });
      return paintTask(loaded, input, { signal, report, now });
    },
    async look(input, { signal, report }) {
      const loaded = await session.load(input.recipe.model, choice, { signal, report });
      return lookTask(loaded, input, { signal, report, now });
    },
    async grow(input, { signal, report }) {
      const loaded = await session.load(input.recipe.model, choice, { signal, report });
      return growTask(loaded, input, { signal, report, now });
    },
    async vary(input, { signal, report }) {
      const loaded = await session.load(input.recipe.model, choice, { signal, report });
      return varyTask(loaded, input, { signal, report, now });
    },
    async mirror(input, { signal, report }) {
      const loaded = await session.load(input.model, choice, { signal, report });
      const captioner = await session.part(captionerPart, loaded, { signal, report });
      return mirrorTask(loaded, captioner, input, { signal, now });
    },
    async rank(input, { signal, report }) {
      const loaded = await session.load(input.recipe.model, choice, { signal, report });
      const captioner = await session.part(captionerPart, loaded, { signal, report });
      return rankTask(loaded, captioner, input, { signal, report, now });
    },
    async improve(input, { signal, report }) {
      const loaded = await session.load(input.recipe.model, choice, { signal, report });
      const captioner = await session.part(captionerPart, loaded, { signal, report });
      return improveTask(loaded, captioner, input, { signal, report, now });
    },
    async invert(input, { signal, report }) {
      const loaded = await session.load(input.model, choice, { signal, report });
      const style = await session.part(styleEncoderPart, loaded, { signal, report });
      return invertTask(loaded, style, input, { signal, report, now });
    },
    unload({ model }) {
      return Promise.resolve({ freedBytes: session.unload(model) });
    },
  };
}
