/** The origin's private file system: files that only this site sees, and only through code. */
import { LimnError } from '../../failure.ts';
import { namesOf, type Store } from './store.ts';

const ROOT = 'limn';

interface Walkable {
  keys(): AsyncIterable<string>;
}

/** → a store, or undefined where there is no such file system or it cannot be written to as a whole. */
export async function opfsStore(storage: StorageManager | undefined): Promise<Store | undefined> {
  let root: FileSystemDirectoryHandle;
  try {
    if (!storage || typeof FileSystemFileHandle === 'undefined') return undefined;
    // Writes to a copy and puts it in place at the end; without it a crash could leave half a file.
    if (!('createWritable' in FileSystemFileHandle.prototype)) return undefined;
    root = await (await storage.getDirectory()).getDirectoryHandle(ROOT, { create: true });
  } catch {
    // Private windows may refuse.
    return undefined;
  }

  /** The folder of these names; undefined where it is absent and not to be made. */
  async function folderOf(names: readonly string[], create: boolean): Promise<FileSystemDirectoryHandle | undefined> {
    let folder = root;
    for (const name of names) {
      const next = await orNothing(folder.getDirectoryHandle(name, { create }));
      if (!next) return undefined;
      folder = next;
    }
    return folder;
  }

  return {
    kind: 'opfs',
    async read(path) {
      const names = namesOf(path);
      const folder = await folderOf(names.slice(0, -1), false);
      const file = folder && (await orNothing(folder.getFileHandle(names.at(-1) ?? '')));
      return file && new Uint8Array(await (await file.getFile()).arrayBuffer());
    },
    async write(path, bytes) {
      const names = namesOf(path);
      try {
        const folder = await folderOf(names.slice(0, -1), true);
        const file = await folder?.getFileHandle(names.at(-1) ?? '', { create: true });
        const writable = await file?.createWritable();
        await writable?.write(bytes);
        await writable?.close();
      } catch (error) {
        throw roomOr(error, bytes.length);
      }
    },
    async remove(path) {
      const names = namesOf(path);
      const folder = await folderOf(names.slice(0, -1), false);
      if (folder) await orNothing(folder.removeEntry(names.at(-1) ?? '', { recursive: true }));
    },
    async list(folder) {
      const found = await folderOf(namesOf(folder), false);
      const names: string[] = [];
      // TypeScript's library of the page does not know that it can be walked.
      if (found) for await (const name of (found as unknown as Walkable).keys()) names.push(name);
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
