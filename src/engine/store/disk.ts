/** A folder as a store, for the engine under Node. Only src/engine/node.ts and tests import this. */
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LimnError } from '../../failure.ts';
import { namesOf, type Store } from './store.ts';

export function diskStore(folder: string): Store {
  const at = (path: string): string => join(folder, ...namesOf(path));
  return {
    kind: 'disk',
    async read(path) {
      const bytes = await orNothing(readFile(at(path)));
      return bytes && new Uint8Array(bytes);
    },
    async write(path, bytes) {
      const file = at(path);
      const part = `${file}.part`;
      await mkdir(dirname(file), { recursive: true });
      try {
        const handle = await open(part, 'w');
        try {
          await handle.writeFile(bytes);
          // Renamed before its bytes are on the disk, a file could be empty after a power cut.
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(part, file);
      } catch (error) {
        await rm(part, { force: true });
        const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
        throw full ? new LimnError({ kind: 'quota', neededBytes: bytes.length }, { cause: error }) : error;
      }
    },
    remove: (path) => rm(at(path), { recursive: true, force: true }),
    async list(path) {
      const names = (await orNothing(readdir(at(path)))) ?? [];
      return names.filter((name) => !name.endsWith('.part')).sort();
    },
    room: async () => ({ usedBytes: await bytesBelow(folder), quotaBytes: null, persisted: true }),
  };
}

async function bytesBelow(folder: string): Promise<number> {
  const names = (await orNothing(readdir(folder, { recursive: true }))) ?? [];
  const sizes = names.map(async (name) => (await orNothing(stat(join(folder, name))))?.size ?? 0);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
