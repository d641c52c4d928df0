import { beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/engine/weights/manifest.ts';
import { encodePng } from '../../src/image/png.ts';
import { defaultRecipe, type Recipe } from '../../src/recipe.ts';
import { openHash } from '../../src/state/address.ts';
import { begin } from '../../src/state/begin.ts';
import { modelOf } from '../../src/state/catalogue.ts';
import { openFile } from '../../src/state/open-file.ts';
import { recipeAt } from '../../src/state/walk.ts';
import { picture, settle } from '../support/fake-engine.ts';
import { CARD, MANIFEST } from '../support/fake-models.ts';
import { anOwnModel } from '../support/runs.ts';
import { FILES, fakeStore, type Fakes } from '../support/store.ts';

/** Faces stand first, as in the page's own list; they paint at 128 px only. */
const MODELS: Manifest = {
  ...MANIFEST,
  models: MANIFEST.models.flatMap((model) => [{ ...model, id: 'faces', name: 'Faces', sizes: [128] }, model]),
};

/** Taught from `parent`. */
function ownOf(parent: string) {
  const own = anOwnModel();
  const training = { ...CARD.training, parent: `Its name (${parent}, generator 0123456789ab)` };
  return { ...own, card: { ...own.card, training } };
}

const STYLE = { z: [0.5, -1], strength: 0.8 };
const OF_OWN: Recipe = { ...defaultRecipe(), model: 'my-tulips', caption: 'a red tulip', seed: 5, style: STYLE };

let fakes: Fakes;
beforeEach(async () => {
  fakes = fakeStore({ ...FILES, 'models/manifest.json': MODELS });
  await fakes.store.getState().fetchCatalogue();
});

const here = () => {
  const { store } = fakes;
  return modelOf(store.getState(), store.getState().form.recipe.model)?.id;
};
const told = () => fakes.store.getState().notices.flatMap(({ failure }) => (failure ? [failure] : []));

/** The model is painted with, and forgotten. */
async function forgotten(parent: string): Promise<void> {
  const { store, engine } = fakes;
  store.getState().placeOwn(ownOf(parent));
  store.getState().edit({ model: 'my-tulips' });
  void store.getState().forgetOwn('my-tulips');
  engine.latest('forget-model').resolve({ freedBytes: 1 });
  await settle();
}

describe('a model that is forgotten while it is in use', () => {
  it.each(['faces', 'flowers'])('gives way to its parent without a word: %s', async (parent) => {
    await forgotten(parent);
    expect(here()).toBe(parent);
    expect(told()).toEqual([]);
  });

  it('gives way to the usual one where its parent is gone, too', async () => {
    await forgotten('my-roses');
    expect(here()).toBe('flowers');
  });

  it('leaves the form alone where another is in use', async () => {
    const { store, engine } = fakes;
    store.getState().placeOwn(ownOf('flowers'));
    store.getState().edit({ model: 'faces' });
    void store.getState().forgetOwn('my-tulips');
    engine.latest('forget-model').resolve({ freedBytes: 1 });
    await settle();
    expect(here()).toBe('faces');
  });

  it('in another tab gives way when this one asks what there is', async () => {
    const { store, engine } = fakes;
    store.getState().placeOwn(ownOf('faces'));
    store.getState().edit({ model: 'my-tulips' });
    const asked = store.getState().fetchOwn();
    engine.latest('own-models').resolve([]);
    await asked;
    expect(here()).toBe('faces');
    expect(told()).toEqual([{ kind: 'unknown-model', id: 'my-tulips' }]);
  });
});

describe('pictures of a model that is gone', () => {
  it('more like one are painted by the parent, without the style of the other', async () => {
    await forgotten('faces');
    const { store, engine } = fakes;
    store.getState().edit({ model: 'flowers' });
    void store.getState().paintMoreLike(OF_OWN);
    engine.finishLoad();
    await settle();
    expect(here()).toBe('faces');
    expect(told()).toEqual([{ kind: 'unknown-model', id: 'my-tulips' }]);
    const { style: _, ...plain } = OF_OWN;
    expect(engine.latest('generate').input.recipe).toEqual({ ...plain, model: 'faces' });
    engine.finishPaint();
    await settle();
    expect(store.getState().painting.state).toBe('done');
  });

  it('a painting that failed is tried again with another', async () => {
    const { store, engine } = fakes;
    store.getState().placeOwn(ownOf('flowers'));
    store.getState().restore({ ...store.getState().form, recipe: OF_OWN });
    void store.getState().paint();
    engine.latest('load').reject({ kind: 'unknown-model', id: 'my-tulips' });
    await settle();
    expect(store.getState().painting.state).toBe('failed');
    // The failure itself asks what there is.
    engine.latest('own-models').resolve([]);
    await settle();
    expect(here()).toBe('flowers');
    void store.getState().paintAgain();
    expect(engine.latest('load').input.model).toBe('flowers');
  });

  it.each(['a', 'b'] as const)('are an end of Between: %s', async (end) => {
    await forgotten('flowers');
    const { store } = fakes;
    store.getState().takeAsEnd(end, { ...OF_OWN, size: 256 });
    expect(here()).toBe('flowers');
    expect(store.getState().walk).toMatchObject({ [end]: { caption: 'a red tulip', seed: 5 }, size: 0 });
    expect(store.getState().walk[end].style).toBeUndefined();
    expect(told()).toEqual([{ kind: 'unknown-model', id: 'my-tulips' }]);
  });

  it('that are dropped as files bring their words back, and the usual model paints', async () => {
    const { store, engine } = fakes;
    store.getState().edit({ model: 'faces' });
    void openFile(store, new File([await encodePng(picture(OF_OWN).pixels, OF_OWN)], 'x.png'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    engine.finishLoad();
    await settle();
    const { style: _, ...plain } = OF_OWN;
    expect(engine.latest('generate').input.recipe).toEqual({ ...plain, model: 'flowers' });
    expect(told()).toEqual([{ kind: 'unknown-model', id: 'my-tulips' }]);
  });

  it('that lie between two do so, too, at a size that there is', async () => {
    const { store } = fakes;
    const towards = { caption: 'a blue tulip', seed: 6, style: STYLE, text: 0.25, noise: 0.75 };
    const recipe = { ...OF_OWN, size: 256, towards };
    await openFile(store, new File([await encodePng(picture(recipe).pixels, recipe)], 'x.png'));
    expect(here()).toBe('flowers');
    const { style: _, ...plain } = OF_OWN;
    const { style: __, ...far } = towards;
    expect(recipeAt(store.getState().walk, 'flowers')).toEqual({ ...plain, model: 'flowers', towards: far });
    expect(told()).toEqual([{ kind: 'unknown-model', id: 'my-tulips' }]);
  });
});

it('a link to a model that is not here takes the usual one, not the first', async () => {
  const { store } = fakeStore({ ...FILES, 'models/manifest.json': MODELS });
  openHash(store, '#v=1&m=my-tulips&c=a+tulip&z=256');
  void begin(store, true);
  await settle();
  expect(store.getState().form.recipe).toMatchObject({ model: 'flowers', caption: 'a tulip', size: 0 });
});

it('an own model is waited for while it is not known which there are', async () => {
  const { store, engine } = fakeStore({ ...FILES, 'models/manifest.json': MODELS }, new Map([['taught', true]]));
  await store.getState().fetchCatalogue();
  const recalled = store.getState().recallOwn();
  store.getState().restore({ ...store.getState().form, recipe: OF_OWN });
  expect(store.getState().form.recipe).toEqual(OF_OWN);
  engine.latest('own-models').resolve([ownOf('flowers')]);
  await recalled;
  expect(store.getState().form.recipe).toEqual(OF_OWN);
  expect(store.getState().notices).toEqual([]);
});

describe('styles in Between', () => {
  const ends = (store: Fakes['store']) => [store.getState().walk.a, store.getState().walk.b];

  it('go with the model that they are of: another is chosen', () => {
    const { store } = fakes;
    store.getState().editEnd('b', { style: STYLE });
    store.getState().edit({ model: 'faces' });
    store.getState().showBetween();
    expect(ends(store).map(({ style }) => style)).toEqual([undefined, undefined]);
  });

  it('go where the other end becomes a picture of another model, whose own style stays', () => {
    const { store } = fakes;
    store.getState().editEnd('b', { style: STYLE });
    store.getState().takeAsEnd('a', { ...defaultRecipe(), model: 'faces', style: STYLE });
    expect(ends(store).map(({ style }) => style)).toEqual([STYLE, undefined]);
    store.getState().takeAsEnd('b', { ...defaultRecipe(), model: 'faces', style: STYLE });
    expect(ends(store).map(({ style }) => style)).toEqual([STYLE, STYLE]);
  });

  it('go where the catalogue comes later, and does not know the model', async () => {
    const { store } = fakeStore({ ...FILES, 'models/manifest.json': MODELS });
    const towards = { caption: 'a blue tulip', seed: 6, style: STYLE, text: 0.25, noise: 0.75 };
    store.getState().openWalk({ ...OF_OWN, towards });
    store.getState().openTour([{ caption: 'a', seed: 1, style: STYLE }], 'my-tulips');
    expect(ends(store).map(({ style }) => style)).toEqual([STYLE, STYLE]);
    void begin(store, false);
    await settle();
    store.getState().showBetween();
    expect([...ends(store), ...store.getState().stops].map(({ style }) => style)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
