/** A store in the Teach room: a step is measured, a run trains. */
import { vi } from 'vitest';
import { settle } from './fake-engine.ts';
import { aPoint, aRun } from './runs.ts';
import { fakeStore, type Fakes } from './store.ts';

export const BEAT = 500;
export const MEASURED = {
  ...{ canTrain: true, secondsPerStep: 0.5, parameters: 4e6, checkpointBytes: 20e6, offers: [] },
  moving: { all: 4e6, 'last-blocks': 1e6, text: 1e5 },
};
export const ROOM = { kind: 'opfs', usedBytes: 0, quotaBytes: 1e9, persisted: true } as const;

/** With the sample set, and a step measured. */
export async function ready(): Promise<Fakes> {
  const fakes = fakeStore();
  const { store, engine } = fakes;
  await store.getState().fetchCatalogue();
  store.getState().enter('teach');
  await store.getState().takeSampleSet();
  void store.getState().rehearse();
  await settle();
  engine.finishLoad();
  await measured(fakes);
  return fakes;
}

/** The engine answers what a rehearsal asks. */
export async function measured({ engine }: Fakes): Promise<void> {
  await settle();
  engine.latest('rehearse').resolve(MEASURED);
  await settle();
  engine.latest('storage').resolve(ROOM);
  await settle();
}

/** A run has begun, and trains. */
export async function trains(): Promise<Fakes> {
  const fakes = await ready();
  const { store, engine } = fakes;
  store.getState().setPlan({ steps: 40 });
  void store.getState().beginRun();
  engine.latest('begin-run').resolve(aRun());
  await settle();
  return fakes;
}

export const lesson = ({ store }: Fakes) => {
  const { lesson } = store.getState();
  if (!lesson) throw new Error('no run is open');
  return lesson;
};

/** Points reach the page together. */
export async function heard({ engine }: Fakes, ...steps: number[]): Promise<void> {
  for (const step of steps) engine.latest('train').options.report?.({ stage: 'point', point: aPoint(step) });
  vi.advanceTimersByTime(BEAT);
  await settle();
}
