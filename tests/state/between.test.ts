import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodePng, textChunk } from '../../src/image/png.ts';
import { fromHash, toHash } from '../../src/permalink.ts';
import { hashOf, openHash } from '../../src/state/address.ts';
import { begin } from '../../src/state/begin.ts';
import { FILM_NOTE, openFile } from '../../src/state/open-file.ts';
import { recipeAt, stepAt, stepsOf, unlike, type Between } from '../../src/state/walk.ts';
import { CARD, MANIFEST, WITH_STAGES } from '../support/fake-models.ts';
import { picture, settle } from '../support/fake-engine.ts';
import { fakeStore, FILES, type Fakes } from '../support/store.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The room entered, the model there. */
async function entered(): Promise<Fakes> {
  const fakes = fakeStore();
  await fakes.store.getState().fetchCatalogue();
  fakes.store.getState().enter('between');
  fakes.store.getState().showBetween();
  fakes.engine.finishLoad();
  await settle();
  return fakes;
}

/** The hand rests, and every job that comes is done. */
async function rested({ engine }: Fakes): Promise<void> {
  for (let jobs = -1; jobs !== engine.count('paint');) {
    jobs = engine.count('paint');
    engine.finishRecipes();
    await settle();
    await vi.advanceTimersByTimeAsync(1000);
    await settle();
  }
}

const recipe: Between = {
  version: 1,
  model: 'flowers',
  caption: 'a red flower',
  seed: 5,
  truncation: 0.7,
  size: 0,
  towards: { caption: 'a blue, round flower', seed: 6, text: 0.25, noise: 0.75 },
};

