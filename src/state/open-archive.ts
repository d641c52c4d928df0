/** What a person's ZIP archive holds: pictures to learn from, or a model that Limn exported. */
import { ArchiveFault, openArchive, type Entry } from '../teach/archive.ts';
import type { ModelPart } from '../engine/protocol-teaching.ts';
import type { Fault } from '../teach/names.ts';
import type { Incoming } from './take-examples.ts';

type Opened =
  | { readonly kind: 'pictures'; readonly files: readonly Incoming[]; readonly refused: readonly Fault[] }
  | { readonly kind: 'model'; readonly files: readonly ModelPart[] }
  | { readonly kind: 'bad'; readonly why: string };

const MANIFEST = /^(?:[^/]+\/)?manifest\.json$/;

export async function openIncoming(file: Incoming): Promise<Opened> {
  try {
    const archive = openArchive(new Uint8Array(await file.arrayBuffer()));
    const { entries, refused, read } = archive;
    const manifest = entries.find(({ path }) => MANIFEST.test(path));
    const weights = entries.some(({ path }) => path.endsWith('.safetensors'));
    if (manifest && weights) {
      // Some programs pack the folder itself.
      const folder = manifest.path.slice(0, -'manifest.json'.length);
      const part = (entry: Entry) => ({ name: entry.path.slice(folder.length), bytes: read(entry) });
      return { kind: 'model', files: entries.filter(({ path }) => path.startsWith(folder)).map(part) };
    }
    return {
      kind: 'pictures',
      files: entries.map((entry) => ({
        path: entry.path,
        size: entry.size,
        // Unpacked when its turn comes, and forgotten after it.
        arrayBuffer: async () => Promise.resolve(read(entry).buffer),
      })),
      refused: refused.map(({ path, why }) => ({ name: path, why })),
    };
  } catch (thrown) {
    if (thrown instanceof ArchiveFault) return { kind: 'bad', why: thrown.message };
    return { kind: 'bad', why: 'it could not be opened. Choose it again.' };
  }
}
