/** What goes wrong while a run trains is told, and steps that could not be kept stay while they can. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEVICE, settle } from '../support/fake-engine.ts';
import { heard, lesson, trains } from '../support/lesson-store.ts';
import { aPoint, aRun, aSheet } from '../support/runs.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a run', () => {
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
});
