import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackendName } from '../../src/engine/protocol.ts';
import { SETTINGS, settingsFor } from '../../src/engine/protocol-teaching.ts';
import { hindrance } from '../../src/state/hindrance.ts';
import { resultOf } from '../../src/state/job.ts';
import { secondsLeft, sheetNow } from '../../src/state/lesson-state.ts';
import { settingsNow } from '../../src/state/teach-plan.ts';
import { FEWEST } from '../../src/teach/limits.ts';
import { DEVICE, settle } from '../support/fake-engine.ts';
import { aPoint, aRun, aSheet, anOwnModel } from '../support/runs.ts';
import { fakeStore, type Fakes } from '../support/store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const BEAT = 500;
const MEASURED = {
  ...{ canTrain: true, secondsPerStep: 0.5, parameters: 4e6, checkpointBytes: 20e6, offers: [] },
  moving: { all: 4e6, 'last-blocks': 1e6, text: 1e5 },
};
const ROOM = { kind: 'opfs', usedBytes: 0, quotaBytes: 1e9, persisted: true } as const;

/** With the sample set, and a step measured. */
async function ready(): Promise<Fakes> {
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
async function measured({ engine }: Fakes): Promise<void> {
  await settle();
  engine.latest('rehearse').resolve(MEASURED);
  await settle();
  engine.latest('storage').resolve(ROOM);
  await settle();
}

/** A run has begun, and trains. */
async function trains(): Promise<Fakes> {
  const fakes = await ready();
  const { store, engine } = fakes;
  store.getState().setPlan({ steps: 40 });
  void store.getState().beginRun();
  engine.latest('begin-run').resolve(aRun());
  await settle();
  return fakes;
}

const lesson = ({ store }: Fakes) => {
  const { lesson } = store.getState();
  if (!lesson) throw new Error('no run is open');
  return lesson;
};

/** Points reach the page together. */
async function heard({ engine }: Fakes, ...steps: number[]): Promise<void> {
  for (const step of steps) engine.latest('train').options.report?.({ stage: 'point', point: aPoint(step) });
  vi.advanceTimersByTime(BEAT);
  await settle();
}

describe('before it begins', () => {
  it('what is missing is said, one thing at a time', async () => {
    const fakes = fakeStore();
    const { store } = fakes;
    await store.getState().fetchCatalogue();
    expect(hindrance(store.getState())).toContain(`${FEWEST} more pictures`);
    await store.getState().takeSampleSet();
    expect(hindrance(store.getState())).toContain('Measuring');
    const [first] = store.getState().teach.items;
    store.getState().describeItem(first!.id, ' ');
    expect(hindrance(store.getState())).toContain('One picture has no words');
  });

  it('nothing is missing once a step was measured', async () => {
    const { store } = await ready();
    expect(hindrance(store.getState())).toBeNull();
  });

  it('a device that cannot train, and a browser that is full, say so before it hurts', async () => {
    const { store } = await ready();
    store.setState({ storageRoom: { ...ROOM, usedBytes: 1e9 - 30e6 } });
    expect(hindrance(store.getState())).toMatch(/no room to keep a run: it needs 60 MB and has 30 MB/);
    store.setState({ storageRoom: { ...ROOM, quotaBytes: null } });
    expect(hindrance(store.getState())).toBeNull();
    store.setState({ rehearsal: { state: 'done', result: { ...MEASURED, canTrain: false, why: 'No critic.' } } });
    expect(hindrance(store.getState())).toBe('No critic.');
  });

  it('is measured again when what counts has changed, after a rest', async () => {
    const { store, engine } = await ready();
    store.getState().setPlan({ steps: 300 });
    vi.advanceTimersByTime(2000);
    await settle();
    expect(engine.count('rehearse')).toBe(1);
    store.getState().setPlan({ batch: 4 });
    store.getState().setPlan({ moves: 'text' });
    vi.advanceTimersByTime(2000);
    await settle();
    expect(engine.count('rehearse')).toBe(2);
    expect(engine.latest('rehearse').input.settings).toMatchObject({ batch: 4, moves: 'text', steps: 300 });
  });

  it('a price holds for the device that it was measured on', async () => {
    const fakes = await ready();
    const { store, engine } = fakes;
    const unmeasured = () => store.getState().rehearsal.state === 'idle';
    const on = (backend: BackendName) => engine.become({ phase: 'ready', device: { ...DEVICE, backend } });
    const again = () => (void store.getState().rehearse(), measured(fakes));
    on('webgpu');
    await again();
    engine.become({ phase: 'recovering', attempt: 1, because: { kind: 'device-lost', detail: 'a test' } });
    on('webgpu');
    expect(unmeasured()).toBe(false);
    // Only the processor came back.
    on('wasm');
    expect(unmeasured()).toBe(true);
    expect(hindrance(store.getState())).toContain('Measuring');
    await again();
    store.getState().chooseBackend('cpu');
    expect(unmeasured()).toBe(true);
  });

  it('another backend that is chosen while it waits for the model: it is measured on that one', async () => {
    const { store, engine } = fakeStore();
    await store.getState().fetchCatalogue();
    void store.getState().rehearse();
    store.getState().chooseBackend('cpu');
    await settle();
    expect(engine.count('rehearse')).toBe(0);
    engine.finishLoad();
    await settle();
    expect(engine.count('rehearse')).toBe(1);
  });

  it('numbers come to their bounds; how often it keeps and shows follows the device', async () => {
    const { store } = await ready();
    store.getState().setPlan({ steps: 1e9, batch: NaN, rate: -1 });
    expect(store.getState().plan).toMatchObject({ steps: 20_000, batch: 8, rate: 1e-6 });
    expect(settingsNow(store.getState())).toMatchObject({ checkpointEvery: 120, sheetEvery: 16 });
    store.getState().setPlan({ steps: 20 });
    expect(settingsNow(store.getState())).toMatchObject({ checkpointEvery: 5, sheetEvery: 5 });
  });

  it('what nobody chose goes over to what is advised for another model, and back', async () => {
    const { store } = await ready();
    const { catalogue } = store.getState();
    const become = (architecture: string): void => {
      const manifest = resultOf(catalogue)!;
      const models = manifest.models.map((model) => ({ ...model, architecture }));
      store.setState({ catalogue: { state: 'done', result: { ...manifest, models } } });
      void store.getState().rehearse();
    };
    store.getState().setPlan({ steps: 300 });
    become('t2f');
    expect(store.getState().plan).toEqual({ ...settingsFor('t2f'), steps: 300 });
    store.getState().setPlan({ anchor: 0.5 });
    become('gan-int-cls');
    expect(store.getState().plan).toEqual({ ...SETTINGS, steps: 300, anchor: 0.5 });
    expect(settingsFor('t2f').anchor).toBeLessThan(SETTINGS.anchor);
  });
});

describe('a run', () => {
  it('takes the pictures at the model’s size, with their words, and trains to the end', async () => {
    const fakes = await trains();
    const { input } = fakes.engine.latest('begin-run');
    expect(input).toMatchObject({ name: 'Paper flowers', model: 'flowers', settings: { steps: 40 } });
    expect(input.examples).toHaveLength(24);
    expect(input.examples[0]).toMatchObject({ name: 'paper-01.png', pixels: { width: 64, height: 64 } });
    expect(fakes.engine.latest('train').input).toEqual({ run: 'tulips', until: 40 });
    await heard(fakes, 1, 2);
    expect(lesson(fakes)).toMatchObject({ step: 2, points: [{ step: 1 }, { step: 2 }] });
    const done = aRun({ step: 40, checkpoints: [0, 40], history: [aPoint(40)] });
    fakes.engine.latest('train').resolve({ run: done, stopped: 'finished' });
    await settle();
    expect(lesson(fakes)).toMatchObject({ step: 40, training: { state: 'done', result: { why: 'finished' } } });
    expect(fakes.store.getState().runs).toMatchObject({ state: 'done', result: [{ step: 40 }] });
  });

  it('a pause waits until the engine has kept it, and shows where that was', async () => {
    const fakes = await trains();
    const { store, engine } = fakes;
    await heard(fakes, 1, 2, 3);
    void store.getState().pauseTraining();
    await settle();
    expect(lesson(fakes).training).toMatchObject({ state: 'running', progress: { pausing: true } });
    engine.latest('runs').resolve([aRun({ step: 4, checkpoints: [0, 4], history: [1, 2, 3, 4].map(aPoint) })]);
    await settle();
    expect(lesson(fakes)).toMatchObject({ step: 4, training: { state: 'idle' }, run: { step: 4 } });
    void store.getState().train();
    expect(engine.latest('train').input.until).toBe(40);
  });

  it('one step is one step; stopping is a pause that means it', async () => {
    const fakes = await trains();
    const { store, engine } = fakes;
    void store.getState().stopTraining();
    await settle();
    engine.latest('runs').resolve([aRun({ step: 1 })]);
    await settle();
    expect(lesson(fakes).training).toEqual({ state: 'done', result: { why: 'stopped' } });
    void store.getState().train(2);
    expect(engine.latest('train').input.until).toBe(2);
    engine.latest('train').resolve({ run: aRun({ step: 2 }), stopped: 'finished' });
    await settle();
    expect(lesson(fakes).training.state).toBe('idle');
  });

  it('steps that come once more after a lost device take the place of the first', async () => {
    const fakes = await trains();
    await heard(fakes, 1, 2, 3);
    await heard(fakes, 2, 3, 4);
    expect(lesson(fakes).points.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  });

  it('tells how long it still takes, from its own pace', async () => {
    const fakes = await trains();
    expect(secondsLeft(lesson(fakes))).toBeNull();
    await heard(fakes, 1);
    vi.advanceTimersByTime(2000 - BEAT);
    await heard(fakes, 11);
    // Ten steps in two seconds: 29 more take about 5.8.
    expect(secondsLeft(lesson(fakes))).toBeCloseTo(5.8, 1);
  });

  it('that went astray is back at its last sound step, in words', async () => {
    const fakes = await trains();
    for (const step of [0, 5, 8]) fakes.engine.latest('train').options.report?.(aSheet(step));
    const back = aRun({ step: 5, checkpoints: [0, 5] });
    fakes.engine.latest('train').resolve({ run: back, stopped: 'diverged', why: 'Too bold.', rolledBackTo: 5 });
    await settle();
    expect(lesson(fakes)).toMatchObject({
      step: 5,
      // What was painted of the steps that are dropped is shown no more.
      sheets: [{ step: 0 }, { step: 5 }],
      training: { state: 'done', result: { why: 'diverged', words: 'Too bold.', rolledBackTo: 5 } },
    });
  });

  it('goes on from there with what is advised, and beyond its end where more is asked', async () => {
    const fakes = await trains();
    const { store, engine } = fakes;
    const advised = { rate: 5e-6, anchor: 2 };
    const back = aRun({ step: 5, checkpoints: [0, 5] });
    engine.latest('train').resolve({ run: back, stopped: 'diverged', why: 'Too bold.', advised, rolledBackTo: 5 });
    await settle();
    const { training } = lesson(fakes);
    expect(training).toMatchObject({ state: 'done', result: { why: 'diverged', advised } });
    void store.getState().train(undefined, advised);
    expect(engine.latest('train').input).toEqual({ run: 'tulips', until: 40, change: advised });
    expect(lesson(fakes).run.settings).toMatchObject({ ...advised, steps: 40 });
    const { settings } = lesson(fakes).run;
    engine.latest('train').resolve({ run: aRun({ step: 40, checkpoints: [0, 5, 40], settings }), stopped: 'finished' });
    await settle();
    // Further than it was to go.
    void store.getState().train(undefined, { steps: 60 });
    expect(engine.latest('train').input).toEqual({ run: 'tulips', until: 60, change: { steps: 60 } });
    expect(lesson(fakes).run.settings).toMatchObject({ ...advised, steps: 60 });
    // Where it does not come to that, it is as it was.
    engine.latest('train').reject({ kind: 'elsewhere' });
    await settle();
    engine.latest('runs').resolve([aRun({ step: 40, settings })]);
    await settle();
    expect(lesson(fakes).run.settings.steps).toBe(40);
  });

  it('a failure is shown, and it can go on', async () => {
    const fakes = await trains();
    fakes.engine.latest('train').reject({ kind: 'quota', neededBytes: 5e6 });
    await settle();
    fakes.engine.latest('runs').resolve([aRun({ step: 3 })]);
    await settle();
    expect(lesson(fakes)).toMatchObject({ step: 3, training: { state: 'failed', failure: { kind: 'quota' } } });
  });

  it('steps that could not be kept are told, in whatever way it was paused, and they stay', async () => {
    const fakes = await trains();
    const { store, engine } = fakes;
    engine.putsAway = true;
    await heard(fakes, 1, 2, 3);
    const failure = { kind: 'unkept', detail: 'There is no room.' } as const;
    // A pause that the engine answers with what went wrong.
    const fail = async () => {
      engine.latest('train').reject(failure);
      await settle();
      engine.latest('runs').resolve([aRun({ step: 2, checkpoints: [0, 2], history: [1, 2].map(aPoint) })]);
      await settle();
    };
    void store.getState().stopTraining();
    await fail();
    expect(lesson(fakes)).toMatchObject({
      ...{ step: 3, points: [{ step: 1 }, { step: 2 }, { step: 3 }], run: { step: 2 } },
      training: { state: 'failed', failure },
    });
    expect(store.getState().notices).toEqual([]);
    // In another room, and where the lesson is left, a notice tells it.
    void store.getState().train();
    store.getState().enter('paint');
    await fail();
    expect(store.getState().notices).toMatchObject([{ failure }]);
    store.setState({ notices: [], room: 'teach' });
    void store.getState().train();
    void store.getState().closeRun();
    await fail();
    expect(store.getState().lesson).toBeNull();
    expect(store.getState().notices).toMatchObject([{ failure }]);
  });

  it('how it ended stays to be read when it is stopped after all', async () => {
    const fakes = await trains();
    const { store, engine } = fakes;
    engine.putsAway = true;
    void store.getState().stopTraining();
    const back = aRun({ step: 5, checkpoints: [0, 5] });
    engine.latest('train').resolve({ run: back, stopped: 'diverged', why: 'Too bold.', rolledBackTo: 5 });
    await settle();
    expect(lesson(fakes).training).toMatchObject({ state: 'done', result: { why: 'diverged', words: 'Too bold.' } });
    void store.getState().train();
    void store.getState().stopTraining();
    engine.latest('train').reject({ kind: 'bad-weights', file: 'data.safetensors', detail: 'it is gone' });
    await settle();
    engine.latest('runs').resolve([back]);
    await settle();
    expect(lesson(fakes).training).toMatchObject({ state: 'failed', failure: { kind: 'bad-weights' } });
  });

  it('what goes wrong while it is left is told; what was seen before is not told again', async () => {
    const fakes = await trains();
    const { store, engine } = fakes;
    engine.putsAway = true;
    const failure = { kind: 'device-lost', detail: 'a test' } as const;
    const fail = async () => {
      engine.latest('train').reject(failure);
      await settle();
      engine.latest('runs').resolve([aRun({ step: 2 })]);
      await settle();
    };
    void store.getState().closeRun();
    await fail();
    expect(store.getState()).toMatchObject({ lesson: null, notices: [{ failure }] });
    store.setState({ notices: [] });
    void store.getState().openRun(aRun());
    await settle();
    void store.getState().train();
    await fail();
    expect(lesson(fakes).training.state).toBe('failed');
    await store.getState().closeRun();
    expect(store.getState()).toMatchObject({ lesson: null, notices: [] });
  });

  it.each(['recovering', 'starting', 'failed'] as const)(
    'steps that were held are gone with the engine (%s): it says so, and stands where it was kept',
    async (phase) => {
      const fakes = await trains();
      const { store, engine } = fakes;
      const because = { kind: 'device-lost', detail: 'a test' } as const;
      const status = { recovering: { phase: 'recovering', attempt: 1, because }, starting: { phase: 'starting' }, failed: { phase: 'failed', failure: because } } as const; // prettier-ignore
      engine.become({ phase: 'ready', device: DEVICE });
      await heard(fakes, 1, 2, 3);
      engine.latest('train').options.report?.(aSheet(3));
      engine.latest('train').reject({ kind: 'unkept', detail: 'There is no room.' });
      await settle();
      const kept = aRun({ step: 2, checkpoints: [0, 2], history: [1, 2].map(aPoint) });
      engine.latest('runs').resolve([kept]);
      await settle();
      const asked = engine.count('runs');
      // Another model was loaded: nothing is lost by that.
      engine.become({ phase: 'ready', device: DEVICE });
      expect(lesson(fakes).training.state).toBe('failed');
      engine.become(status[phase]);
      const stands = { step: 2, points: [{ step: 1 }, { step: 2 }], sheets: [], training: { state: 'idle' } };
      expect(lesson(fakes)).toMatchObject(stands);
      expect(store.getState().notices).toMatchObject([{ tone: 'trouble' }]);
      expect(store.getState().notices[0]?.text).toMatch(/the steps up to 3 .* The run stands at step 2\.$/);
      // An engine that gave up is not started by asking; a new one knows best.
      expect(engine.count('runs')).toBe(asked);
      await settle();
      expect(engine.count('runs')).toBe(phase === 'failed' ? asked : asked + 1);
      engine.latest('runs').resolve([kept]);
      await settle();
      expect(lesson(fakes)).toMatchObject(stands);
    },
  );

  it('what was thinned out is not on offer any more', async () => {
    const fakes = await trains();
    const { store, engine } = fakes;
    const keep = (step: number, checkpoints: number[]) =>
      engine.latest('train').options.report?.({ stage: 'checkpoint', step, bytes: 1, checkpoints });
    keep(5, [0, 5]);
    keep(10, [0, 5, 10]);
    store.getState().placeAt(5);
    expect(lesson(fakes).place).toBe(5);
    keep(15, [0, 10, 15]);
    expect(lesson(fakes)).toMatchObject({ place: null, run: { step: 15, checkpoints: [0, 10, 15] } });
    store.getState().placeAt(10);
    keep(20, [0, 10, 20]);
    expect(lesson(fakes).place).toBe(10);
  });

  it('closing it pauses it; another one that is opened hears nothing of it', async () => {
    const fakes = await trains();
    const { store, engine } = fakes;
    const { report } = engine.latest('train').options;
    void store.getState().openRun(aRun({ id: 'other', step: 7, checkpoints: [0, 7] }));
    await settle();
    engine.latest('runs').resolve([aRun({ step: 4 })]);
    await settle();
    report?.({ stage: 'point', point: aPoint(5) });
    vi.advanceTimersByTime(BEAT);
    expect(lesson(fakes)).toMatchObject({ run: { id: 'other' }, step: 7, points: [] });
    void store.getState().closeRun();
    await settle();
    expect(store.getState().lesson).toBeNull();
  });
});

describe('looking back', () => {
  /** Paused at step 20, with checkpoints. */
  async function stands(): Promise<Fakes> {
    const fakes = fakeStore();
    const { store, engine } = fakes;
    await store.getState().fetchCatalogue();
    void store.getState().openRun(aRun({ step: 20, checkpoints: [0, 10, 20], history: [10, 20].map(aPoint) }));
    await settle();
    engine.latest('run-examples').resolve([]);
    await settle();
    return fakes;
  }

  it('a run of an earlier visit shows at once what it paints', async () => {
    const fakes = await stands();
    expect(fakes.engine.latest('paint-checkpoint').input).toEqual({ run: 'tulips', step: 20 });
    fakes.engine.latest('paint-checkpoint').resolve(aSheet(20, true));
    await settle();
    expect(sheetNow(lesson(fakes))?.step).toBe(20);
    expect(lesson(fakes).before).toHaveLength(2);
  });

  it('dragging paints for the place where the hand rests, once', async () => {
    const fakes = await stands();
    const { store, engine } = fakes;
    engine.latest('paint-checkpoint').resolve(aSheet(20, true));
    await settle();
    for (const step of [0, 10, 0, 10]) store.getState().placeAt(step);
    vi.advanceTimersByTime(BEAT);
    expect(engine.count('paint-checkpoint')).toBe(2);
    // The parent's pictures came with the first answer.
    expect(engine.latest('paint-checkpoint').input).toEqual({ run: 'tulips', step: 10, compared: true });
    engine.latest('paint-checkpoint').resolve(aSheet(10));
    await settle();
    expect(sheetNow(lesson(fakes))?.step).toBe(10);
    expect(lesson(fakes).before).toHaveLength(2);
    store.getState().placeAt(0);
    store.getState().placeAt(10);
    vi.advanceTimersByTime(BEAT);
    expect(engine.count('paint-checkpoint')).toBe(2);
  });

  it('going on from there drops what came after it', async () => {
    const fakes = await stands();
    const { store, engine } = fakes;
    store.getState().placeAt(10);
    void store.getState().revertTo(10);
    await settle();
    expect(engine.latest('revert-run').input).toEqual({ run: 'tulips', step: 10 });
    engine.latest('revert-run').resolve(aRun({ step: 10, checkpoints: [0, 10], history: [aPoint(10)] }));
    await settle();
    expect(lesson(fakes)).toMatchObject({ step: 10, place: null, points: [{ step: 10 }] });
  });

  it('while it trains nothing is painted for it, but sheets that came are shown', async () => {
    const fakes = await trains();
    const { store, engine } = fakes;
    for (const step of [0, 5, 10]) engine.latest('train').options.report?.(aSheet(step, step === 0));
    engine.latest('train').options.report?.({ stage: 'checkpoint', step: 5, bytes: 1, checkpoints: [0, 5] });
    store.getState().placeAt(0);
    vi.advanceTimersByTime(BEAT);
    expect(engine.count('paint-checkpoint')).toBe(0);
    expect(sheetNow(lesson(fakes))?.step).toBe(0);
    // The latest checkpoint is where it stands: newer sheets are shown.
    store.getState().placeAt(5);
    expect(sheetNow(lesson(fakes))?.step).toBe(10);
  });
});

describe('models of one’s own', () => {
  it('what is kept is a model like the others; forgotten, another takes its place', async () => {
    const fakes = await trains();
    const { store, engine } = fakes;
    fakes.engine.latest('train').resolve({ run: aRun({ step: 40 }), stopped: 'finished' });
    await settle();
    void store.getState().keepRun('Tulips');
    await settle();
    expect(engine.latest('keep-model').input).toEqual({ run: 'tulips', name: 'Tulips' });
    engine.latest('keep-model').resolve(anOwnModel());
    await settle();
    expect(lesson(fakes).keeping.state).toBe('done');
    const ids = () => {
      const { catalogue } = store.getState();
      return catalogue.state === 'done' ? catalogue.result.models.map(({ id }) => id) : [];
    };
    expect(ids()).toEqual(['flowers', 'my-tulips']);
    expect(store.getState().cards['my-tulips']).toMatchObject({ state: 'done', result: { name: 'Tulips' } });
    // Its words are its parent's.
    expect(store.getState().vocabularies['my-tulips']?.has('petals')).toBe(true);
    store.getState().edit({ model: 'my-tulips' });
    void store.getState().forgetOwn('my-tulips');
    engine.latest('forget-model').resolve({ freedBytes: 1 });
    await settle();
    expect(ids()).toEqual(['flowers']);
    expect(store.getState().form.recipe.model).toBe('flowers');
  });

  it('Keep pressed twice while the training pauses for it makes one', async () => {
    const fakes = await trains();
    const { store, engine } = fakes;
    engine.putsAway = true;
    void store.getState().keepRun('Tulips');
    void store.getState().keepRun('Tulips');
    expect(lesson(fakes).keeping.state).toBe('running');
    engine.latest('train').reject({ kind: 'cancelled' });
    await settle();
    engine.latest('runs').resolve([aRun({ step: 4, checkpoints: [0, 4] })]);
    await settle();
    expect(engine.count('keep-model')).toBe(1);
    engine.latest('keep-model').resolve(anOwnModel());
    await settle();
    expect(lesson(fakes).keeping.state).toBe('done');
    void store.getState().keepRun('Tulips, again');
    await settle();
    expect(engine.count('keep-model')).toBe(2);
    // Going on meanwhile opens no way to a third.
    void store.getState().train();
    void store.getState().keepRun('Tulips, again');
    expect(lesson(fakes).keeping.state).toBe('running');
    expect(engine.count('keep-model')).toBe(2);
  });

  it('what was forgotten already, by an earlier press or in another tab, is gone without a word', async () => {
    const { store, engine } = fakeStore();
    store.getState().placeRun(aRun());
    store.getState().placeOwn(anOwnModel());
    void store.getState().forgetRun('tulips');
    void store.getState().forgetOwn('my-tulips');
    await settle();
    engine.latest('forget-run').reject({ kind: 'bad-recipe', detail: 'there is no run named "tulips" here' });
    engine.latest('forget-model').reject({ kind: 'unknown-model', id: 'my-tulips' });
    await settle();
    expect(store.getState()).toMatchObject({ runs: { state: 'done', result: [] }, own: [], notices: [] });
    // Anything else is told, and what is there stays.
    store.getState().placeRun(aRun());
    void store.getState().forgetRun('tulips');
    await settle();
    engine.latest('forget-run').reject({ kind: 'elsewhere' });
    await settle();
    expect(store.getState()).toMatchObject({ runs: { result: [{ id: 'tulips' }] }, notices: [{ failure: { kind: 'elsewhere' } }] }); // prettier-ignore
  });

  it('a first visit asks the engine for none; a later one does, before the catalogue is used', async () => {
    const fresh = fakeStore();
    await fresh.store.getState().recallOwn();
    expect(fresh.engine.count('own-models')).toBe(0);
    fresh.store.getState().placeOwn(anOwnModel());
    const later = fakeStore(undefined, fresh.kept);
    const recalled = later.store.getState().recallOwn();
    later.engine.latest('own-models').resolve([anOwnModel()]);
    await recalled;
    await later.store.getState().fetchCatalogue();
    expect(later.store.getState().catalogue).toMatchObject({
      result: { models: [{ id: 'flowers' }, { id: 'my-tulips' }] },
    });
  });

  it('what a person brings and is no model is told without sending them to reload', async () => {
    const { store, engine } = fakeStore();
    void store.getState().importModel([]);
    engine.latest('import-model').reject({ kind: 'bad-weights', file: 'generator.safetensors', detail: 'too short' });
    await settle();
    expect(store.getState().notices).toMatchObject([{ failure: { kind: 'bad-weights', own: true } }]);
    expect(store.getState().importing.state).toBe('idle');
  });

  it('an export is a ZIP archive of what the engine gives', async () => {
    const { store, engine } = fakeStore();
    vi.useRealTimers();
    const exported = store.getState().exportOwn('my-tulips');
    await vi.waitFor(() => expect(engine.count('export-model')).toBe(1));
    engine.latest('export-model').resolve([{ name: 'manifest.json', bytes: new Uint8Array([1]) }]);
    const made = await exported;
    expect(made?.name).toBe('limn-my-tulips.zip');
    const { openArchive } = await import('../../src/teach/archive.ts');
    const { entries } = openArchive(new Uint8Array((await made?.file.arrayBuffer()) ?? new ArrayBuffer(0)));
    expect(entries).toEqual([{ path: 'manifest.json', size: 1 }]);
  });

  it('a run that is forgotten is closed, and off the list', async () => {
    const fakes = await trains();
    const { store, engine } = fakes;
    void store.getState().forgetRun('tulips');
    await settle();
    engine.latest('runs').resolve([aRun({ step: 1 })]);
    await settle();
    expect(store.getState().lesson).toBeNull();
    engine.latest('forget-run').resolve({ freedBytes: 9 });
    await settle();
    expect(store.getState().runs).toEqual({ state: 'done', result: [] });
  });
});

describe('going back', () => {
  it('nothing is trained meanwhile, and what was looked at for it is let go', async () => {
    const fakes = await trains();
    const { store, engine } = fakes;
    const kept = aRun({ step: 20, checkpoints: [0, 10, 20] });
    void store.getState().pauseTraining();
    await settle();
    engine.latest('runs').resolve([kept]);
    await settle();
    store.getState().placeAt(10);
    void store.getState().revertTo(10);
    await settle();
    void store.getState().train();
    void store.getState().train(21);
    vi.advanceTimersByTime(1000);
    await settle();
    expect([engine.count('train'), engine.count('paint-checkpoint')]).toEqual([1, 0]);
    expect(lesson(fakes)).toMatchObject({ training: { state: 'idle' }, reverting: { state: 'running' } });
    engine.latest('revert-run').resolve(aRun({ step: 10, checkpoints: [0, 10] }));
    await settle();
    void store.getState().train();
    expect(engine.count('train')).toBe(2);
  });
});

describe('the room there is', () => {
  it('is asked for again when a run or a model was forgotten, once it was asked for at all', async () => {
    const { store, engine } = await ready();
    void store.getState().forgetRun('tulips');
    engine.latest('forget-run').resolve({ freedBytes: 9 });
    await settle();
    engine.latest('storage').resolve({ ...ROOM, usedBytes: 5 });
    await settle();
    expect(store.getState().storageRoom?.usedBytes).toBe(5);
    void store.getState().forgetOwn('my-tulips');
    engine.latest('forget-model').resolve({ freedBytes: 9 });
    await settle();
    expect(engine.count('storage')).toBe(3);
    engine.latest('storage').reject({ kind: 'internal', detail: 'gone' });
    await settle();
    expect(store.getState().storageRoom?.usedBytes).toBe(5);
    const other = fakeStore();
    void other.store.getState().forgetRun('tulips');
    other.engine.latest('forget-run').resolve({ freedBytes: 9 });
    await settle();
    expect(other.engine.count('storage')).toBe(0);
  });
});
