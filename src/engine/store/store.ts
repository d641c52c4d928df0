/**
 * Where the engine keeps what a person made: runs of training, and the models that came of them. A small file system of
 * whole files; the tab has OPFS or IndexedDB below it, the command line a folder.
 */
import type { Locks } from '../weights/download.ts';

export interface Store {
  readonly kind: 'opfs' | 'indexeddb' | 'memory' | 'disk';
  /** Of all who share it, tabs that is; absent where nobody else does, or nothing can be agreed upon. */
  readonly locks?: Locks;
  /** The file's bytes, not to be written to; undefined where there is none. */
  read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /**
   * All or nothing: whatever happens in the middle, the file is afterwards as it was or as it is given.
   * @throws LimnError quota where there is no room
   */
  write(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** A file, or a folder with all that is in it; nothing happens where there is none. */
  remove(path: string): Promise<void>;
  /** Names of the files and folders in a folder, sorted. */
  list(folder: string): Promise<string[]>;
  room(): Promise<Room>;
}

export interface Room {
  readonly usedBytes: number;
  /** null where nobody says. */
  readonly quotaBytes: number | null;
  readonly persisted: boolean;
}

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/** "runs/tulips/run.json" → its names; what could lead elsewhere is a slip in this program. */
export function namesOf(path: string): string[] {
  const names = path.split('/');
  const bad = names.find((name) => !NAME.test(name));
  if (bad !== undefined) throw new Error(`no path of the store: ${path}`);
  return names;
}

/** For tests, and for a tab that may keep nothing: it ends with the worker. */
export function memoryStore(): Store {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    kind: 'memory',
    read: (path) => Promise.resolve(files.get(namesOf(path).join('/'))),
    write: (path, bytes) => {
      files.set(namesOf(path).join('/'), bytes.slice());
      return Promise.resolve();
    },
    remove: (path) => {
      for (const known of [...files.keys()]) if (isBelow(known, path)) files.delete(known);
      return Promise.resolve();
    },
    list: (folder) => Promise.resolve(namesBelow(files.keys(), folder)),
    room: () => {
      const usedBytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
      return Promise.resolve({ usedBytes, quotaBytes: null, persisted: false });
    },
  };
}

export const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** What a folder holds, where only whole paths are known. */
export function namesBelow(paths: Iterable<string>, folder: string): string[] {
  const inside = [...paths].filter((path) => path.startsWith(`${folder}/`));
  return [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))].sort();
}

export const toJson = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

/** → what it holds, or undefined where it is no JSON */
export function fromJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
