/** What is too large for `storage.ts`, in IndexedDB: pictures and numbers, kept whole. */
import { createStore, get, type UseStore } from 'idb-keyval';

export interface Shelf {
  /** undefined where nothing was kept under this key. */
  read(key: string): Promise<unknown>;
  /** In one step, whatever other tabs do meanwhile. Rejects where there is no room, or no shelf at all. */
  update(key: string, change: (kept: unknown) => unknown): Promise<void>;
  /** As `update`, where what lies under one key decides on several: all entries of the answer are written, or none. */
  exchange(key: string, change: (kept: unknown) => Entries): Promise<void>;
}

/** Keys and what is to lie under them. */
export type Entries = readonly (readonly [key: string, value: unknown])[];

export function shelf(): Shelf {
  let store: UseStore | undefined;
  // Not before it is needed, and within a promise: some browsers throw at the mere mention of a database.
  const opened = () => (store ??= createStore('limn', 'kept'));
  const exchange: Shelf['exchange'] = async (key, change) =>
    opened()(
      'readwrite',
      (store) =>
        new Promise((resolve, reject) => {
          const { transaction } = store;
          transaction.oncomplete = () => resolve();
          // Whatever went wrong ends here; only now does the transaction know what it was.
          transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
          const asked = store.get(key);
          asked.onsuccess = () => {
            for (const [at, value] of change(asked.result)) store.put(value, at);
          };
        }),
    );
  return {
    read: async (key) => get<unknown>(key, opened()),
    update: (key, change) => exchange(key, (kept) => [[key, change(kept)]]),
    exchange,
  };
}