describe('the place where one stands', () => {
  it('is painted when the room is entered, then the strip, then the plane, and then nothing', async () => {
    const fakes = await entered();
    const { store, engine } = fakes;
    expect(engine.latest('paint').input.recipes).toEqual([recipeAt(store.getState().walk, 'flowers')]);
    await rested(fakes);
    const { strip, plane, walking, standing } = store.getState();
    expect(standing?.recipe.towards).toMatchObject({ text: 0.5, noise: 0 });
    expect(strip).toHaveLength(9);
    expect(plane).toHaveLength(25);
    expect([...strip, ...plane].every((tile) => tile && !tile.stale)).toBe(true);
    expect(walking.state).toBe('done');
    // Nothing is painted twice, and never more than four at a time.
    const recipes = engine.calls.flatMap((call) => ('recipes' in call.input ? call.input.recipes : []));
    expect(new Set(recipes.map((r) => JSON.stringify(r))).size).toBe(recipes.length);
    const most = engine.calls.map((call) => ('recipes' in call.input ? call.input.recipes.length : 0));
    expect(Math.max(...most)).toBe(4);
  });

  it('a storm of 1,000 slider events leaves one live job, and the last of them wins', async () => {
    const fakes = await entered();
    const { store, engine } = fakes;
    for (let i = 0; i < 1000; i++) store.getState().moveTo({ text: ((i * 7) % 100) / 100 });
    store.getState().moveTo({ text: 0.31 });
    await settle();
    expect(engine.count('paint')).toBe(1);
    engine.finishRecipes();
    await settle();
    expect(engine.count('paint')).toBe(2);
    expect(engine.latest('paint').input.recipes.map((r) => r.towards?.text)).toEqual([0.31]);
    engine.finishRecipes();
    await settle();
    expect(engine.count('paint')).toBe(2);
    expect(store.getState().standing?.recipe.towards?.text).toBe(0.31);
    // The hand rests but once.
    expect(vi.getTimerCount()).toBe(1);
    await rested(fakes);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for the rest of a hand before it paints what nobody waits for', async () => {
    const fakes = await entered();
    const { store, engine } = fakes;
    for (let i = 0; i < 10; i++) {
      engine.finishRecipes();
      await settle();
      await vi.advanceTimersByTimeAsync(100);
      store.getState().moveTo({ text: 0.11 + i / 100 });
      await settle();
      expect(engine.latest('paint').input.recipes).toHaveLength(1);
    }
    engine.finishRecipes();
    await vi.advanceTimersByTimeAsync(250);
    expect(engine.latest('paint').input.recipes).toHaveLength(4);
  });

  it('is shown at once where one was before; what was on its way does not step back', async () => {
    const fakes = await entered();
    const { store, engine } = fakes;
    await rested(fakes);
    store.getState().moveTo({ text: 0.33 });
    await settle();
    const late = engine.latest('paint');
    store.getState().moveTo({ text: 0.25 });
    expect(store.getState().standing?.recipe.towards?.text).toBe(0.25);
    engine.finishRecipes(late);
    await settle();
    expect(store.getState().standing?.recipe.towards?.text).toBe(0.25);
  });

  it('fails in words, keeps the last picture, and is tried again', async () => {
    const fakes = await entered();
    const { store, engine } = fakes;
    await rested(fakes);
    const { standing } = store.getState();
    store.getState().moveTo({ text: 0.33 });
    await settle();
    engine.latest('paint').reject({ kind: 'worker-ended', detail: 'gone' });
    await settle();
    expect(store.getState().walking).toEqual({ state: 'failed', failure: { kind: 'worker-ended', detail: 'gone' } });
    expect(store.getState().standing).toBe(standing);
    store.getState().showBetween();
    await settle();
    expect(store.getState().walking.state).toBe('running');
    await rested(fakes);
    expect(store.getState().standing?.recipe.towards?.text).toBe(0.33);
  });

  it('is left: the running job ends, and nothing more is painted', async () => {
    const fakes = await entered();
    const { store, engine } = fakes;
    const call = engine.latest('paint');
    store.getState().leaveBetween();
    expect(call.options.signal?.aborted).toBe(true);
    store.getState().moveTo({ text: 0.9 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(engine.count('paint')).toBe(1);
    expect(store.getState().walking.state).toBe('idle');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the ends', () => {
  it('are what one paints, and the example that is least like it', async () => {
    const { store } = fakeStore();
    await store.getState().fetchCatalogue();
    await store.getState().fetchCard('flowers');
    store.getState().edit({ caption: ' a red flower with layered petals', seed: 77, truncation: 0.5 });
    store.getState().showBetween();
    const { walk } = store.getState();
    expect(walk).toMatchObject({ a: { caption: 'a red flower with layered petals', seed: 77 }, truncation: 0.5 });
    expect(walk.b).toEqual({ caption: 'orange petals with dark spots', seed: 1000 });
    expect(CARD.examples).toContain(walk.b.caption);
    // Once a person has chosen, they stay.
    store.getState().editEnd('b', { caption: 'a blue flower' });
    store.getState().edit({ caption: 'another' });
    store.getState().showBetween();
    expect(store.getState().walk.a.caption).toBe('a red flower with layered petals');
  });

  it.each<[architecture: string, other: RegExp]>([
    ['gan-int-cls', /\bflower\b/],
    ['t2f', /\bman\b/],
  ])('are of what %s paints where its card has but one example', async (architecture, other) => {
    const models = MANIFEST.models.map((model) => ({ ...model, architecture }));
    const { store } = fakeStore({
      ...FILES,
      'models/manifest.json': { ...MANIFEST, models },
      'models/flowers/card.json': { ...CARD, examples: ['a friend of mine'] },
    });
    await store.getState().fetchCatalogue();
    await store.getState().fetchCard('flowers');
    store.getState().edit({ caption: 'a friend of mine' });
    store.getState().showBetween();
    expect(store.getState().walk.b.caption).toMatch(other);
  });

  it('swapped show the same picture, seen from the other side', async () => {
    const { store } = await entered();
    store.getState().openWalk(recipe);
    store.getState().swapEnds();
    const { walk } = store.getState();
    expect(walk.a.caption).toBe('a blue, round flower');
    expect(walk).toMatchObject({ b: { caption: 'a red flower', seed: 5 }, text: 0.75, noise: 0.25 });
    store.getState().swapEnds();
    expect(recipeAt(store.getState().walk, 'flowers')).toEqual(recipe);
  });

  it('roll their seed, and drop a style that stood in its place', async () => {
    const { store } = await entered();
    store.getState().editEnd('a', { style: { z: [1, 2], strength: 1 } });
    store.getState().rollEnd('a');
    expect(store.getState().walk.a).toMatchObject({ seed: 1001 });
    expect(store.getState().walk.a.style).toBeUndefined();
  });

  it('come from painted pictures', async () => {
    const { store } = await entered();
    const { towards: _, ...plain } = recipe;
    store.getState().takeAsEnd('b', { ...plain, truncation: 0.4 });
    expect(store.getState().walk).toMatchObject({ b: { caption: 'a red flower', seed: 5 }, truncation: 0.4 });
  });

  it('take a style alone, and the words that the room suggests of what is painted', async () => {
    const { store } = fakeStore();
    await store.getState().fetchCatalogue();
    await store.getState().fetchCard('flowers');
    store.getState().edit({ caption: 'a red flower with layered petals', seed: 77 });
    const style = { z: [1, 2], strength: 1 };
    // The room was not entered yet.
    store.getState().takeAsEnd('b', { model: 'flowers', truncation: 1, size: 0, style });
    const { walk } = store.getState();
    expect(walk.a).toEqual({ caption: 'a red flower with layered petals', seed: 77 });
    expect(walk.b).toEqual({ caption: 'orange petals with dark spots', seed: 1000, style });
    // A picture brings its own words, and no style where it has none.
    const { towards: _, ...plain } = recipe;
    store.getState().takeAsEnd('b', plain);
    expect(store.getState().walk.b).toEqual({ caption: 'a red flower', seed: 5 });
  });

  it('that nobody chose are another model’s for another model, also where one has moved between them', async () => {
    const { store } = fakeStore({ ...FILES, 'models/manifest.json': WITH_STAGES });
    await store.getState().fetchCatalogue();
    store.getState().showBetween();
    store.getState().moveTo({ text: 0.2 });
    const { walk } = store.getState();
    store.getState().edit({ caption: 'a yellow star' });
    store.getState().showBetween();
    expect(store.getState().walk).toEqual(walk);
    store.getState().edit({ model: 'mirrorgan' });
    store.getState().showBetween();
    expect(store.getState().walk).toMatchObject({ a: { caption: 'a yellow star' }, text: 0.2 });
    // One that was chosen stays.
    store.getState().editEnd('b', { caption: 'a blue star' });
    store.getState().edit({ model: 'flowers' });
    store.getState().showBetween();
    expect(store.getState().walk).toMatchObject({ a: { caption: 'a yellow star' }, b: { caption: 'a blue star' } });
  });

  it('lose a style of another model when a style comes, too', async () => {
    const { store } = fakeStore({ ...FILES, 'models/manifest.json': WITH_STAGES });
    await store.getState().fetchCatalogue();
    store.getState().editEnd('a', { style: { z: [1, 2], strength: 1 } });
    store.getState().edit({ model: 'mirrorgan' });
    const style = { z: [3, 4], strength: 1 };
    store.getState().takeAsEnd('b', { model: 'mirrorgan', truncation: 1, size: 0, style });
    expect(store.getState().walk.a.style).toBeUndefined();
    expect(store.getState().walk.b.style).toEqual(style);
  });

  it.each(['', '  ', '花', 'a'.repeat(1001)])(
    'with a caption that cannot be painted keep everything: %#',
    async (caption) => {
      const fakes = await entered();
      const { store, engine } = fakes;
      await rested(fakes);
      const { standing } = store.getState();
      const calls = engine.count('paint');
      store.getState().editEnd('a', { caption });
      store.getState().moveTo({ text: 0.9 });
      await vi.advanceTimersByTimeAsync(1000);
      expect(engine.count('paint')).toBe(calls);
      expect(store.getState().standing).toBe(standing);
      expect(store.getState().strip.every((tile) => tile?.stale)).toBe(true);
      expect(hashOf(store.getState())).toBe('#between');
      store.getState().editEnd('a', { caption: 'a flower' });
      await settle();
      expect(engine.count('paint')).toBe(calls + 1);
    },
  );
});

describe('the strip', () => {
  it('goes along words, style or both; what is there already is not painted again', async () => {
    const fakes = await entered();
    const { store, engine } = fakes;
    await rested(fakes);
    store.getState().chooseSteps(3);
    expect(store.getState().strip.every((tile) => tile && !tile.stale)).toBe(true);
    store.getState().chooseWay('both');
    expect(store.getState().strip.map((tile) => tile && !tile.stale)).toEqual([true, true, true]);
    store.getState().chooseSteps(99);
    expect(store.getState().stripSteps).toBe(15);
    const calls = engine.count('paint');
    await rested(fakes);
    expect(engine.count('paint')).toBeGreaterThan(calls);
    expect(store.getState().strip.every((tile) => tile && !tile.stale)).toBe(true);
  });

  it('knows where one stands', () => {
    const at = { text: 0.63, noise: 0.2 };
    expect(stepsOf(at, 'words', 3)).toEqual([0, 0.5, 1].map((text) => ({ text, noise: 0.2 })));
    expect(stepsOf(at, 'style', 3)).toEqual([0, 0.5, 1].map((noise) => ({ text: 0.63, noise })));
    expect(stepsOf(at, 'both', 3)).toEqual([0, 0.5, 1].map((share) => ({ text: share, noise: share })));
    expect((['words', 'style', 'both'] as const).map((way) => stepAt(at, way, 9))).toEqual([5, 2, 3]);
  });
});

it('of several captions the one that has the fewest words in common', () => {
  expect(unlike('a red flower', ['a red flower', 'a flower', 'Red tulips', 'blue petals'])).toBe('blue petals');
  expect(unlike('a', [])).toBeUndefined();
});

describe('links and files', () => {
  it('a link with another end opens the room as it was, and leaves the Paint form alone', () => {
    const { store } = fakeStore();
    const { form } = store.getState();
    const hash = toHash({ ...fromHash('').form, recipe });
    expect(openHash(store, hash)).toBe(false);
    expect(store.getState()).toMatchObject({ room: 'between', form });
    expect(recipeAt(store.getState().walk, 'flowers')).toEqual(recipe);
    expect(hashOf(store.getState())).toBe(hash);
  });

  it('to a model that is not here take another and say so, before and after the catalogue came', async () => {
    const hash = toHash({ ...fromHash('').form, recipe: { ...recipe, model: 'birds' } });
    const early = fakeStore();
    openHash(early.store, hash);
    void begin(early.store, false);
    await settle();
    const late = fakeStore();
    await late.store.getState().fetchCatalogue();
    openHash(late.store, hash);
    for (const { store } of [early, late]) {
      expect(store.getState().form.recipe.model).toBe('flowers');
      expect(store.getState().notices.map(({ failure }) => failure?.kind)).toEqual(['unknown-model']);
    }
  });

  it('the room alone opens fresh', async () => {
    const { store } = await entered();
    store.getState().openWalk(recipe);
    openHash(store, '#between');
    expect(store.getState().walk.a.caption).toBe(store.getState().form.recipe.caption);
    expect(store.getState().walk).toMatchObject({ text: 0.5, noise: 0 });
  });

  it.each<[note: string, way: string]>([
    ['{"way":"both","seconds":4,"back":true}', 'both'],
    ['{"way":"sideways"}', 'words'],
    ['null', 'words'],
    ['"both"', 'words'],
  ])('a file says which way it goes: %s', async (note, way) => {
    vi.useRealTimers();
    const { store } = fakeStore();
    const bytes = await encodePng(picture(recipe).pixels, recipe, [textChunk(FILM_NOTE, note)]);
    await openFile(store, new File([bytes], 'x.png'));
    expect(store.getState()).toMatchObject({ room: 'between', stripWay: way });
  });

  it('a picture that lies between opens it, too', async () => {
    vi.useRealTimers();
    const { store } = fakeStore();
    const file = new File([await encodePng(picture(recipe).pixels, recipe)], 'x.png');
    await openFile(store, file);
    expect(store.getState().room).toBe('between');
    expect(recipeAt(store.getState().walk, 'flowers')).toEqual(recipe);
    expect(store.getState().notices.at(-1)?.text).toBe('The way between two captions of x.png is back.');
  });
});
