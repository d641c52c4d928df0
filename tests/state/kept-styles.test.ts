/** Styles that a person kept, beside the grid and on the shelf, and one that is put on in Paint. */
import { describe, expect, it } from 'vitest';
import { placeInGrid } from '../../src/state/style-cell.ts';
import { columnsOf, CURRENT } from '../../src/state/style-grid.ts';
import { checkStyles, MAX_STYLES } from '../../src/state/styles.ts';
import { wearableOf } from '../../src/state/worn.ts';
import { settle } from '../support/fake-engine.ts';
import { MANIFEST } from '../support/fake-models.ts';
import { FILES } from '../support/store.ts';
import { looked, pixels, room, Z } from '../support/style-store.ts';

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
