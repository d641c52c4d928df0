/** The grid of captions and styles, the captions that are suggested for it, and the samples where no style is yet. */
import { describe, expect, it } from 'vitest';
import { cellNow } from '../../src/state/style-cell.ts';
import { columnsOf } from '../../src/state/style-grid.ts';
import { picture, settle, type FakeCall } from '../support/fake-engine.ts';
import { CARD, MANIFEST, WITH_STAGES } from '../support/fake-models.ts';
import { FILES, type Fakes } from '../support/store.ts';
import { looked, room, Z } from '../support/style-store.ts';

/** All pictures of the latest `paint`. */
function paint(call: FakeCall<'paint'>, upTo = Infinity): void {
  for (const [index, recipe] of call.input.recipes.entries()) {
    if (index < upTo) call.options.report?.({ index, picture: { ...picture(recipe, index), recipe } });
  }
}

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
