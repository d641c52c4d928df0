/** A run that is open in the Teach room: it begins, trains, pauses and goes on. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { secondsLeft } from '../../src/state/lesson-state.ts';
import { settle } from '../support/fake-engine.ts';
import { BEAT, heard, lesson, trains } from '../support/lesson-store.ts';
import { aPoint, aRun, aSheet } from '../support/runs.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

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
