/** The origin's private file system: files that only this site sees, and only through code. */
import { LimnError } from '../../failure.ts';
import { namesOf, type Store } from './store.ts';

const ROOT = 'limn';

interface Walkable {
  keys(): AsyncIterable<string>;
}

/** → a store, or undefined where there is no such file system or it cannot be written to as a whole. */
export async function opfsStore(storage: StorageManager | undefined): Promise<Store | undefined> {
  if (!storage || typeof FileSystemFileHandle === 'undefined') return undefined;
  // Writes to a copy and puts it in place at the end; without it a crash could leave half a file.
  if (!('createWritable' in FileSystemFileHandle.prototype)) return undefined;

  /** From the top each time: once a person has cleared the site's data, a handle that was held leads nowhere. */
  const folderOf = async (names: readonly string[], create: boolean): Promise<FileSystemDirectoryHandle> => {
    let folder = await storage.getDirectory();
    for (const name of [ROOT, ...names]) folder = await folder.getDirectoryHandle(name, { create });
    return folder;
  };
  /** undefined where it is absent. */
  const found = (names: readonly string[]) => orNothing(folderOf(names, false));

  try {
    await folderOf([], true);
  } catch {
    // Private windows may refuse.
    return undefined;
  }

  return {
    kind: 'opfs',
    async read(path) {
      const names = namesOf(path);
      const folder = await found(names.slice(0, -1));
      const file = folder && (await orNothing(folder.getFileHandle(names.at(-1) ?? '')));
      return file && new Uint8Array(await (await file.getFile()).arrayBuffer());
    },
    async write(path, bytes) {
      const names = namesOf(path);
      try {
        const folder = await folderOf(names.slice(0, -1), true);
        const file = await folder.getFileHandle(names.at(-1) ?? '', { create: true });
        const writable = await file.createWritable();
        await writable.write(bytes);
        await writable.close();
      } catch (error) {
        throw roomOr(error, bytes.length);
      }
    },
    async remove(path) {
      const names = namesOf(path);
      const folder = await found(names.slice(0, -1));
      if (folder) await orNothing(folder.removeEntry(names.at(-1) ?? '', { recursive: true }));
    },
    async list(path) {
      const folder = await found(namesOf(path));
      const names: string[] = [];
      // TypeScript's library of the page does not know that it can be walked.
      if (folder) for await (const name of (folder as unknown as Walkable).keys()) names.push(name);
      return names.sort();
    },
    room: () => roomOf(storage),
  };
}

/** A QuotaExceededError, in this program's words. */
export function roomOr(error: unknown, neededBytes: number): unknown {
  const full = error instanceof Error && error.name === 'QuotaExceededError';
  return full ? new LimnError({ kind: 'quota', neededBytes }, { cause: error }) : error;
}

/** What the browser says of all that this site keeps, the downloads included. */
export async function roomOf(storage: StorageManager | undefined) {
  const [estimate, persisted] = await Promise.all([
    storage?.estimate().catch(() => undefined),
    storage?.persisted().catch(() => false),
  ]);
  return { usedBytes: estimate?.usage ?? 0, quotaBytes: estimate?.quota ?? null, persisted: persisted ?? false };
}

/** Absent is no failure here. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError'))
      return undefined;
    throw error;
  }
}
