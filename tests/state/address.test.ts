import { describe, expect, it, vi } from 'vitest';
import { toHash } from '../../src/permalink.ts';
import { followAddress, openHash } from '../../src/state/address.ts';
import { settle } from '../support/fake-engine.ts';
import { fakeStore } from '../support/store.ts';

/** A window with nothing but an address. */
function fakeWindow() {
  let heard = () => {};
  const location = { hash: '' };
  const kept: { state: unknown } = { state: null };
  const move = (state: unknown, __: string, hash: string) => {
    location.hash = hash;
    kept.state = state;
  };
  const place = {
    location,
    history: { pushState: move, replaceState: move },
    addEventListener: (_: string, listener: () => void) => (heard = listener),
    removeEventListener: () => undefined,
  };
  const go = (hash: string) => {
    location.hash = hash;
    heard();
  };
  return { place: place as unknown as Parameters<typeof followAddress>[1], go, kept };
}

async function paintedStore() {
  const fakes = fakeStore();
  const window = fakeWindow();
  await fakes.store.getState().fetchCatalogue();
  followAddress(fakes.store, window.place);
  void fakes.store.getState().paint();
  fakes.engine.finishLoad();
  await settle();
  fakes.engine.finishPaint();
  await settle();
  return { ...fakes, ...window };
}

describe('a reload in another room', () => {
  it('finds the form of Paint again, as it last was', async () => {
    vi.useFakeTimers();
    const { store, place, kept } = await paintedStore();
    store.getState().enter('style');
    store.getState().edit({ caption: 'a green orchid', truncation: 0.8 });
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    expect(place.location.hash).toBe('#style');
    const { store: fresh } = fakeStore();
    expect(openHash(fresh, '#style', kept.state)).toBe(true);
    expect(fresh.getState().room).toBe('style');
    expect(fresh.getState().form.recipe).toEqual(store.getState().form.recipe);
  });

  it('takes nothing from an entry that holds something else', () => {
    for (const kept of [null, undefined, 7, { paint: 7 }, {}, 'x']) {
      const { store } = fakeStore();
      const { form } = store.getState();
      expect(openHash(store, '#style', kept)).toBe(false);
      expect(store.getState().form).toEqual(form);
    }
    for (const paint of ['#v=99&c=a+flower', '#v=1&c=&s=7', '#v=1&c=%ZZ&t=x']) {
      const { store } = fakeStore();
      const { form, chosen } = store.getState();
      expect(openHash(store, '#style', { paint })).toBe(false);
      expect(store.getState()).toMatchObject({ room: 'style', form, chosen });
    }
  });

  it('calls chosen what was, and what the model suggested not', async () => {
    const { store, kept } = await paintedStore();
    store.getState().enter('style');
    const { store: fresh } = fakeStore();
    openHash(fresh, '#style', kept.state);
    expect(fresh.getState().chosen).toEqual({ caption: false, truncation: false });
    store.getState().edit({ caption: 'a green orchid' });
    store.getState().enter('models');
    openHash(fresh, '#models', kept.state);
    expect(fresh.getState().chosen).toEqual({ caption: true, truncation: false });
  });

  it('keeps nothing beside an address that says it all', async () => {
    const { store, kept } = await paintedStore();
    store.getState().enter('models');
    expect(kept.state).not.toBeNull();
    store.getState().enter('paint');
    expect(kept.state).toBeNull();
  });
});

describe('the way back', () => {
  it('from another room leads to the pictures that are there, and paints nothing', async () => {
    const { store, engine, go, place } = await paintedStore();
    const { form, batch, enter } = store.getState();
    enter('models');
    expect(place.location.hash).toBe('#models');
    go(toHash(form));
    expect(store.getState()).toMatchObject({ room: 'paint', earlier: [] });
    expect(store.getState().batch).toBe(batch);
    expect(engine.count('generate')).toBe(1);
  });

  it('to a link holds, though the form was about to write its own', async () => {
    vi.useFakeTimers();
    const { store, go, place } = await paintedStore();
    store.getState().edit({ truncation: 0.5 });
    const link = '#v=1&c=a+blue+flower&s=9&t=1';
    place.location.hash = link;
    vi.advanceTimersByTime(1000);
    expect(place.location.hash).toBe(link);
    go(link);
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    expect(store.getState().form.recipe).toMatchObject({ caption: 'a blue flower', seed: 9 });
    expect(place.location.hash).toMatch(/^#v=1&m=flowers&c=a\+blue\+flower&s=9/);
  });

  it('to Between leads to the walk that is there', async () => {
    const { store, engine, go, place } = await paintedStore();
    store.getState().editEnd('a', { caption: 'a red flower' });
    const { walk, form, enter } = store.getState();
    enter('between');
    const { hash } = place.location;
    expect(hash).toMatch(/c=a\+red\+flower.*&c2=/);
    go(toHash(form));
    expect(store.getState().room).toBe('paint');
    go(hash);
    expect(store.getState().room).toBe('between');
    expect(store.getState().walk).toBe(walk);
    expect(store.getState().form).toBe(form);
    expect(engine.count('generate')).toBe(1);
  });

  it('to a link that was left before it was written out in full paints nothing', async () => {
    const { store, engine, go, place } = await paintedStore();
    go('#v=1&c=a+blue+flower&s=9');
    await settle();
    engine.finishPaint();
    await settle();
    const { batch } = store.getState();
    go('#models');
    go('#v=1&c=a+blue+flower&s=9');
    expect(store.getState()).toMatchObject({ room: 'paint', batch });
    expect(place.location.hash).toBe(toHash(store.getState().form));
    expect(engine.count('generate')).toBe(2);
  });

  it('to another form paints that one', async () => {
    const { store, engine, go } = await paintedStore();
    go('#v=1&c=a+blue+flower&s=9');
    await settle();
    expect(store.getState().form.recipe).toMatchObject({ caption: 'a blue flower', seed: 9 });
    expect(engine.count('generate')).toBe(2);
  });
});
