import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodePng, textChunk } from '../../src/image/png.ts';
import { followAddress, hashOf, openHash } from '../../src/state/address.ts';
import { FILM_NOTE, openFile, TOUR_NOTE } from '../../src/state/open-file.ts';
import { checkStops, eased, tourRecipe } from '../../src/state/tour.ts';
import { soundWalk, tourOf, tourPart } from '../../src/state/tour-link.ts';
import { recipeAt, type End } from '../../src/state/walk.ts';
import { picture, settle } from '../support/fake-engine.ts';
import { CARD, MANIFEST } from '../support/fake-models.ts';
import { fakeStore, FILES, type Fakes } from '../support/store.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function touring(files = FILES): Promise<Fakes> {
  const fakes = fakeStore(files);
  await fakes.store.getState().fetchCatalogue();
  await fakes.store.getState().fetchCard('flowers');
  fakes.store.getState().enter('between');
  fakes.store.getState().showBetween();
  fakes.engine.finishLoad();
  await settle();
  fakes.engine.finishRecipes();
  await settle();
  fakes.store.getState().chooseTouring(true);
  await settle();
  return fakes;
}

const STOPS: readonly End[] = [
  { caption: 'a red flower', seed: 1 },
  { caption: 'a blue flower: “round”, 50% & more; so', seed: 2, style: { z: [0.5, -1.25, 3], strength: 0.75 } },
  { caption: 'a white flower', seed: 4294967295 },
];
const base = { model: 'flowers', truncation: 1, size: 0 };

