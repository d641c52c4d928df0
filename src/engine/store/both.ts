/**
 * Two stores as one: what is written goes to the first, what only the second has is still found. So a browser that
 * learns a better way to keep files goes on with those that it has, and needs no room for copies.
 */
import { isBelow, type Store } from './store.ts';

export function bothStores(first: Store, second: Store): Store {
  return {
    ...first,
    read: async (path) => (await first.read(path)) ?? second.read(path),
    async write(path, bytes) {
      await first.write(path, bytes);
      // Hidden by what was written, should it stay.
      await second.remove(path).catch(() => undefined);
    },
    async remove(path) {
      // The other way round a crash in between would bring the older one to light.
      await second.remove(path);
      await first.remove(path);
    },
    async list(folder) {
      const names = await Promise.all([first.list(folder), second.list(folder)]);
      return [...new Set(names.flat())].sort();
    },
  };
}

/**
 * A store of which nobody sees what stands in these folders by its index, nor changes anything in them. Files that an
 * index elsewhere names are still found.
 */
export function sealed(store: Store, folders: readonly string[]): Store {
  const isSealed = (path: string): boolean => folders.some((folder) => isBelow(path, folder));
  return {
    ...store,
    read: (path) => (isSealed(path) && INDEX.test(path) ? Promise.resolve(undefined) : store.read(path)),
    remove: (path) => (isSealed(path) ? Promise.resolve() : store.remove(path)),
  };
}

/** Of a run, of the models: what it does not name is not there. */
const INDEX = /\/(run|index)\.json$/;
