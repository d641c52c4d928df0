/** Steps that could not be kept are held by the engine, and go with it when it has to start again. */
import type { Engine, EngineStatus } from '../engine/client.ts';
import type { Run } from '../engine/protocol-teaching.ts';
import { IDLE } from './job.ts';
import type { Change } from './lesson-heard.ts';
import { isUnkept } from './lesson-state.ts';
import type { Get } from './store.ts';

/** What changes the lesson that is open. */
interface Hands {
  readonly change: (id: string, how: Parameters<Change>[0]) => void;
  /** The lesson stands where the run was kept. */
  readonly place: (run: Run) => void;
  readonly refetch: (id: string) => Promise<Run | undefined>;
}

/** Says so when an engine starts again that held steps of the open lesson. */
export function watchHeld(get: Get, engine: Engine, { change, place, refetch }: Hands): void {
  async function tellGone(phase: EngineStatus['phase']): Promise<void> {
    const { lesson } = get();
    if (!lesson || !isUnkept(lesson.training)) return;
    const { id, step } = lesson.run;
    const text =
      `The engine had to start again, and what it held in memory is gone: ` +
      `the steps up to ${lesson.step.toLocaleString('en')} that could not be kept. ` +
      `The run stands at step ${step.toLocaleString('en')}.`;
    get().notify({ tone: 'trouble', text });
    place(lesson.run);
    change(id, { training: IDLE });
    // One that gave up is not to be started by a question.
    if (phase === 'failed') return;
    // It tells of its new phase before it has a new worker.
    await Promise.resolve();
    const found = await refetch(id).catch(() => undefined);
    if (found && get().lesson?.training.state === 'idle') place(found);
  }

  let before = engine.status.phase;
  engine.subscribe(({ phase }) => {
    if (before === 'ready' && phase !== 'ready') void tellGone(phase);
    before = phase;
  });
}
