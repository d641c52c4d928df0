/** The store of the tab's worker: the best that the browser has, and what an earlier version of the browser left. */
import { platformLocks } from '../weights/download.ts';
import { bothStores, sealed } from './both.ts';
import { indexedDbStore } from './indexeddb.ts';
import { inTurn } from './locks.ts';
import { opfsStore } from './opfs.ts';
import { settle } from './settle.ts';
import { memoryStore, type Store } from './store.ts';

export async function openTabStore(): Promise<Store> {
  const storage = (navigator as { storage?: StorageManager }).storage;
  const [files, records] = [await opfsStore(storage), await indexedDbStore(storage)];
  const best = files ?? records;
  // Of its own: what ends with the worker is shared with nobody.
  if (!best) return memoryStore();
  const locks = platformLocks();
  const store = locks ? { ...best, locks } : best;
  if (!files || !records || (await isEmpty(records).catch(() => true))) return store;
  // What cannot be settled stays as it is until the next visit: nobody's painting waits for that.
  const apart = await inTurn(store, 'settle', () => settle(store, records)).catch(() => ['runs', 'models']);
  return bothStores(store, sealed(records, apart));
}

const isEmpty = async (store: Store): Promise<boolean> =>
  (await Promise.all(['runs', 'models'].map((folder) => store.list(folder)))).every(({ length }) => length === 0);
