import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Pixels, Reconstruction } from '../../src/engine/protocol.ts';
import { defaultRecipe, type Recipe } from '../../src/recipe.ts';
import { receiveFile } from '../../src/state/receive.ts';
import { foundNow, lookOf } from '../../src/state/style.ts';
import { cellNow, placeInGrid } from '../../src/state/style-cell.ts';
import { columnsOf, CURRENT } from '../../src/state/style-grid.ts';
import { checkStyles, MAX_STYLES } from '../../src/state/styles.ts';
import { wearableOf } from '../../src/state/worn.ts';
import { encodePng } from '../../src/image/png.ts';
import { distanceWords } from '../../src/panels/style/words.ts';
import { picture, settle, type FakeCall } from '../support/fake-engine.ts';
import { CARD, MANIFEST, WITH_STAGES, WITHOUT_STYLE, WORDS } from '../support/fake-models.ts';
import { fakeStore, type Fakes } from '../support/store.ts';

const FILES = {
  'models/manifest.json': MANIFEST,
  'models/flowers/card.json': CARD,
  'models/flowers/vocabulary.json': { words: WORDS.split(' ') },
};
const file = (name = 'plain.jpg') => new File([readFileSync(`tests/fixtures/pictures/${name}`)], name);
const pixels = (level: number): Pixels => ({ width: 2, height: 2, data: new Uint8ClampedArray(16).fill(level) });
const look = (distance: number): Reconstruction => ({ pixels: pixels(distance), distance });
/** Two styles. */
const Z = { here: [1, 0.5], there: [0.25, -2] };

/** In the Style room, with a catalogue and a loaded model. */
async function room(
  files: Readonly<Record<string, unknown>> = FILES,
  kept = new Map<string, unknown>(),
): Promise<Fakes> {
  const fakes = fakeStore(files, kept);
  const { fetchCatalogue, fetchCard, enter, load } = fakes.store.getState();
  await fetchCatalogue();
  await fetchCard('flowers');
  void load('flowers').catch(() => undefined);
  fakes.engine.finishLoad();
  await settle();
  enter('style');
  return fakes;
}

function answer({ engine }: Fakes, z: readonly number[] = Z.here, found = 40, first = 40): void {
  engine.latest('invert').resolve({ z, first: look(first), found: look(found), milliseconds: 5 });
}

/** A picture was taken, and S has answered. */
async function looked(fakes: Fakes, z: readonly number[] = Z.here): Promise<void> {
  const before = fakes.engine.count('invert');
  void fakes.store.getState().takeStylePicture(file());
  // A file is read outside of promises that this test could settle.
  await vi.waitFor(() => expect(fakes.engine.count('invert')).toBe(before + 1));
  answer(fakes, z);
  await settle();
}

/** What the mirror reads in the picture; nothing, unless it is said. */
async function heard({ engine }: Fakes, caption = ''): Promise<void> {
  engine.latest('mirror').resolve({ caption, words: [], logProbability: -3, milliseconds: 1 });
  await settle();
}

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

/** All pictures of the latest `paint`. */
function paint(call: FakeCall<'paint'>, upTo = Infinity): void {
  for (const [index, recipe] of call.input.recipes.entries()) {
    if (index < upTo) call.options.report?.({ index, picture: { ...picture(recipe, index), recipe } });
  }
}

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

