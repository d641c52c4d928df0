import { beforeEach, describe, expect, it } from 'vitest';
import { canChangeWords, canLookInside, mapOf, wordsAt } from '../../src/state/cascade.ts';
import { latestPictures } from '../../src/state/history.ts';
import { picture, settle } from '../support/fake-engine.ts';
import { WITH_STAGES } from '../support/fake-models.ts';
import { fakeStore, FILES, type Fakes } from '../support/store.ts';

const CAPTION = 'a red flower, with Yellow center';
const WORDS = ['a', 'red', 'flower', 'with', 'yellow', 'center'];
const attention = { width: 2, height: 1, values: new Float32Array(12).fill(1 / 6) };

let fakes: Fakes;
const state = () => fakes.store.getState();
const latest = () => fakes.engine.latest('look');
const first = () => latestPictures(state())[0]!;

/** Both stages of the latest call, and its end. */
async function finish(): Promise<void> {
  const { input, options, resolve } = latest();
  options.report?.({ stage: 'picture', index: 0, pixels: picture(input.recipe, 1).pixels });
  options.report?.({ stage: 'picture', index: 1, pixels: picture(input.recipe, 2).pixels, attention });
  resolve({ words: WORDS, milliseconds: 1 });
  await settle();
}

describe('a picture from the inside', () => {
  beforeEach(async () => {
    fakes = fakeStore({ ...FILES, 'models/manifest.json': WITH_STAGES });
    await state().fetchCatalogue();
    state().edit({ model: 'mirrorgan', caption: CAPTION });
    void state().paint();
    fakes.engine.finishLoad();
    await settle();
    fakes.engine.finishPaint();
    await settle();
    void state().lookInside(first());
    await settle();
  });

  it('is offered for models that can', () => {
    expect(canLookInside(state(), first())).toBe(true);
    expect(canLookInside(state(), { ...first(), recipe: { ...first().recipe, model: 'flowers' } })).toBe(false);
    const towards = { caption: 'another', seed: 1, text: 0.5, noise: 0 };
    expect(canChangeWords({ ...first(), recipe: { ...first().recipe, towards } })).toBe(false);
  });

  it('comes stage by stage, and a replay begins anew', async () => {
    const { input, options } = latest();
    expect(input.recipe).toEqual(first().recipe);
    const pixels = picture(input.recipe, 1).pixels;
    options.report?.({ stage: 'picture', index: 0, pixels });
    options.report?.({ stage: 'picture', index: 1, pixels, attention });
    expect(state().inside?.job).toMatchObject({ progress: { layers: [{ attention: null }, { attention }] } });
    options.report?.({ stage: 'picture', index: 0, pixels });
    expect(state().inside?.job).toMatchObject({ progress: { layers: [{ attention: null }] } });
    await finish();
    expect(state().inside?.job).toMatchObject({ state: 'done', result: { words: WORDS } });
    expect(state().inside?.job).toHaveProperty('result.layers.length', 2);
  });

  it('is painted with another word and the same noise, which can be kept or dropped', async () => {
    await finish();
    expect(state().changeWord(4, ' white ')).toBeNull();
    await settle();
    expect(latest().input.recipe).toEqual({ ...first().recipe, caption: 'a red flower, with white center' });
    await finish();
    expect(state().inside?.change).toMatchObject({ at: 4, word: 'white', job: { state: 'done' } });
    state().dropChange();
    expect(state().inside).toMatchObject({ of: first(), change: null });
    state().changeWord(1, '');
    await settle();
    expect(latest().input.recipe.caption).toBe('a flower, with Yellow center');
    await finish();
    state().keepChange();
    expect(state().inside).toMatchObject({ of: { recipe: { caption: 'a flower, with Yellow center' } }, change: null });
    expect(state().earlier[0]?.recipe.caption).toBe('a flower, with Yellow center');
  });

  it('shows the latest change only, and says why one cannot be', async () => {
    await finish();
    state().changeWord(1, 'blue');
    await settle();
    const blue = latest();
    state().changeWord(1, 'pink');
    await settle();
    expect(blue.options.signal?.aborted).toBe(true);
    await finish();
    expect(state().inside?.change).toMatchObject({ word: 'pink', job: { state: 'done' } });
    expect(state().changeWord(1, 'x'.repeat(1001))).toMatchObject({ kind: 'bad-caption', reason: 'too-long' });
    expect(state().inside?.change).toMatchObject({ word: 'pink' });
  });

  it('paints nothing where no word is read of the new one, which would be left out in silence', async () => {
    await finish();
    const before = latest();
    for (const unread of ['花', '!!']) {
      expect(state().changeWord(1, unread)).toMatchObject({ kind: 'bad-caption', reason: 'unreadable' });
    }
    await settle();
    expect(latest()).toBe(before);
    expect(state().inside?.change).toBeNull();
    // A word that the model does not know is passed over by itself, as in any caption; the field says so.
    expect(state().changeWord(1, 'purpel')).toBeNull();
  });

  it('keeps a failure of either, and forgets all when it is closed', async () => {
    latest().reject({ kind: 'device-lost', detail: 'a test' });
    await settle();
    expect(state().inside?.job).toMatchObject({ state: 'failed', failure: { kind: 'device-lost' } });
    expect(state().changeWord(0, 'one')).toBeNull();
    void state().lookInside(first());
    await settle();
    await finish();
    state().changeWord(0, 'one');
    await settle();
    latest().reject({ kind: 'device-lost', detail: 'a test' });
    await settle();
    expect(state().inside).toMatchObject({ job: { state: 'done' }, change: { job: { state: 'failed' } } });
    state().changeWord(0, 'one');
    await settle();
    const { signal } = latest().options;
    state().stopLookingInside();
    expect(signal?.aborted).toBe(true);
    await settle();
    expect(state().inside).toBeNull();
  });
});

