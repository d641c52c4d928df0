import { describe, expect, it, vi } from 'vitest';
import { encodeVideo } from '../../src/panels/between/video.ts';
import { writeVideo } from '../../src/panels/between/write.ts';
import type { Write } from '../../src/state/export.ts';
import { defaultRecipe, parseRecipe } from '../../src/recipe.ts';
import { contentsOf, notesOf, tourFilm, tourSheet, walkFilm, walkSheet, type Choices } from '../../src/state/film.ts';
import { settle } from '../support/fake-engine.ts';
import { fakeStore, type Fakes } from '../support/store.ts';

// The browser's own encoder.
vi.mock('../../src/panels/between/video.ts', () => ({ encodeVideo: vi.fn(() => Promise.resolve(new Blob())) }));

const recipes = Array.from({ length: 20 }, (_, seed) => ({ ...defaultRecipe(), seed }));
const write: Write = (pictures) =>
  Promise.resolve(new Blob([pictures.map(({ recipe }) => recipe.seed).join()], { type: 'image/png' }));

async function loaded(): Promise<Fakes> {
  const fakes = fakeStore();
  void fakes.store.getState().load('flowers');
  fakes.engine.finishLoad();
  await settle();
  return fakes;
}

describe('an export', () => {
  it('paints a few at a time, tells how far it is, and gives the file', async () => {
    const { store, engine } = await loaded();
    const told: unknown[] = [];
    store.subscribe(({ exporting }) => told.push(exporting.state === 'running' ? exporting.progress : exporting.state));
    const file = store.getState().exportFile('x', recipes, async (pictures, { report }) => {
      report(1, 2);
      return write(pictures, { signal: new AbortController().signal, report });
    });
    for (const count of [8, 8, 4]) {
      await settle();
      expect(engine.latest('paint').input.recipes).toHaveLength(count);
      engine.finishRecipes();
    }
    expect(await (await file)?.file.text()).toBe(recipes.map(({ seed }) => seed).join());
    expect(told[0]).toEqual({ stage: 'paint', done: 0, total: 20 });
    expect(told).toContainEqual({ stage: 'paint', done: 17, total: 20 });
    expect(told.slice(-2)).toEqual([{ stage: 'write', done: 1, total: 2 }, 'done']);
    expect(store.getState().exporting).toMatchObject({ state: 'done', result: { name: 'x.png', bytes: 49 } });
  });

  it('can be cancelled while it paints, and while it writes', async () => {
    const { store, engine } = await loaded();
    const first = store.getState().exportFile('x', recipes, write);
    await settle();
    store.getState().cancelExport();
    expect(await first).toBeNull();
    expect(engine.latest('paint').options.signal?.aborted).toBe(true);
    expect(store.getState().exporting).toEqual({ state: 'idle' });
    const second = store.getState().exportFile('x', recipes.slice(0, 1), () => new Promise(() => undefined));
    await settle();
    engine.finishRecipes();
    await settle();
    store.getState().cancelExport();
    expect(await second).toBeNull();
    expect(store.getState().exporting).toEqual({ state: 'idle' });
  });

  it('gives way to the next', async () => {
    const { store, engine } = await loaded();
    const first = store.getState().exportFile('x', recipes, write);
    await settle();
    const second = store.getState().exportFile('y', recipes.slice(0, 1), write);
    await settle();
    engine.finishRecipes();
    expect(await first).toBeNull();
    expect(await second).not.toBeNull();
    expect(store.getState().exporting).toMatchObject({ state: 'done', result: { name: 'y.png' } });
  });

  it('fails in words', async () => {
    const { store, engine } = await loaded();
    const file = store.getState().exportFile('x', recipes, write);
    await settle();
    engine.latest('paint').reject({ kind: 'device-lost', detail: 'gone' });
    expect(await file).toBeNull();
    expect(store.getState().exporting).toMatchObject({ state: 'failed', failure: { kind: 'device-lost' } });
    const broken = store.getState().exportFile('x', recipes.slice(0, 1), () => Promise.reject(new Error('no codec')));
    await settle();
    engine.finishRecipes();
    expect(await broken).toBeNull();
    expect(store.getState().exporting).toMatchObject({ state: 'failed', failure: { detail: 'no codec' } });
  });
});