describe('the grid', () => {
  it('paints captions × styles, and then only what is missing', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    void store.getState().visitStyle();
    await looked(fakes);
    const call = engine.latest('paint');
    expect(call.input.recipes.map(({ caption }) => caption)).toEqual(CARD.examples.slice(0, 3));
    expect(call.input.recipes[0]?.style).toEqual({ z: Z.here, strength: 1 });
    paint(call);
    call.resolve({ pictures: 3, milliseconds: 3 });
    await settle();
    expect(Object.keys(store.getState().grid.cells)).toHaveLength(3);
    const { id } = store.getState().grid.rows[1]!;
    store.getState().editRow(id, 'a pale blue flower');
    void store.getState().paintGrid();
    await settle();
    expect(engine.latest('paint').input.recipes.map(({ caption }) => caption)).toEqual(['a pale blue flower']);
  });

  it('a picture of other words, or of another strength, is not what stands there now', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    void store.getState().visitStyle();
    await looked(fakes);
    const call = engine.latest('paint');
    paint(call);
    call.resolve({ pictures: 3, milliseconds: 3 });
    await settle();
    const here = () => {
      const state = store.getState();
      const [column] = columnsOf(state);
      return state.grid.rows.map((row) => column !== undefined && cellNow(state, row, column) !== null);
    };
    expect(here()).toEqual([true, true, true]);
    const [first, second] = store.getState().grid.rows;
    store.getState().editRow(first!.id, 'a pale blue flower');
    store.getState().editRow(second!.id, '🌸');
    // The pictures are still shown, pale, until others take their place.
    expect(Object.keys(store.getState().grid.cells)).toHaveLength(3);
    expect(here()).toEqual([false, false, true]);
    store.getState().setStrength(0.5);
    expect(here()).toEqual([false, false, false]);
  });

  it('the latest strength wins; what came of the one before is painted over', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    void store.getState().visitStyle();
    await looked(fakes);
    const first = engine.latest('paint');
    paint(first, 1);
    store.getState().setStrength(0.25);
    void store.getState().paintGrid();
    await settle();
    expect(first.options.signal?.aborted).toBe(true);
    paint(first);
    const second = engine.latest('paint');
    expect(second.input.recipes).toHaveLength(3);
    paint(second);
    second.resolve({ pictures: 3, milliseconds: 3 });
    await settle();
    const cells = Object.values(store.getState().grid.cells);
    expect(cells.map(({ picture }) => picture.recipe.style?.strength)).toEqual([0.25, 0.25, 0.25]);
  });

  it('cancelled, keeps what came', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    void store.getState().visitStyle();
    await looked(fakes);
    paint(engine.latest('paint'), 2);
    store.getState().cancelGrid();
    await settle();
    expect(Object.keys(store.getState().grid.cells)).toHaveLength(2);
    expect(store.getState().grid.painting.state).toBe('idle');
  });

  it('a row that cannot be read is left out; at most eight rows', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    void store.getState().visitStyle();
    await looked(fakes);
    const { id } = store.getState().grid.rows[0]!;
    store.getState().editRow(id, '🌸');
    store.getState().setStrength(0.5);
    void store.getState().paintGrid();
    await settle();
    expect(engine.latest('paint').input.recipes).toHaveLength(2);
    for (let i = 0; i < 20; i++) store.getState().addRow();
    expect(store.getState().grid.rows).toHaveLength(8);
  });
});

describe('captions that the room suggests', () => {
  const [flowers] = MANIFEST.models;
  const files = flowers!.files.map((file) => (file.role === 'card' ? { ...file, path: 'faces/card.json' } : file));
  const faces = { ...flowers!, id: 'faces', name: 'Faces', architecture: 't2f', files };
  const FACES = ['a man with a hat', 'a woman with bangs', 'a bald man', 'a person'];
  const both = {
    ...FILES,
    'models/manifest.json': { ...MANIFEST, models: [...MANIFEST.models, faces] },
    'models/faces/card.json': { ...CARD, examples: FACES },
  };
  const captions = ({ store }: Fakes) => store.getState().grid.rows.map(({ caption }) => caption);

  /** As the page does it: the room hears of the model, and again when its card is there. */
  async function choose({ store }: Fakes, model: string): Promise<void> {
    store.getState().edit({ model });
    void store.getState().visitStyle();
    await store.getState().fetchCard(model);
    void store.getState().visitStyle();
  }

  it('are the model’s, and another model’s when that is chosen', async () => {
    const fakes = await room(both);
    const { store } = fakes;
    void store.getState().visitStyle();
    expect(captions(fakes)).toEqual(CARD.examples.slice(0, 3));
    const { rows } = store.getState().grid;
    void store.getState().visitStyle();
    expect(store.getState().grid.rows).toBe(rows);
    // What is said of a face is not known yet; flowers are not asked of it.
    store.getState().edit({ model: 'faces' });
    void store.getState().visitStyle();
    expect(captions(fakes)).toEqual([]);
    await choose(fakes, 'faces');
    expect(captions(fakes)).toEqual(FACES.slice(0, 3));
    await choose(fakes, 'flowers');
    expect(captions(fakes)).toEqual(CARD.examples.slice(0, 3));
  });

  it.each<[what: string, touch: (fakes: Fakes) => void]>([
    ['edited', ({ store }) => store.getState().editRow(store.getState().grid.rows[1]!.id, 'mine')],
    ['added', ({ store }) => store.getState().addRow()],
    ['removed', ({ store }) => store.getState().removeRow(store.getState().grid.rows[0]!.id)],
  ])('stay where one was %s', async (_what, touch) => {
    const fakes = await room(both);
    void fakes.store.getState().visitStyle();
    touch(fakes);
    const before = captions(fakes);
    await choose(fakes, 'faces');
    expect(captions(fakes)).toEqual(before);
    fakes.store.getState().cancelGrid();
  });
});

