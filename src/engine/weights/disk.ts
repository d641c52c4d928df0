/** Models from a folder, for the engine under Node. Only src/engine/node.ts and tests import this. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { badWeights } from './header.ts';
import { MAX_FILE_BYTES } from './manifest.ts';
import { sha256Hex } from './sha256.ts';
import { fileOf, parseManifest, type WeightSource } from './source.ts';
import { reason, throwIfCancelled } from './transfer.ts';

/** `folder` holds manifest.json and what it names. All failures are bad-weights, or cancelled. */
export function readFileSource(folder: string): WeightSource {
  return {
    async manifest(signal) {
      throwIfCancelled(signal);
      const file = join(folder, 'manifest.json');
      return parseManifest(await read(file), file);
    },
    async files(entry, roles, { signal, report } = {}) {
      const wanted = roles.map((role) => fileOf(entry, role));
      const total = wanted.reduce((sum, file) => sum + file.bytes, 0);
      const files = new Map<string, Uint8Array<ArrayBuffer>>();
      let loaded = 0;
      for (const { role, path, bytes, sha256 } of wanted) {
        throwIfCancelled(signal);
        // The manifest's check has refused every path that could leave the folder.
        const file = join(folder, path);
        const content = await read(file);
        if (content.length !== bytes) throw badWeights(file, `expected ${bytes} bytes, found ${content.length}`);
        if ((await sha256Hex(content)) !== sha256) throw badWeights(file, 'its SHA-256 is not the one in the manifest');
        files.set(role, content);
        loaded += bytes;
        report?.({ loaded, total, cached: loaded });
      }
      return files;
    },
  };
}

async function read(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) throw badWeights(file, `${size} bytes, ${MAX_FILE_BYTES} are allowed`);
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw badWeights(file, `cannot be read: ${reason(error)}`, error);
    throw error;
  }
}
