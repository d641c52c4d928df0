/** Before a run begins: what is missing, how it is to be taught and what that costs, and the room there is. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackendName } from '../../src/engine/protocol.ts';
import { SETTINGS, settingsFor } from '../../src/engine/protocol-teaching.ts';
import { hindrance } from '../../src/state/hindrance.ts';
import { resultOf } from '../../src/state/job.ts';
import { settingsNow } from '../../src/state/teach-plan.ts';
import { FEWEST } from '../../src/teach/limits.ts';
import { DEVICE, settle } from '../support/fake-engine.ts';
import { MEASURED, measured, ready, ROOM } from '../support/lesson-store.ts';
import { fakeStore } from '../support/store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

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
