/** The Style room: a picture, what it shows, the square of it that is looked at, and the model that looks. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodePng } from '../../src/image/png.ts';
import { distanceWords } from '../../src/panels/style/words.ts';
import { defaultRecipe, type Recipe } from '../../src/recipe.ts';
import { receiveFile } from '../../src/state/receive.ts';
import { foundNow, lookOf } from '../../src/state/style.ts';
import { picture, settle } from '../support/fake-engine.ts';
import { WITH_STAGES, WITHOUT_STYLE } from '../support/fake-models.ts';
import { FILES } from '../support/store.ts';
import { answer, file, heard, look, looked, pixels, room, Z } from '../support/style-store.ts';

describe('a picture', () => {
  it('is cut to its middle, brought to the model’s size and looked at by S alone', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    await looked(fakes);
    const { input } = engine.latest('invert');
    expect(input).toMatchObject({ model: 'flowers', caption: '', steps: 0, restarts: 0 });
    expect([input.pixels.width, input.pixels.height]).toEqual([64, 64]);
    expect(store.getState().style.source?.square).toEqual({ left: 1, top: 0, edge: 2 });
    const found = foundNow(store.getState());
    expect(found && lookOf(found)).toMatchObject({ z: [1, 0.5], distance: 40 });
  });

  it('the later one wins, whatever comes in late', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    void store.getState().takeStylePicture(file('plain.jpg'));
    await vi.waitFor(() => expect(engine.count('invert')).toBe(1));
    const first = engine.latest('invert');
    void store.getState().takeStylePicture(file('plain.bmp'));
    await vi.waitFor(() => expect(engine.count('invert')).toBe(2));
    expect(first.options.signal?.aborted).toBe(true);
    answer(fakes, Z.there);
    first.resolve({ z: [9, 9], first: look(1), found: look(1), milliseconds: 1 });
    await settle();
    expect(store.getState().style.source?.name).toBe('plain.bmp');
    expect(store.getState().style.found?.first.z).toEqual(Z.there);
  });

  it('that is none is told, and the one before it stays', async () => {
    const fakes = await room();
    await looked(fakes);
    await fakes.store.getState().takeStylePicture(new File(['hello'], 'photo.jpg'));
    const { taking, source, found } = fakes.store.getState().style;
    expect(taking).toMatchObject({
      state: 'failed',
      failure: { kind: 'bad-image', file: 'photo.jpg', wanted: 'picture' },
    });
    expect(source?.name).toBe('plain.jpg');
    expect(found).not.toBeNull();
  });

  it('that was painted brings its caption along', async () => {
    const { store, engine } = await room();
    store.getState().enter('paint');
    void store.getState().takePaintedStyle(picture({ ...defaultRecipe(), caption: 'a red flower' }));
    await settle();
    expect(store.getState().room).toBe('style');
    expect(engine.latest('invert').input.caption).toBe('a red flower');
    // Nobody needs to read what was said.
    expect(engine.count('mirror')).toBe(0);
  });

  it('a dropped one with a recipe is taken, and its recipe offered where it missed the field', async () => {
    const { store, engine } = await room();
    const recipe: Recipe = { ...defaultRecipe(), caption: 'a blue flower' };
    const png = new File([await encodePng(pixels(9), recipe)], 'limn.png');
    void receiveFile(store, png, true);
    await vi.waitFor(() => expect(engine.count('invert')).toBe(1));
    expect(store.getState().room).toBe('style');
    expect(store.getState().notices).toEqual([]);
    void receiveFile(store, file('plain.bmp'), false);
    await vi.waitFor(() => expect(store.getState().style.source?.name).toBe('plain.bmp'));
    expect(store.getState().notices).toEqual([]);
    void receiveFile(store, png, false);
    await vi.waitFor(() => expect(store.getState().notices).toHaveLength(1));
    expect(store.getState().style.source?.name).toBe('limn.png');
    expect(store.getState().room).toBe('style');
    expect(store.getState().form.recipe.caption).not.toBe('a blue flower');
    const [offer] = store.getState().notices;
    expect(offer?.text).toBe('It carries a recipe.');
    offer?.action?.run();
    await vi.waitFor(() => expect(store.getState().room).toBe('paint'));
    expect(store.getState().form.recipe.caption).toBe('a blue flower');
  });

  it('without a style encoder nothing is asked', async () => {
    const { store, engine } = await room({ ...FILES, 'models/manifest.json': WITHOUT_STYLE });
    await store.getState().takeStylePicture(file());
    expect(engine.count('invert')).toBe(0);
  });
});

describe('what the picture shows', () => {
  it('is read by the mirror and then looked at with these words', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    await looked(fakes);
    expect(store.getState().style.reading.state).toBe('running');
    engine.latest('mirror').resolve({ caption: 'a red flower', words: [], logProbability: -3, milliseconds: 1 });
    await settle();
    expect(store.getState().style).toMatchObject({ caption: 'a red flower', captionBy: 'mirror' });
    expect(engine.latest('invert').input.caption).toBe('a red flower');
  });

  it('a person’s words win over a reading that comes late; a reading that fails is no matter', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    await looked(fakes);
    store.getState().describeStyle('mine');
    engine.latest('mirror').resolve({ caption: 'theirs', words: [], logProbability: -3, milliseconds: 1 });
    await settle();
    expect(store.getState().style.caption).toBe('mine');
    await looked(fakes);
    engine.latest('mirror').reject({ kind: 'network', url: 'x', detail: 'gone' });
    await settle();
    expect(store.getState().style).toMatchObject({ caption: '', reading: { state: 'idle' } });
    expect(store.getState().notices).toEqual([]);
  });

  it('is read anew by another model’s mirror, unless a person said it', async () => {
    const fakes = await room({ ...FILES, 'models/manifest.json': WITH_STAGES });
    const { store, engine } = fakes;
    const choose = async (model: string) => {
      store.getState().edit({ model });
      void store.getState().visitStyle();
      engine.finishLoad();
      await settle();
      answer(fakes);
      await settle();
    };
    await looked(fakes);
    await heard(fakes, 'a red flower');
    answer(fakes);
    await settle();
    await choose('mirrorgan');
    expect(store.getState().style).toMatchObject({
      caption: '',
      found: { caption: '' },
      reading: { state: 'running' },
    });
    expect(engine.latest('mirror').input.model).toBe('mirrorgan');
    await heard(fakes, 'a smiling man');
    answer(fakes);
    await settle();
    expect(store.getState().style).toMatchObject({ captionBy: 'mirror', found: { caption: 'a smiling man' } });
    store.getState().describeStyle('mine');
    await choose('flowers');
    expect(store.getState().style).toMatchObject({ caption: 'mine', found: { caption: 'mine' } });
    expect(engine.count('mirror')).toBe(2);
  });

  it('is read after a look that had to be tried again', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    void store.getState().takeStylePicture(file());
    await vi.waitFor(() => expect(engine.count('invert')).toBe(1));
    engine.latest('invert').reject({ kind: 'device-lost', detail: 'gone' });
    await settle();
    expect(engine.count('mirror')).toBe(0);
    void store.getState().lookAgain();
    await settle();
    answer(fakes);
    await settle();
    expect(engine.count('mirror')).toBe(1);
  });

  it('what cannot be read is said as nothing', async () => {
    const fakes = await room();
    await looked(fakes);
    fakes.store.getState().describeStyle('🌸');
    void fakes.store.getState().lookAgain();
    await settle();
    expect(fakes.engine.latest('invert').input.caption).toBe('');
  });
});

describe('the square', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  it('looks once when it rests, however much it was dragged', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    vi.useRealTimers();
    await looked(fakes);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const before = engine.count('invert');
    for (let i = 0; i < 1000; i++) store.getState().cropStyle({ left: i / 1000, top: 0, edge: 2 });
    expect(engine.count('invert')).toBe(before);
    vi.runAllTimers();
    await settle();
    expect(engine.count('invert')).toBe(before + 1);
    // Until then what was found before is still there.
    expect(store.getState().style.found).not.toBeNull();
  });
});

describe('another model in mid-look', () => {
  it('looks itself; the answer of the one before is nobody’s', async () => {
    const fakes = await room({ ...FILES, 'models/manifest.json': WITH_STAGES });
    const { store, engine } = fakes;
    void store.getState().takeStylePicture(file());
    await vi.waitFor(() => expect(engine.count('invert')).toBe(1));
    void store.getState().visitStyle();
    await settle();
    expect(engine.count('invert')).toBe(1);
    store.getState().edit({ model: 'mirrorgan' });
    void store.getState().visitStyle();
    engine.finishLoad();
    await settle();
    expect(engine.latest('invert').input.model).toBe('mirrorgan');
    // And back, before that one has answered.
    store.getState().edit({ model: 'flowers' });
    void store.getState().visitStyle();
    engine.finishLoad();
    await settle();
    answer(fakes);
    await settle();
    expect(foundNow(store.getState())?.model).toBe('flowers');
  });
});

it('a distance in plain words', () => {
  expect(distanceWords(34.4)).toBe('Differs by 34 of 255 levels on average: alike in the large, not in detail.');
  expect(distanceWords(0.2)).toBe('The very same picture.');
  expect(distanceWords(140)).toMatch(/something else/);
});
