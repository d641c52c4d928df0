/** IndexedDB, for browsers without a private file system: a record a file, each written in one transaction. */
import { createStore, del, get, keys, set } from 'idb-keyval';
import { roomOf, roomOr } from './opfs.ts';
import { isBelow, namesBelow, namesOf, type Store } from './store.ts';

/** → a store, or undefined where the browser refuses. */
export async function indexedDbStore(storage: StorageManager | undefined): Promise<Store | undefined> {
  const at = createStore('limn-store', 'files');
  const paths = async (): Promise<string[]> => (await keys(at)).filter((key) => typeof key === 'string');
  try {
    await paths();
  } catch {
    return undefined;
  }
  return {
    kind: 'indexeddb',
    read: (path) => get<Uint8Array<ArrayBuffer>>(namesOf(path).join('/'), at),
    async write(path, bytes) {
      try {
        await set(namesOf(path).join('/'), bytes, at);
      } catch (error) {
        throw roomOr(error, bytes.length);
      }
    },
    async remove(path) {
      for (const known of await paths()) if (isBelow(known, path)) await del(known, at);
    },
    list: async (folder) => namesBelow(await paths(), folder),
    room: () => roomOf(storage),
  };
}