describe('a tour', () => {
  it('begins with the two ends and two more examples', async () => {
    const { store } = await touring();
    const { walk, stops } = store.getState();
    expect(stops).toHaveLength(4);
    expect(stops.slice(0, 2)).toEqual([walk.a, walk.b]);
    expect(new Set(stops.map(({ caption }) => caption)).size).toBe(4);
  });

  it('follows the ends until somebody arranges it', async () => {
    const { store } = await touring();
    const { stops } = store.getState();
    store.getState().chooseTouring(false);
    store.getState().chooseTouring(true);
    expect(store.getState().stops).toBe(stops);
    store.getState().chooseTouring(false);
    store.getState().editEnd('b', { caption: 'a new flower' });
    store.getState().chooseTouring(true);
    expect(store.getState().stops[1]?.caption).toBe('a new flower');
    store.getState().editStop(0, { caption: 'mine' });
    store.getState().chooseTouring(false);
    store.getState().swapEnds();
    store.getState().chooseTouring(true);
    expect(store.getState().stops[0]?.caption).toBe('mine');
  });

  it('is suggested anew for another model, until somebody arranges it', async () => {
    const FACES = ['a man with a hat', 'a woman with bangs', 'a bald man', 'a person'];
    const [flowers] = MANIFEST.models;
    const files = flowers!.files.map((file) => (file.role === 'card' ? { ...file, path: 'faces/card.json' } : file));
    const faces = { ...flowers!, id: 'faces', architecture: 't2f', files };
    const { store } = await touring({
      ...FILES,
      'models/manifest.json': { ...MANIFEST, models: [...MANIFEST.models, faces] },
      'models/faces/card.json': { ...CARD, examples: FACES },
    });
    const { stops } = store.getState();
    store.getState().showBetween();
    expect(store.getState().stops).toBe(stops);
    const choose = async (model: string, caption: string) => {
      store.getState().edit({ model, caption });
      store.getState().showBetween();
      await store.getState().fetchCard(model);
      store.getState().showBetween();
    };
    await choose('faces', FACES[0]!);
    const captions = () => store.getState().stops.map(({ caption }) => caption);
    expect(captions().toSorted()).toEqual(FACES.toSorted());
    store.getState().editStop(0, { caption: 'mine' });
    await choose('flowers', CARD.examples[0]!);
    expect(captions()[0]).toBe('mine');
  });

  it('drops frames rather than queueing them: one job, and the newest place after it', async () => {
    const { store, engine } = await touring();
    const before = engine.count('paint');
    for (let i = 0; i < 1000; i++) store.getState().travel(1 / 60);
    await settle();
    expect(engine.count('paint') - before).toBe(0);
    engine.finishRecipes();
    await settle();
    expect(engine.count('paint') - before).toBe(1);
    engine.finishRecipes();
    await settle();
    const { tourAt, standing, stops } = store.getState();
    expect(standing?.recipe).toEqual(tourRecipe(base, stops, tourAt));
    expect(tourAt).toBeCloseTo((1000 / 60 / 3) % 4, 5);
  });

  it('shows what it knows without a job, when it comes round again', async () => {
    const { store, engine } = await touring();
    for (let i = 0; i < 4 * 120; i++) {
      store.getState().travelTo(i / 120);
      await settle();
      engine.finishRecipes();
      await settle();
    }
    const before = engine.count('paint');
    for (let i = 0; i < 600; i++) {
      store.getState().travel(1 / 60);
      expect(store.getState().standing?.recipe).toMatchObject({ version: 1 });
    }
    await settle();
    expect(engine.count('paint')).toBe(before);
  });

  it('goes on from where it was in a tab that slept', async () => {
    const { store } = await touring();
    store.getState().travelTo(1.5);
    store.getState().travel(3600);
    expect(store.getState().tourAt).toBeCloseTo(1.5 + 0.25 / 3, 5);
    store.getState().travelTo(Number.NaN);
    expect(store.getState().tourAt).toBeCloseTo(1.5 + 0.25 / 3, 5);
    store.getState().travelTo(-0.5);
    expect(store.getState().tourAt).toBe(3.5);
  });

  it('paints its stops while it rests, and keeps each picture with its stop', async () => {
    const { store, engine } = await touring();
    for (let i = 0; i < 4; i++) {
      engine.finishRecipes();
      await settle();
      await vi.advanceTimersByTimeAsync(300);
    }
    const { stopTiles, stops } = store.getState();
    expect(stopTiles.map((tile) => tile?.stale)).toEqual([false, false, false, false]);
    expect(store.getState().moveStop(0, 1)).toBe(1);
    expect(store.getState().moveStop(0, -1)).toBe(0);
    expect(store.getState().moveStop(3, 1)).toBe(3);
    expect(store.getState().stops).toEqual([stops[1], stops[0], stops[2], stops[3]]);
    expect(store.getState().stopTiles[0]?.pixels).toBe(stopTiles[1]?.pixels);
    store.getState().removeStop(1);
    expect(store.getState().stops).toEqual([stops[1], stops[2], stops[3]]);
    expect(store.getState().stopTiles.map((tile) => tile?.pixels)).toEqual([1, 2, 3].map((i) => stopTiles[i]?.pixels));
  });

  it('paints its stops between the frames while it plays: it never rests', async () => {
    const { store, engine } = await touring();
    store.getState().play(true);
    for (let i = 0; i < 8; i++) {
      store.getState().travel(0.1);
      await settle();
      engine.finishRecipes();
      await settle();
    }
    engine.finishRecipes();
    await settle();
    const { stopTiles, stops, tourAt, standing } = store.getState();
    expect(stopTiles.map((tile) => tile?.stale)).toEqual([false, false, false, false]);
    // The frames came, too, each job with one stop at the most.
    expect(standing?.recipe).toEqual(tourRecipe(base, stops, tourAt));
    const jobs = engine.calls.flatMap((call) => ('recipes' in call.input ? [call.input.recipes] : []));
    expect(Math.max(...jobs.map((recipes) => recipes.length))).toBe(2);
    // Of places that are known already there is no frame to go along with.
    store.getState().travelTo(0.5);
    await settle();
    engine.finishRecipes();
    await settle();
    store.getState().editStop(2, { caption: 'a new flower' });
    await settle();
    expect(engine.latest('paint').input.recipes.map(({ caption }) => caption)).toEqual(['a new flower']);
  });

  it('has two to eight stops, and passes by those that cannot be painted', async () => {
    const { store } = await touring();
    const { addStop, removeStop, editStop } = store.getState();
    for (let i = 4; i < 8; i++) expect(addStop()).toBe(i);
    expect(addStop()).toBe(-1);
    store.getState().travelTo(7.5);
    for (let i = 0; i < 9; i++) removeStop(0);
    expect(store.getState().stops).toHaveLength(2);
    expect(store.getState().tourAt).toBeLessThan(2);
    addStop();
    editStop(1, { caption: '' });
    const { stops, standing } = store.getState();
    expect(tourRecipe(base, stops, 0.5)).toMatchObject({
      caption: stops[0]?.caption,
      towards: { caption: stops[2]?.caption },
    });
    editStop(0, { caption: '花' });
    expect(store.getState().standing).toBe(standing);
    store.getState().travelTo(0.5);
  });

  it('is slow at the stops, and at a stop it is that stop’s own picture', () => {
    expect([0, 0.25, 0.5, 1].map(eased)).toEqual([0, 0.1563, 0.5, 1]);
    expect(tourRecipe(base, STOPS, 1)).toEqual({ version: 1, ...base, ...STOPS[1] });
    expect(tourRecipe(base, STOPS, 2.999)).toEqual({ version: 1, ...base, ...STOPS[0] });
    expect(tourRecipe(base, STOPS, 2.5).towards).toEqual({ ...STOPS[0], text: 0.5, noise: 0.5 });
  });
});