describe('what a film shows', () => {
  const walk = {
    a: { caption: 'a red flower', seed: 1 },
    b: { caption: 'a blue flower', seed: 2 },
    truncation: 1,
    size: 0,
    text: 0.3,
    noise: 0.2,
  };
  const stops = [walk.a, walk.b, { caption: '', seed: 4 }, { caption: 'a white flower', seed: 3 }];
  const base = { model: 'flowers', truncation: 1, size: 0 };

  it('from A to B, and back without showing the ends twice', () => {
    const there = walkFilm(walk, 'flowers', 'words', 2, false, 12);
    expect(there.recipes).toHaveLength(24);
    expect(there.frames).toEqual(there.recipes.map((_, i) => i));
    const shares = there.recipes.map(({ towards }) => towards?.text ?? NaN);
    expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
    expect(shares.every((share, i) => i === 0 || share > (shares[i - 1] ?? 1))).toBe(true);
    expect(there.recipes.every(({ towards }) => towards?.noise === 0.2)).toBe(true);
    const back = walkFilm(walk, 'flowers', 'both', 2, true, 12);
    expect(back.recipes).toHaveLength(24);
    expect(back.frames).toHaveLength(46);
    expect(back.frames.slice(22, 26)).toEqual([22, 23, 22, 21]);
    expect(back.recipes[23]?.towards).toMatchObject({ text: 1, noise: 1 });
  });

  it('once round the ring, by every stop that can be painted', () => {
    const film = tourFilm(base, stops, 1.5, 30);
    expect(film.recipes).toHaveLength(3 * 45);
    expect([0, 45, 90].map((i) => film.recipes[i]?.caption)).toEqual([
      'a red flower',
      'a blue flower',
      'a white flower',
    ]);
    expect([0, 45, 90].map((i) => film.recipes[i]?.towards)).toEqual([undefined, undefined, undefined]);
    expect(film.recipes.at(-1)?.towards).toMatchObject({ caption: 'a red flower' });
    for (const recipe of film.recipes) expect(parseRecipe(recipe)).toEqual(recipe);
  });

  it('a sheet: the steps of the strip, or a row a leg', () => {
    expect([3, 4, 6, 9, 10, 15].map((steps) => walkSheet(walk, 'flowers', 'words', steps).columns)).toEqual([
      3, 4, 3, 3, 5, 5,
    ]);
    const sheet = tourSheet(base, stops);
    expect(sheet.columns).toBe(6);
    expect(sheet.recipes).toHaveLength(18);
    expect(sheet.recipes[6]?.caption).toBe('a blue flower');
  });
});

describe('what a file would hold', () => {
  const FILM: Choices = { kind: 'png', factor: 4, seconds: 4, back: true };
  const SHEET: Choices = { ...FILM, kind: 'sheet' };

  it('is another thing with other captions, another way, model, look or length', () => {
    const { store } = fakeStore();
    const state = store.getState();
    const changes: [name: string, change: () => void][] = [
      ['a caption', () => store.getState().editEnd('a', { caption: 'a blue flower' })],
      ['a seed', () => store.getState().rollEnd('b')],
      ['the way', () => store.getState().chooseWay('both')],
      ['the model', () => store.getState().edit({ model: 'birds' })],
      ['how it is enlarged', () => store.getState().arrange({ upscaling: 'pixels' })],
      ['the tour', () => store.setState({ touring: true, stops: [state.walk.a, state.walk.b] })],
      ['a stop', () => store.setState({ stops: [state.walk.b, state.walk.a] })],
      ['the pace', () => store.getState().chooseTourPace(6)],
    ];
    const seen = [contentsOf(state, FILM)];
    for (const [name, change] of changes) {
      change();
      const now = contentsOf(store.getState(), FILM);
      expect(seen, name).not.toContain(now);
      seen.push(now);
    }
    for (const other of [{ kind: 'video' }, { factor: 8 }] as const)
      expect(contentsOf(store.getState(), { ...FILM, ...other })).not.toBe(seen.at(-1));
    for (const other of [{ seconds: 8 }, { back: false }] as const)
      expect(contentsOf(state, { ...FILM, ...other })).not.toBe(seen[0]);
  });

  it('says beside its recipe which way it goes and how fast, and where a tour stops', () => {
    const { store } = fakeStore();
    const notes = (choices: Choices) => notesOf(store.getState(), choices);
    store.getState().chooseWay('both');
    expect(notes(FILM)).toEqual({ 'limn-film': { way: 'both', seconds: 4, back: true } });
    expect(notes(SHEET)).toEqual({ 'limn-film': { way: 'both' } });
    const { a, b } = store.getState().walk;
    store.setState({ touring: true, stops: [b, { caption: ' ', seed: 1 }, a], tourPace: 6 });
    expect(notes(FILM)).toEqual({ 'limn-tour': [b, a], 'limn-film': { pace: 6 } });
    expect(notes(SHEET)).toEqual({ 'limn-tour': [b, a] });
  });

  it('a video says in its comment what a picture says in its notes', async () => {
    const [recipe] = recipes;
    const frame = { recipe: recipe!, notes: { 'limn-tour': [{ caption: 'a', seed: 1 }] }, title: 'a → b' };
    const write = writeVideo({ recipes, frames: [], rate: 30 }, { ...frame, factor: 1, upscaling: 'smooth' });
    await write([], { signal: new AbortController().signal, report: () => undefined });
    const { comment } = vi.mocked(encodeVideo).mock.lastCall![0];
    expect(JSON.parse(comment)).toEqual({ limn: recipe, ...frame.notes });
  });

  it('is the same after the way there and back, and by what has no part in it', () => {
    const { store } = fakeStore();
    const [film, sheet] = [FILM, SHEET].map((choices) => contentsOf(store.getState(), choices));
    const { caption } = store.getState().walk.a;
    store.getState().editEnd('a', { caption: 'a blue flower' });
    store.getState().editEnd('a', { caption: `${caption} ` });
    store.getState().play(true);
    store.getState().chooseTourPace(6);
    expect(contentsOf(store.getState(), SHEET)).toBe(sheet);
    expect(contentsOf(store.getState(), { ...SHEET, seconds: 8, back: false })).toBe(sheet);
    store.getState().chooseSteps(5);
    expect(contentsOf(store.getState(), SHEET)).not.toBe(sheet);
    expect(contentsOf(store.getState(), FILM)).toBe(film);
  });
});
