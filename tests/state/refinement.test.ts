/** A refinement in the Style room: its way, its end, and what it waits for. */
import { describe, expect, it, vi } from 'vitest';
import { foundNow, lookOf } from '../../src/state/style.ts';
import { settle } from '../support/fake-engine.ts';
import type { Fakes } from '../support/store.ts';
import { answer, heard, look, looked, pixels, room, Z } from '../support/style-store.ts';

/** And the mirror had no words for it. */
async function ready(fakes: Fakes): Promise<void> {
  await looked(fakes);
  await heard(fakes);
}

/** Refine is pressed. */
async function refined({ store }: Fakes): Promise<void> {
  void store.getState().refineStyle();
  await settle();
}

describe('a refinement', () => {
  it('shows its way, and is used where it came nearer', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    await ready(fakes);
    store.getState().setRefinement({ steps: 50, restarts: 0 });
    await refined(fakes);
    const { input, options } = engine.latest('invert');
    expect(input).toMatchObject({ steps: 50, restarts: 0 });
    options.report?.({ stage: 'search', step: 1, steps: 50, loss: 3 });
    options.report?.({ stage: 'search', step: 2, steps: 50, loss: 2, picture: pixels(7) });
    expect(store.getState().style.refining).toMatchObject({ state: 'running', progress: { step: 2, losses: [3, 2] } });
    answer(fakes, Z.there, 21);
    await settle();
    const found = foundNow(store.getState())!;
    expect(lookOf(found)).toMatchObject({ z: Z.there, distance: 21 });
    // And back, and forth.
    store.getState().chooseLook('first');
    expect(lookOf(foundNow(store.getState())!).z).toEqual(Z.here);
    store.getState().chooseLook('refined');
    expect(lookOf(foundNow(store.getState())!).z).toEqual(Z.there);
  });

  it('that came no nearer is not used', async () => {
    const fakes = await room();
    await ready(fakes);
    await refined(fakes);
    answer(fakes, Z.there, 44);
    await settle();
    expect(fakes.store.getState().style.found?.use).toBe('first');
  });

  it('begins its curve anew when the device was lost on the way', async () => {
    const fakes = await room();
    await ready(fakes);
    await refined(fakes);
    const { options } = fakes.engine.latest('invert');
    for (const step of [0, 1, 2, 0, 1]) options.report?.({ stage: 'search', step, steps: 9, loss: step });
    expect(fakes.store.getState().style.refining).toMatchObject({ progress: { losses: [0, 1] } });
  });

  it('cancelled, leaves what was there; so does a failure, which is told', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    await ready(fakes);
    const before = store.getState().style.found;
    await refined(fakes);
    const { signal } = engine.latest('invert').options;
    store.getState().cancelStyle();
    await settle();
    expect(signal?.aborted).toBe(true);
    expect(store.getState().style).toMatchObject({ refining: { state: 'idle' } });
    expect(store.getState().style.found).toBe(before);
    await refined(fakes);
    engine.latest('invert').reject({ kind: 'device-lost', detail: 'gone' });
    await settle();
    expect(store.getState().style.refining).toMatchObject({ state: 'failed', failure: { kind: 'device-lost' } });
    expect(store.getState().style.found).toBe(before);
  });

  it('waits for the mirror’s words, and looks with them first', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    await looked(fakes);
    await refined(fakes);
    // Shown from the press on.
    expect(store.getState().style.refining).toMatchObject({ state: 'running', progress: { step: 0, steps: 100 } });
    expect(engine.count('invert')).toBe(1);
    await heard(fakes, 'a red flower');
    expect(store.getState().style).toMatchObject({ caption: 'a red flower', refining: { state: 'running' } });
    expect(engine.latest('invert').input).toMatchObject({ caption: 'a red flower', steps: 0 });
    answer(fakes);
    await settle();
    const refining = engine.latest('invert');
    expect(refining.input).toMatchObject({ caption: 'a red flower', steps: 100 });
    expect(refining.options.signal?.aborted).toBe(false);
    answer(fakes, Z.there, 21);
    await settle();
    expect(store.getState().style.found).toMatchObject({ caption: 'a red flower', use: 'refined' });
  });

  it('waits for nobody where a person said it', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    await looked(fakes);
    store.getState().describeStyle('mine');
    await refined(fakes);
    expect(engine.latest('invert').input).toMatchObject({ caption: 'mine', steps: 0 });
  });

  it('cancelled while it waits, is not begun; the words that come are looked at all the same', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    await looked(fakes);
    await refined(fakes);
    store.getState().cancelStyle();
    expect(store.getState().style.refining.state).toBe('idle');
    await heard(fakes, 'a red flower');
    answer(fakes);
    await settle();
    expect(engine.calls.filter(({ input }) => 'steps' in input && input.steps > 0)).toEqual([]);
    expect(store.getState().style).toMatchObject({ found: { caption: 'a red flower' }, refining: { state: 'idle' } });
  });

  it.each<[what: string, touch: (fakes: Fakes) => void]>([
    ['a word was typed', ({ store }) => store.getState().describeStyle('a blue flower')],
    ['the square was moved', ({ store }) => store.getState().cropStyle({ left: 0, top: 0, edge: 1 })],
  ])('pressed right after %s, looks at that first and goes on', async (_what, touch) => {
    const fakes = await room();
    const { store, engine } = fakes;
    await ready(fakes);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    touch(fakes);
    await refined(fakes);
    expect(engine.latest('invert').input.steps).toBe(0);
    answer(fakes, Z.there);
    await settle();
    const refining = engine.latest('invert');
    expect(refining.input).toMatchObject({ caption: store.getState().style.caption, steps: 100 });
    vi.runAllTimers();
    vi.useRealTimers();
    await settle();
    expect(refining.options.signal?.aborted).toBe(false);
    expect(engine.latest('invert')).toBe(refining);
  });

  it('is not begun where the look before it fails, and that is told', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    await ready(fakes);
    store.getState().describeStyle('mine');
    await refined(fakes);
    engine.latest('invert').reject({ kind: 'device-lost', detail: 'gone' });
    await settle();
    expect(store.getState().style).toMatchObject({ refining: { state: 'idle' }, looking: { state: 'failed' } });
  });

  it('gives way to a new crop', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    await ready(fakes);
    await refined(fakes);
    const refining = engine.latest('invert');
    void store.getState().lookAgain();
    await settle();
    expect(refining.options.signal?.aborted).toBe(true);
    refining.resolve({ z: [9, 9], first: look(1), found: look(1), milliseconds: 1 });
    answer(fakes, Z.there);
    await settle();
    expect(store.getState().style.found).toMatchObject({ refined: null, first: { z: Z.there } });
  });
});
