/** How a model is to be taught, and what that will cost on this device: measured before anything begins. */
import type { BackendName, LoadProgress, Output } from '../engine/protocol.ts';
import { BOUNDS, SETTINGS, settingsFor, type TeachSettings } from '../engine/protocol-teaching.ts';
import { modelOf } from './catalogue.ts';
import { aborted, done, failed, IDLE, resultOf, running, type Job } from './job.ts';
import type { Get, Set, State, World } from './store.ts';

export type Rehearsal = Output<'rehearse'>;
export type Store = Output<'storage'>;

export interface PlanSlice {
  readonly plan: TeachSettings;
  readonly rehearsal: Job<LoadProgress | null, Rehearsal>;
  /** null until it was asked. */
  readonly storageRoom: Store | null;
  /** What nobody has chosen goes over to what is advised for the form's model. */
  readonly advise: () => void;
  readonly setPlan: (change: Partial<TeachSettings>) => void;
  /** A step or two on this device, and how much room there is. */
  readonly rehearse: () => Promise<void>;
  /** How much room there is by now, if that was asked before: what is forgotten makes some. */
  readonly measureRoom: () => Promise<void>;
}

/** A slider in mid-drag measures nothing. Milliseconds. */
const REST = 600;
/** Seconds between two checkpoints, and between two sheets. */
const EVERY = { checkpoint: 60, sheet: 8 };

export function planSlice(set: Set, get: Get, { engine }: World): PlanSlice {
  let abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const touched = new Set<string>();
  let device: BackendName | undefined;

  // What was measured on one device is no price on another, as after a loss that only WebAssembly survives.
  engine.subscribe((status) => {
    if (status.phase !== 'ready') return;
    const { backend } = status.device;
    if (backend !== device && get().rehearsal.state === 'done') set({ rehearsal: IDLE });
    device = backend;
  });

  return {
    plan: SETTINGS,
    rehearsal: IDLE,
    storageRoom: null,
    advise() {
      const advice = Object.entries(settingsFor(modelOf(get(), get().form.recipe.model)?.architecture));
      set({ plan: { ...get().plan, ...Object.fromEntries(advice.filter(([name]) => !touched.has(name))) } });
    },
    setPlan(change) {
      const { plan } = get();
      for (const name of Object.keys(change)) touched.add(name);
      const next = { ...plan, ...bounded(change) };
      set({ plan: next });
      if (next.moves === plan.moves && next.batch === plan.batch) return;
      clearTimeout(timer);
      timer = setTimeout(() => void get().rehearse(), REST);
    },
    async rehearse() {
      clearTimeout(timer);
      abort.abort();
      abort = new AbortController();
      const { signal } = abort;
      const model = modelOf(get(), get().form.recipe.model);
      if (!model) return;
      get().advise();
      set({ rehearsal: running(null) });
      try {
        await Promise.race([get().load(model.id), aborted(signal)]);
        const report = (progress: LoadProgress) => {
          if (!signal.aborted) set({ rehearsal: running(progress) });
        };
        const measured = await engine.call('rehearse', { model: model.id, settings: get().plan }, { signal, report });
        const storageRoom = await engine.call('storage', {}, { signal });
        if (!signal.aborted) set({ rehearsal: done(measured), storageRoom });
      } catch (thrown) {
        if (!signal.aborted) set({ rehearsal: failed(thrown) });
      }
    },
    async measureRoom() {
      if (!get().storageRoom) return;
      // What was known before is as near as one can come without an answer.
      const storageRoom = await engine.call('storage', {}).catch(() => null);
      if (storageRoom) set({ storageRoom });
    },
  };
}

/** The settings of a run that begins now: a device's pace says how often to keep and to show. */
export function settingsNow({ plan, rehearsal }: Pick<State, 'plan' | 'rehearsal'>): TeachSettings {
  const seconds = resultOf(rehearsal)?.secondsPerStep ?? 1;
  const every = (wanted: number, most: number) =>
    Math.max(1, Math.min(most, Math.ceil(plan.steps / 4), Math.round(wanted / Math.max(0.01, seconds))));
  return { ...plan, checkpointEvery: every(EVERY.checkpoint, 200), sheetEvery: every(EVERY.sheet, 100) };
}

/** A number that is none, or lies outside, stays what it was or comes to the edge. */
function bounded(change: Partial<TeachSettings>): Partial<TeachSettings> {
  const sound: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(change)) {
    if (typeof value !== 'number') sound[name] = value;
    else if (Number.isFinite(value)) {
      const [least, most] = BOUNDS[name as keyof typeof BOUNDS];
      sound[name] = Math.min(Math.max(value, least), most);
    }
  }
  return sound;
}
