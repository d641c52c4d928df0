/** What a person's ZIP archive holds: pictures to learn from, or a model that Limn exported. */
import { ArchiveFault, checkSize, openArchive, type Archive, type Entry } from '../teach/archive.ts';
import type { ModelPart } from '../engine/protocol-teaching.ts';
import { checkManifest } from '../engine/weights/manifest.ts';
import type { Fault } from '../teach/names.ts';
import type { Incoming } from './take-examples.ts';

type Opened =
  | { readonly kind: 'pictures'; readonly files: readonly Incoming[]; readonly refused: readonly Fault[] }
  | { readonly kind: 'model'; readonly files: readonly ModelPart[] }
  | { readonly kind: 'bad'; readonly why: string };

/** Bytes. A manifest of one model takes about one kB. */
const MAX_MANIFEST = 1_000_000;
/** Bytes of a model's files together, unpacked: they are all held at once. */
const MAX_MODEL = 512 * 2 ** 20;
const MANIFEST = /^(?:[^/]+\/)?manifest\.json$/;

export async function openIncoming(file: Incoming): Promise<Opened> {
  try {
    checkSize(file.size);
    const archive = openArchive(new Uint8Array(await file.arrayBuffer()));
    const { entries, refused, read } = archive;
    const manifest = entries.find(({ path }) => MANIFEST.test(path));
    const weights = entries.some(({ path }) => path.endsWith('.safetensors'));
    if (manifest && weights) return { kind: 'model', files: modelIn(archive, manifest) };
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

/** The manifest and what it names, and nothing else: whatever lies beside it is not unpacked. Throws ArchiveFault. */
function modelIn({ entries, read }: Archive, manifest: Entry): ModelPart[] {
  if (manifest.size > MAX_MANIFEST) throw new ArchiveFault('its manifest.json is too long');
  // Some programs pack the folder itself.
  const folder = manifest.path.slice(0, -'manifest.json'.length);
  const index = { name: 'manifest.json', bytes: read(manifest) };
  const named = namesIn(index.bytes);
  const files = entries.filter(({ path }) => path.startsWith(folder) && named.has(path.slice(folder.length)));
  const size = files.reduce((sum, entry) => sum + entry.size, 0);
  if (size > MAX_MODEL) throw new ArchiveFault(`the model in it takes more than ${MAX_MODEL / 2 ** 20} MB`);
  return [index, ...files.map((entry) => ({ name: entry.path.slice(folder.length), bytes: read(entry) }))];
}

/** Paths of a model's files; none where the manifest does not hold, which the engine says in its own words. */
function namesIn(manifest: Uint8Array): ReadonlySet<string> {
  try {
    const { models } = checkManifest(JSON.parse(new TextDecoder().decode(manifest)), 'manifest.json');
    return new Set(models.flatMap(({ files }) => files.map(({ path }) => path)));
  } catch {
    return new Set();
  }
}
