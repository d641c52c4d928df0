import { describe, expect, it } from 'vitest';
import { defaultRecipe } from '../../src/recipe.ts';
import { MAX_CAPTIONS, MAX_PICTURES, type Painted } from '../../src/state/history.ts';
import { storage } from '../../src/state/storage.ts';
import { picture } from '../support/fake-engine.ts';
import { fakeStore } from '../support/store.ts';

const painted = (id: number): Painted => ({ ...picture({ ...defaultRecipe(), seed: id }), id });

describe('captions', () => {
  it('are remembered newest first, each once, and kept', () => {
    const { store, kept } = fakeStore();
    for (const caption of ['a', 'b', 'a', 'c']) store.getState().rememberCaption(caption);
    expect(store.getState().captions).toEqual(['c', 'a', 'b']);
    expect(kept.get('captions')).toEqual(['c', 'a', 'b']);
    for (let i = 0; i < 2 * MAX_CAPTIONS; i++) store.getState().rememberCaption(`flower ${i}`);
    expect(store.getState().captions).toHaveLength(MAX_CAPTIONS);
  });

  it('of another tab are not lost', () => {
    const { store, kept } = fakeStore();
    store.getState().rememberCaption('here');
    kept.set('captions', ['there', 'here']);
    store.getState().rememberCaption('here again');
    expect(kept.get('captions')).toEqual(['here again', 'there', 'here']);
  });

  it.each([[null], ['text'], [{ length: 3 }], [[1, null, '', 'x'.repeat(1001), {}]]])(
    'junk that was kept: %j',
    (junk) => {
      const { store } = fakeStore({}, new Map([['captions', junk]]));
      expect(store.getState().captions).toEqual([]);
    },
  );
});

describe('pictures', () => {
  it('are bounded; a picture that comes again stands there once', () => {
    const { store } = fakeStore();
    for (let i = 0; i < MAX_PICTURES + 20; i++) store.getState().keepPictures([painted(i)]);
    expect(store.getState().earlier).toHaveLength(MAX_PICTURES);
    store.getState().keepPictures([{ ...painted(MAX_PICTURES), id: 9999 }]);
    expect(store.getState().earlier).toHaveLength(MAX_PICTURES);
    expect(store.getState().earlier[0]?.id).toBe(9999);
  });

  it('come back when clearing is undone', () => {
    const { store } = fakeStore();
    store.getState().keepPictures([painted(1), painted(2)]);
    const undo = store.getState().clearEarlier();
    expect(store.getState().earlier).toEqual([]);
    store.getState().keepPictures([painted(3)]);
    undo();
    expect(store.getState().earlier.map((p) => p.id)).toEqual([3, 1, 2]);
  });

  it('open among their neighbours; turning stops at the ends', () => {
    const { store } = fakeStore();
    store.getState().keepPictures([painted(1), painted(2), painted(3)]);
    store.getState().openPicture(store.getState().earlier[1]!, 'earlier');
    expect(store.getState().viewer?.index).toBe(1);
    store.getState().turn(1);
    store.getState().turn(1);
    expect(store.getState().viewer?.index).toBe(2);
    store.getState().closePicture();
    expect(store.getState().viewer).toBeNull();
  });
});

describe('storage', () => {
  it('that throws, is full or holds junk reads as nothing and stops nobody', () => {
    const broken = storage(() => {
      throw new Error('SecurityError');
    });
    broken.write('a', 1);
    expect(broken.read('a')).toBeUndefined();
    const full = storage(() => ({
      getItem: () => '{"a":',
      setItem: () => {
        throw new Error('QuotaExceededError');
      },
    }));
    full.write('a', 1);
    expect(full.read('a')).toBeUndefined();
    expect(storage(() => ({ getItem: () => '1'.repeat(1e6), setItem: () => undefined })).read('a')).toBeUndefined();
  });
});