describe('painting with a model that paints in stages', () => {
  it('asks for drafts, which sharpen where they stand and count for nothing until they are done', async () => {
    const { store, engine } = fakeStore({ ...FILES, 'models/manifest.json': WITH_STAGES });
    const state = store.getState;
    await state().fetchCatalogue();
    state().edit({ model: 'mirrorgan' });
    void state().paint();
    engine.finishLoad();
    await settle();
    const { input, options } = engine.latest('generate');
    expect(input.drafts).toBe(true);
    options.report?.({ index: 1, picture: picture(input.recipe, 1), draft: true });
    const [draft] = latestPictures(state());
    expect(state().painting).toMatchObject({ progress: { done: 0, total: 4 } });
    options.report?.({ index: 1, picture: picture(input.recipe, 9) });
    const [sharp] = latestPictures(state());
    expect(sharp?.id).toBe(draft?.id);
    expect(sharp).not.toHaveProperty('draft');
    expect(sharp?.pixels.data[0]).toBe(9);
    expect(state().painting).toMatchObject({ progress: { done: 1, total: 4 } });
  });

  it('asks for none where there are no stages', async () => {
    const { store, engine } = fakeStore();
    await store.getState().fetchCatalogue();
    void store.getState().paint();
    engine.finishLoad();
    await settle();
    expect(engine.latest('generate').input).not.toHaveProperty('drafts');
  });
});

it('finds a word’s map, and the words of a place', () => {
  // Two words over three by one places.
  const maps = { width: 3, height: 1, values: Float32Array.of(0.1, 0.9, 0.4, 0.6, 0.5, 0.5) };
  expect([...mapOf(maps, 2, 1)]).toEqual([...Float32Array.of(0.9, 0.6, 0.5)]);
  expect([...wordsAt(maps, 2, 1, 0)]).toEqual([...Float32Array.of(0.4, 0.6)]);
});
