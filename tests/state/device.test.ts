import { describe, expect, it } from 'vitest';
import { settle } from '../support/fake-engine.ts';
import { fakeStore } from '../support/store.ts';

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