describe('kept styles', () => {
  it('stand in the grid beside what is found next, and can be left out', async () => {
    const fakes = await room();
    const { store } = fakes;
    await looked(fakes);
    await store.getState().keepStyle('  Dusk \u0000 ');
    // Just kept and still current: one column.
    expect(columnsOf(store.getState()).map(({ id }) => id)).toEqual([CURRENT]);
    await looked(fakes, Z.there);
    const [, kept] = columnsOf(store.getState());
    expect(kept).toMatchObject({ name: 'Dusk', z: Z.here });
    store.getState().toggleColumn(kept!.id);
    expect(columnsOf(store.getState())).toHaveLength(1);
  });

  it('are ticked where they stand in the grid; beyond eight there is no room', async () => {
    const fakes = await room();
    const { store } = fakes;
    await looked(fakes);
    await store.getState().keepStyle('current');
    const [current] = store.getState().styles;
    const others = Array.from({ length: 8 }, (_, i) => ({ ...current!, id: `s${i}`, z: [i, 1] }));
    store.setState({ styles: [current!, ...others] });
    const places = () => store.getState().styles.map((style) => placeInGrid(store.getState(), style));
    expect(places()).toEqual([...Array<string>(8).fill('in'), 'full']);
    store.getState().toggleColumn('s3');
    // The last one moves in, and so there is no way back for the one that was left out.
    expect(places()).toEqual([...Array<string>(4).fill('in'), 'full', ...Array<string>(4).fill('in')]);
    store.getState().toggleColumn('s0');
    expect(places().filter((place) => place === 'out')).toHaveLength(2);
  });

  it('come back on the next visit, are renamed, deleted, and brought back', async () => {
    const kept = new Map<string, unknown>();
    const before = await room(FILES, kept);
    await looked(before);
    await before.store.getState().keepStyle('one');
    await before.store.getState().keepStyle('two');
    const { store } = await room(FILES, kept);
    await store.getState().fetchStyles();
    const names = () => store.getState().styles.map(({ name }) => name);
    expect(names()).toEqual(['two', 'one']);
    await store.getState().renameStyle(store.getState().styles[1]!.id, 'first');
    const undo = store.getState().deleteStyle(store.getState().styles[0]!.id);
    expect(names()).toEqual(['first']);
    undo();
    expect(names()).toEqual(['two', 'first']);
    await settle();
    expect(checkStyles(kept.get('styles')).map(({ name }) => name)).toEqual(['two', 'first']);
  });

  it('are there for whoever asks while they are being read', async () => {
    const kept = new Map<string, unknown>();
    const before = await room(FILES, kept);
    await looked(before);
    await before.store.getState().keepStyle('one');
    const { store } = await room(FILES, kept);
    void store.getState().fetchStyles();
    await store.getState().fetchStyles();
    expect(store.getState().styles).toHaveLength(1);
  });

  it('of another training of the model stand in no grid', async () => {
    const kept = new Map<string, unknown>();
    const fakes = await room(FILES, kept);
    await looked(fakes);
    await fakes.store.getState().keepStyle('one');
    const [model] = MANIFEST.models;
    const files = model!.files.map((file) => ({ ...file, sha256: '1'.repeat(64) }));
    const { store } = await room(
      { ...FILES, 'models/manifest.json': { version: 1, models: [{ ...model, files }] } },
      kept,
    );
    await store.getState().fetchStyles();
    expect(store.getState().styles).toHaveLength(1);
    expect(columnsOf(store.getState())).toEqual([]);
  });

  it('of another tab are not lost', async () => {
    const kept = new Map<string, unknown>();
    const [here, there] = [await room(FILES, kept), await room(FILES, kept)];
    await looked(here);
    await looked(there);
    // Else the two would draw the same name.
    there.store.getState().rollGridSeed();
    await here.store.getState().keepStyle('here');
    await there.store.getState().keepStyle('there');
    expect(checkStyles(kept.get('styles')).map(({ name }) => name)).toEqual(['there', 'here']);
  });

  it('are kept for this visit where there is no room, and that is told', async () => {
    const full = new Map<string, unknown>();
    full.set = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const fakes = await room(FILES, full);
    await looked(fakes);
    await fakes.store.getState().keepStyle('one');
    expect(fakes.store.getState().styles).toHaveLength(1);
    expect(fakes.store.getState().notices.at(-1)?.text).toMatch(/no room/);
  });

  it('junk on the shelf is left out', () => {
    const good = { id: 'a', name: 'A', model: 'flowers', generator: '0a', z: [1, 2], thumbnail: pixels(1) };
    const junk: unknown[] = [
      ...[null, 7, 'x', [], {}],
      ...[
        { ...good, id: '' },
        { ...good, id: 5 },
        { ...good, model: 'https://x' },
        { ...good, z: [] },
      ],
      ...[
        { ...good, z: [NaN] },
        { ...good, z: [1e309] },
        { ...good, z: '1,2' },
        { ...good, thumbnail: null },
      ],
      { ...good, thumbnail: { width: 9999, height: 2, data: new Uint8ClampedArray(16) } },
      { ...good, thumbnail: { width: 2, height: 2, data: [1, 2, 3] } },
    ];
    expect(checkStyles([...junk, good, good])).toEqual([good]);
    for (const value of [undefined, null, 'x', { length: 1 }]) expect(checkStyles(value)).toEqual([]);
    const many = Array.from({ length: 300 }, (_, i) => ({ ...good, id: `s${i}` }));
    expect(checkStyles(many)).toHaveLength(MAX_STYLES);
  });
});