describe('in the address and in files', () => {
  it('a tour comes back whole', async () => {
    const { store } = await touring();
    store.getState().openTour(STOPS, store.getState().form.recipe.model);
    const hash = hashOf(store.getState());
    expect(new URL(`https://limn.example/${hash}`).hash).toBe(hash);
    const other = fakeStore().store;
    openHash(other, hash);
    expect(other.getState()).toMatchObject({
      room: 'between',
      touring: true,
      stops: STOPS,
      walk: store.getState().walk,
    });
    expect(hashOf(other.getState())).toBe(hash);
  });

  it.each(['r=', 'r=1:a', 'r=NaN:a;2:b', 'r=1:;2:b', 'r=1:a:!!:1;2:b', `r=${'1:a;'.repeat(9)}`])(
    'a broken one gets a word, and the two ends: %s',
    async (part) => {
      const { store } = await touring();
      store.getState().chooseTouring(false);
      const hash = hashOf(store.getState());
      const other = fakeStore().store;
      openHash(other, `${hash}&${part}`);
      expect(other.getState().touring).toBe(false);
      expect(other.getState().notices[0]?.text).toMatch(/tour in this link/);
      expect(other.getState().walk).toEqual(store.getState().walk);
    },
  );

  it('that is too long for a link leaves the two ends', async () => {
    const { store } = await touring();
    store.getState().openTour(
      Array.from({ length: 8 }, (_, seed) => ({ caption: `a ${'花'.repeat(900)}`, seed })),
      store.getState().form.recipe.model,
    );
    expect(tourOf(hashOf(store.getState()))).toEqual([]);
    expect(tourOf(tourPart(STOPS))).toEqual(STOPS);
  });

  it.each([null, {}, 'ab', [], [1, 2], [{ caption: 'a', seed: 1 }], Array(9).fill({ caption: 'a', seed: 1 })])(
    'a note that is no tour: %j',
    (note) => {
      expect(checkStops(note)).toEqual([]);
    },
  );

  it('a film of a tour opens it', async () => {
    const { store: from } = await touring();
    vi.useRealTimers();
    const recipe = recipeAt(from.getState().walk, 'flowers');
    const notes = [textChunk(TOUR_NOTE, JSON.stringify(STOPS)), textChunk(FILM_NOTE, '{"pace":6}')];
    const { store } = fakeStore();
    await openFile(store, new File([await encodePng(picture(recipe).pixels, recipe, notes)], 'x.png'));
    expect(store.getState()).toMatchObject({ room: 'between', touring: true, stops: STOPS, tourPace: 6 });
  });
});

describe('a tour whose A or B is empty', () => {
  it('is in its link all the same, beside its first two stops', async () => {
    const { store } = await touring();
    store.getState().openTour(STOPS, 'flowers');
    const whole = hashOf(store.getState());
    store.getState().editEnd('b', { caption: ' ' });
    const hash = hashOf(store.getState());
    expect([tourOf(whole), tourOf(hash)]).toEqual([STOPS, STOPS]);
    const { store: fresh } = fakeStore();
    openHash(fresh, hash);
    expect(fresh.getState()).toMatchObject({ room: 'between', touring: true, stops: STOPS, notices: [] });
    expect(soundWalk(store.getState())).toMatchObject({ a: STOPS[0], b: STOPS[1] });
    expect(soundWalk({ ...store.getState(), touring: false })).toBeNull();
    expect(soundWalk({ ...store.getState(), stops: STOPS.slice(0, 1) })).toBeNull();
  });

  it('has its link in the address', async () => {
    const { store } = await touring();
    const place = { location: { hash: hashOf(store.getState()) } };
    const replaceState = (_: unknown, __: string, hash: string) => void (place.location.hash = hash);
    const stop = followAddress(store, {
      ...place,
      history: { pushState: replaceState, replaceState },
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    } as unknown as Parameters<typeof followAddress>[1]);
    store.getState().openTour(STOPS, 'flowers');
    store.getState().editEnd('a', { caption: '' });
    vi.advanceTimersByTime(1000);
    stop();
    expect(tourOf(place.location.hash)).toEqual(STOPS);
  });
});
