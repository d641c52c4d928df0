/** Looking back at a checkpoint of a run, and going back to it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sheetNow } from '../../src/state/lesson-state.ts';
import { settle } from '../support/fake-engine.ts';
import { BEAT, lesson, trains } from '../support/lesson-store.ts';
import { aPoint, aRun, aSheet } from '../support/runs.ts';
import { fakeStore, type Fakes } from '../support/store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

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
