/** What is too large for `storage.ts`, in IndexedDB: pictures and numbers, kept whole. */
import { createStore, get, update, type UseStore } from 'idb-keyval';

export interface Shelf {
  /** undefined where nothing was kept under this key. */
  read(key: string): Promise<unknown>;
  /** In one step, whatever other tabs do meanwhile. Rejects where there is no room, or no shelf at all. */
  update(key: string, change: (kept: unknown) => unknown): Promise<void>;
}

export function shelf(): Shelf {
  let store: UseStore | undefined;
  // Not before it is needed, and within a promise: some browsers throw at the mere mention of a database.
  const opened = () => (store ??= createStore('limn', 'kept'));
  return {
    read: async (key) => get<unknown>(key, opened()),
    update: async (key, change) => update<unknown>(key, change, opened()),
  };
}
