/** Runs and models of one's own in the page: kept, listed, forgotten, brought in and given out. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settle } from '../support/fake-engine.ts';
import { lesson, trains } from '../support/lesson-store.ts';
import { anOwnModel, aRun } from '../support/runs.ts';
import { fakeStore } from '../support/store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

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
