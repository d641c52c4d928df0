/** The store of the tab's worker: the best that the browser has. */
import { indexedDbStore } from './indexeddb.ts';
import { opfsStore } from './opfs.ts';
import { memoryStore, type Store } from './store.ts';

export async function openTabStore(): Promise<Store> {
  const storage = (navigator as { storage?: StorageManager }).storage;
  return (await opfsStore(storage)) ?? (await indexedDbStore(storage)) ?? memoryStore();
}