describe('a style in Paint', () => {
  it('is put on, is painted with, and comes off', async () => {
    const fakes = await room();
    const { store, engine } = fakes;
    store.getState().wearStyle({ name: 'Dusk', z: Z.here, thumbnail: pixels(3) });
    await settle();
    expect(store.getState().room).toBe('paint');
    expect(engine.latest('generate').input.recipe.style).toEqual({ z: Z.here, strength: 0.8 });
    store.getState().setWornStrength(0.3);
    expect(store.getState().form.recipe.style?.strength).toBe(0.3);
    expect(wearableOf(store.getState(), Z.here)?.name).toBe('Dusk');
    expect(wearableOf(store.getState(), Z.there)).toBeNull();
    store.getState().takeOffStyle();
    expect('style' in store.getState().form.recipe).toBe(false);
  });

  it('does not follow to another model', async () => {
    const { store } = await room();
    store.getState().wearStyle({ name: 'Dusk', z: Z.here, thumbnail: pixels(3) });
    store.getState().edit({ model: 'birds' });
    expect('style' in store.getState().form.recipe).toBe(false);
  });
});

it('a distance in plain words', () => {
  expect(distanceWords(34.4)).toBe('Differs by 34 of 255 levels on average: alike in the large, not in detail.');
  expect(distanceWords(0.2)).toBe('The very same picture.');
  expect(distanceWords(140)).toMatch(/something else/);
});

it('samples of the model before do not come among those of another', async () => {
  const { store, engine } = await room({ ...FILES, 'models/manifest.json': WITH_STAGES });
  await store.getState().fetchCard('mirrorgan');
  void store.getState().visitStyle();
  await settle();
  const before = engine.latest('paint');
  store.getState().edit({ model: 'mirrorgan' });
  void store.getState().visitStyle();
  await settle();
  engine.finishLoad();
  await settle();
  paint(before);
  expect(store.getState().styleSamples).toEqual([]);
  const now = engine.latest('paint');
  paint(now, 1);
  // That those came to nothing is no matter to these.
  before.reject({ kind: 'device-lost', detail: 'a test' });
  await settle();
  paint(now);
  expect(store.getState().styleSamples.map(({ recipe }) => recipe.model)).toEqual(Array(3).fill('mirrorgan'));
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
