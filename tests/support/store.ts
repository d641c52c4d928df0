/** A store in a world of fakes. */
import { LimnError } from '../../src/failure.ts';
import type { Shelf } from '../../src/state/shelf.ts';
import type { Storage } from '../../src/state/storage.ts';
import { createLimnStore, type Store, type World } from '../../src/state/store.ts';
import { FakeEngine, settle } from './fake-engine.ts';
import { CARD, MANIFEST, WORDS } from './fake-models.ts';

export const FILES: Readonly<Record<string, unknown>> = {
  'models/manifest.json': MANIFEST,
  'models/flowers/card.json': CARD,
  'models/flowers/vocabulary.json': { words: WORDS.split(' ') },
};

export interface Fakes {
  readonly store: Store;
  readonly engine: FakeEngine;
  readonly kept: Map<string, unknown>;
}

/** Fresh seeds are 1000, 1001, … */
export function fakeStore(
  files: Readonly<Record<string, unknown>> = FILES,
  kept: Map<string, unknown> = new Map<string, unknown>(),
  others: Partial<World> = {},
): Fakes {
  const engine = new FakeEngine();
  const storage: Storage = { read: (key) => kept.get(key), write: (key, value) => kept.set(key, value) };
  const shelf: Shelf = {
    read: (key) => Promise.resolve(kept.get(key)),
    update: async (key, change) => void kept.set(key, change(await Promise.resolve(kept.get(key)))),
    exchange: async (key, change) => {
      for (const [at, value] of change(await Promise.resolve(kept.get(key)))) kept.set(at, value);
    },
  };
  let seed = 1000;
  const store = createLimnStore({
    engine,
    storage,
    shelf,
    fetchJson: (path) =>
      Object.hasOwn(files, path)
        ? Promise.resolve(files[path])
        : Promise.reject(new LimnError({ kind: 'http', url: path, status: 404 })),
    decode: () => Promise.resolve({ width: 4, height: 2, data: new Uint8ClampedArray(32).fill(200) }),
    persist: () => Promise.resolve(true),
    drawSeed: () => seed++,
    ...others,
  });
  return { store, engine, kept };
}

/** One in which the first painting is there already. */
export async function paintedStore(): Promise<Fakes> {
  const fakes = fakeStore();
  void fakes.store.getState().paint();
  fakes.engine.finishLoad();
  await settle();
  fakes.engine.finishPaint();
  await settle();
  return fakes;
}
