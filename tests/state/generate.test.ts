import { describe, expect, it } from 'vitest';
import { latestPictures } from '../../src/state/history.ts';
import { settle } from '../support/fake-engine.ts';
import { fakeStore, paintedStore } from '../support/store.ts';

describe('a painting', () => {
  it('loads, then takes pictures one by one, then is done', async () => {
    const { store, engine } = fakeStore();
    void store.getState().paint();
    expect(store.getState().painting).toEqual({ state: 'running', progress: { done: 0, total: 4 } });
    expect(store.getState().batch?.pictures).toEqual([null, null, null, null]);
    expect(engine.count('generate')).toBe(0);
    engine.finishLoad();
    await settle();
    engine.report(1);
    expect(store.getState().painting).toEqual({ state: 'running', progress: { done: 1, total: 4 } });
    expect(store.getState().batch?.pictures.map((p) => p?.recipe.seed)).toEqual([undefined, 8, undefined, undefined]);
    engine.finishPaint();
    await settle();
    expect(store.getState().painting).toEqual({ state: 'done', result: { pictures: 4 } });
    expect(latestPictures(store.getState()).map((p) => p.recipe.seed)).toEqual([7, 8, 9, 10]);
    expect(store.getState().pace).toBe(10);
  });

  it('draws a new seed each time unless the seed is locked', async () => {
    const { store, engine } = fakeStore();
    const seeds: number[] = [];
    const paint = async () => {
      void store.getState().paint();
      if (engine.count('generate') === 0) engine.finishLoad();
      await settle();
      engine.finishPaint();
      await settle();
      seeds.push(engine.latest('generate').input.recipe.seed);
    };
    await paint();
    await paint();
    store.getState().arrange({ seedLocked: true });
    await paint();
    store.getState().arrange({ seedLocked: false });
    store.getState().edit({ seed: 5 });
    await paint();
    expect(seeds).toEqual([7, 1000, 1000, 5]);
    expect(store.getState().form.recipe.seed).toBe(5);
  });

  it('offers words back that made room for others, if they stand nowhere else', async () => {
    const { store } = await paintedStore();
    const { exchangeCaption, edit } = store.getState();
    const offered = () => store.getState().notices.map(({ action }) => action?.label);
    // Nobody wrote the first caption.
    exchangeCaption('a paper rose');
    expect(offered()).toEqual([]);
    for (const nothing of ['', '  ', 'a paper rose']) {
      edit({ caption: nothing });
      exchangeCaption('a paper rose');
    }
    expect(offered()).toEqual([]);
    edit({ caption: 'a rose of my own ' });
    exchangeCaption('a paper rose');
    expect(offered()).toEqual(['Put them back']);
    store.getState().notices[0]?.action?.run();
    expect(store.getState().form.recipe.caption).toBe('a rose of my own ');
    store.setState({ notices: [] });
    // Two presses in a row: what was typed before the first is still what is missed.
    exchangeCaption('a paper rose');
    exchangeCaption('a paper tulip');
    expect(offered()).toEqual(['Put them back']);
    store.getState().notices[0]?.action?.run();
    expect(store.getState().form.recipe.caption).toBe('a rose of my own ');
    store.setState({ notices: [] });
    // Nothing is missed where the new words say what the old ones said; where those go, it is.
    exchangeCaption('a rose of my own with leaves', false);
    expect(offered()).toEqual([]);
    exchangeCaption('a paper rose');
    expect(offered()).toEqual(['Put them back']);
    store.setState({ notices: [] });
    edit({ caption: 'a rose of my own ' });
    // What was painted is among the earlier captions.
    void store.getState().paint();
    exchangeCaption('a paper rose');
    expect(offered()).toEqual([]);
  });

  it('offers words back that stand elsewhere too, where it is known that some were lost', async () => {
    const { store } = await paintedStore();
    const { exchangeCaption } = store.getState();
    const { caption } = store.getState().form.recipe;
    // Nobody wrote it.
    exchangeCaption('a person', true);
    expect(store.getState().notices).toHaveLength(1);
    store.getState().notices[0]?.action?.run();
    expect(store.getState().form.recipe.caption).toBe(caption);
    store.setState({ notices: [] });
    exchangeCaption('', true);
    // Of nothing, nothing is lost.
    store.setState({ notices: [] });
    exchangeCaption('a person', true);
    expect(store.getState().notices).toEqual([]);
  });

  it('keeps what came when it is cancelled, and is idle', async () => {
    const { store, engine } = fakeStore();
    void store.getState().paint();
    engine.finishLoad();
    await settle();
    engine.report(0);
    store.getState().cancelPainting();
    await settle();
    expect(store.getState().painting).toEqual({ state: 'idle' });
    expect(latestPictures(store.getState())).toHaveLength(1);
    expect(store.getState().batch?.pictures).toHaveLength(1);
    expect(engine.latest('generate').options.signal?.aborted).toBe(true);
  });

  it('cancelled brings nothing back that was thrown away meanwhile, and an undo brings it back once', async () => {
    const { store } = await paintedStore();
    const { paint, cancelPainting, forgetPicture, clearEarlier } = store.getState();
    void paint();
    await settle();
    const [first, ...others] = store.getState().earlier;
    forgetPicture(first?.id ?? -1);
    cancelPainting();
    await settle();
    expect(latestPictures(store.getState())).toEqual(others);
    void paint();
    await settle();
    const undo = clearEarlier();
    cancelPainting();
    await settle();
    expect(latestPictures(store.getState())).toEqual([]);
    undo();
    expect(store.getState().earlier).toEqual(others);
  });

  it('cancelled before anything came gives way to the pictures that stood there', async () => {
    const { store, engine } = await paintedStore();
    const { paint, cancelPainting } = store.getState();
    const { batch } = store.getState();
    void paint();
    await settle();
    expect(store.getState().earlier).toHaveLength(4);
    // Pressed twice, and neither brought anything.
    void paint();
    await settle();
    cancelPainting();
    await settle();
    expect(store.getState().batch).toEqual(batch);
    expect(store.getState().earlier).toEqual([]);
    expect(store.getState().painting).toEqual({ state: 'idle' });
    void paint();
    await settle();
    engine.report(2);
    cancelPainting();
    await settle();
    expect(latestPictures(store.getState())).toHaveLength(1);
    expect(store.getState().earlier).toEqual(batch?.pictures);
  });

  it('that a caption stops before anything came does likewise', async () => {
    const { store, engine } = fakeStore();
    void store.getState().paint();
    engine.finishLoad();
    await settle();
    engine.report(1);
    void store.getState().paint();
    await settle();
    store.getState().edit({ caption: '' });
    await store.getState().paint();
    await settle();
    expect(store.getState().painting.state).toBe('failed');
    expect(store.getState().batch?.pictures.map((p) => p?.recipe.seed)).toEqual([8]);
    expect(store.getState().earlier).toEqual([]);
  });

  it('that fails before anything came keeps its place', async () => {
    const { store, engine } = await paintedStore();
    void store.getState().paint();
    await settle();
    engine.latest('generate').reject({ kind: 'device-lost', detail: 'gone' });
    await settle();
    expect(store.getState().batch?.pictures).toEqual([]);
    expect(store.getState().earlier).toHaveLength(4);
  });

  it('can be cancelled while the model loads; loading goes on', async () => {
    const { store, engine } = fakeStore();
    void store.getState().paint();
    store.getState().cancelPainting();
    await settle();
    expect(store.getState().painting).toEqual({ state: 'idle' });
    expect(store.getState().loading.state).toBe('running');
    engine.finishLoad();
    await settle();
    expect(engine.count('generate')).toBe(0);
    expect(store.getState().loading.state).toBe('done');
  });

  it('gives way to the next; its late pictures are not shown', async () => {
    const { store, engine } = fakeStore();
    void store.getState().paint();
    engine.finishLoad();
    await settle();
    const first = engine.latest('generate');
    engine.report(0, first);
    store.getState().edit({ caption: 'a red flower' });
    void store.getState().paint();
    await settle();
    expect(first.options.signal?.aborted).toBe(true);
    engine.report(1, first);
    expect(latestPictures(store.getState())).toEqual([]);
    expect(store.getState().earlier).toHaveLength(1);
    engine.finishPaint();
    await settle();
    expect(latestPictures(store.getState())).toHaveLength(4);
    expect(store.getState().painting.state).toBe('done');
  });

  it('fails in words of the engine, keeps its recipe, and can be tried again', async () => {
    const { store, engine } = fakeStore();
    void store.getState().paint();
    engine.finishLoad();
    await settle();
    engine.report(0);
    engine.latest('generate').reject({ kind: 'device-lost', detail: 'gone' });
    await settle();
    expect(store.getState().painting).toEqual({ state: 'failed', failure: { kind: 'device-lost', detail: 'gone' } });
    const { recipe } = engine.latest('generate').input;
    void store.getState().paintAgain();
    await settle();
    expect(engine.latest('generate').input).toEqual({ recipe, count: 4 });
    expect(store.getState().earlier).toEqual([]);
  });

  it('hears a replay: the same pictures come again in their places', async () => {
    const { store, engine } = fakeStore();
    void store.getState().paint();
    engine.finishLoad();
    await settle();
    engine.report(0);
    engine.become({ phase: 'recovering', attempt: 1, because: { kind: 'device-lost', detail: 'gone' } });
    expect(store.getState().engine.phase).toBe('recovering');
    engine.finishPaint();
    await settle();
    expect(latestPictures(store.getState()).map((p) => p.recipe.seed)).toEqual([7, 8, 9, 10]);
  });

  it.each([
    ['', 'empty'],
    [' \n\t ', 'empty'],
    ['🌸🌼', 'unreadable'],
    ['花', 'unreadable'],
    ['a'.repeat(1001), 'too-long'],
    ['a flower '.repeat(12_000), 'too-long'],
  ])('refuses a caption before the engine hears of it (%#)', async (caption, reason) => {
    const { store, engine } = fakeStore();
    store.getState().edit({ caption });
    await store.getState().paint();
    expect(store.getState().painting).toEqual({ state: 'failed', failure: { kind: 'bad-caption', reason } });
    expect(engine.calls).toEqual([]);
    store.getState().edit({ caption: 'a flower' });
    expect(store.getState().painting).toEqual({ state: 'idle' });
  });

  it('sends captions cleaned: no NUL, no lone surrogate', async () => {
    const { store, engine } = fakeStore();
    store.getState().edit({ caption: ' a\u0000red\ud800flower\n' });
    void store.getState().paint();
    engine.finishLoad();
    await settle();
    expect(engine.latest('generate').input.recipe.caption).toBe('a red flower');
  });

  it('more like a picture: its recipe, its seed locked', async () => {
    const { store, engine } = await paintedStore();
    const [, second] = latestPictures(store.getState());
    store.getState().enter('style');
    void store.getState().paintMoreLike(second!.recipe);
    expect(store.getState().room).toBe('paint');
    await settle();
    expect(store.getState().form).toMatchObject({ seedLocked: true, recipe: { seed: 8 } });
    expect(engine.latest('generate').input.recipe).toEqual(second!.recipe);
  });
});

describe('defaults of the card', () => {
  it('fill what nobody chose', () => {
    const { store } = fakeStore();
    store.getState().suggest({ caption: 'a blue flower', truncation: 0.7 });
    expect(store.getState().form.recipe).toMatchObject({ caption: 'a blue flower', truncation: 0.7 });
    store.getState().edit({ caption: 'mine', truncation: 1.2 });
    store.getState().suggest({ caption: 'theirs', truncation: 4 });
    expect(store.getState().form.recipe).toMatchObject({ caption: 'mine', truncation: 1.2 });
  });
});
