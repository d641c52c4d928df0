import { describe, expect, it } from 'vitest';
import { chooseModel } from '../../src/state/begin.ts';
import type { Store } from '../../src/state/store.ts';
import { DEVICE, settle } from '../support/fake-engine.ts';
import { WITH_STAGES } from '../support/fake-models.ts';
import { FILES, fakeStore } from '../support/store.ts';

describe('loading', () => {
  it('is asked for once, reports, and is done', async () => {
    const { store, engine } = fakeStore();
    const first = store.getState().load('flowers');
    const second = store.getState().load('flowers');
    expect(engine.count('load')).toBe(1);
    const progress = { stage: 'download', loaded: 1, total: 2, cached: 0 } as const;
    engine.latest('load').options.report?.(progress);
    expect(store.getState().loading).toEqual({ state: 'running', progress });
    engine.finishLoad();
    await Promise.all([first, second]);
    expect(store.getState().loading).toMatchObject({ state: 'done', result: { id: 'flowers' } });
  });

  it('that failed may be tried again', async () => {
    const { store, engine } = fakeStore();
    const loading = store.getState().load('flowers');
    engine.latest('load').reject({ kind: 'network', url: 'x', detail: 'offline' });
    await expect(loading).rejects.toThrow('offline');
    expect(store.getState().loading).toMatchObject({ state: 'failed', failure: { kind: 'network' } });
    void store.getState().load('flowers');
    expect(engine.count('load')).toBe(2);
  });
});

describe('choosing another model while one loads', () => {
  /** Flowers are chosen and load; then MirrorGAN is chosen. */
  async function left(before: (store: Store) => void = () => undefined) {
    const fakes = fakeStore({ ...FILES, 'models/manifest.json': WITH_STAGES });
    const { store, engine } = fakes;
    await store.getState().fetchCatalogue();
    void chooseModel(store, 'flowers');
    before(store);
    const first = engine.latest('load');
    await settle();
    void chooseModel(store, 'mirrorgan');
    await settle();
    return { ...fakes, first };
  }

  it('ends the loading that nobody waits for, so that it is not in the way', async () => {
    const { store, engine, first } = await left();
    expect(first.input.model).toBe('flowers');
    expect(first.options.signal?.aborted).toBe(true);
    expect(engine.latest('load').input.model).toBe('mirrorgan');
    expect(engine.latest('load').options.signal?.aborted).toBe(false);
    expect(store.getState().loading).toEqual({ state: 'running', progress: null });
    engine.finishLoad();
    await settle();
    expect(store.getState().loading).toMatchObject({ state: 'done', result: { id: 'mirrorgan' } });
    // Back to the first one: it loads again.
    void chooseModel(store, 'flowers');
    await settle();
    expect(engine.latest('load').input.model).toBe('flowers');
  });

  it('lets a painting go on that waits for it', async () => {
    const { store, engine, first } = await left((store) => void store.getState().paint());
    expect(first.options.signal?.aborted).toBe(false);
    first.resolve({ id: 'flowers', device: DEVICE, downloadedBytes: 1, parameters: 1, milliseconds: 1 });
    await settle();
    expect(engine.latest('generate').input.recipe.model).toBe('flowers');
    expect(store.getState().loading).toEqual({ state: 'running', progress: null });
  });

  it('ends nothing that is asked of a picture of another model, nor the chosen one for it', async () => {
    const { store, engine } = await left();
    const chosen = engine.latest('load');
    void store.getState().load('flowers');
    const other = engine.latest('load');
    void store.getState().load('mirrorgan');
    expect([chosen, other].map(({ options }) => options.signal?.aborted)).toEqual([false, false]);
  });
});

it("a lost device is shown; bringing the model back is the engine's own work", async () => {
  const { store, engine } = fakeStore();
  void store.getState().load('flowers');
  engine.finishLoad();
  await settle();
  engine.become({ phase: 'recovering', attempt: 1, because: { kind: 'device-lost', detail: 'gone' } });
  await settle();
  expect(engine.count('load')).toBe(1);
  expect(store.getState().engine.phase).toBe('recovering');
});

it('an engine that stopped is loaded into again by the next painting, and is ready then', async () => {
  const { store, engine } = fakeStore();
  void store.getState().load('flowers');
  engine.finishLoad();
  await settle();
  // Its own loading failed after a loss: the worker lives, and would paint while the page says that it stopped.
  engine.become({ phase: 'failed', failure: { kind: 'network', url: 'x', detail: 'offline' } });
  void store.getState().paint();
  await settle();
  expect(engine.count('load')).toBe(2);
  expect(engine.count('generate')).toBe(0);
  engine.finishLoad();
  await settle();
  expect(engine.count('generate')).toBe(1);
});

describe('choosing a backend', () => {
  it('starts the engine anew and loads with it; the old load says nothing more', async () => {
    const { store, engine } = fakeStore();
    store
      .getState()
      .load('flowers')
      .catch(() => undefined);
    const old = engine.latest('load');
    store.getState().chooseBackend('cpu');
    await settle();
    expect(engine.restarts).toEqual(['cpu']);
    expect(engine.latest('load').input).toEqual({ model: 'flowers', backend: 'cpu' });
    expect(old.options.signal?.aborted).toBe(true);
    old.options.report?.({ stage: 'compile' });
    expect(store.getState().loading).toEqual({ state: 'running', progress: null });
  });

  it('who waits for the model waits for its new loading', async () => {
    const { store, engine } = fakeStore();
    const waiting = store.getState().load('flowers');
    store.getState().chooseBackend('wasm');
    await settle();
    engine.finishLoad();
    await expect(waiting).resolves.toBeUndefined();
    const other = store.getState().load('birds');
    // This one is of no use to whoever waits for birds.
    store.getState().chooseBackend('cpu');
    await expect(other).rejects.toThrow('Cancelled');
  });

  it('paints again what was being painted', async () => {
    const { store, engine } = fakeStore();
    void store.getState().paint();
    engine.finishLoad();
    await settle();
    engine.report(0);
    store.getState().chooseBackend('wasm');
    await settle();
    engine.finishLoad();
    await settle();
    expect(engine.count('generate')).toBe(2);
    engine.finishPaint();
    await settle();
    expect(store.getState().painting.state).toBe('done');
    expect(store.getState().earlier).toEqual([]);
  });
});
