/**
 * Models that a person made or brought along, in the store: files by their SHA-256, each once, and one index that says
 * which model has which, written last. To the engine they are models like those that are downloaded.
 */
import * as v from 'valibot';
import { LimnError } from '../../failure.ts';
import type { ModelPart, OwnModel } from '../protocol-teaching.ts';
import { badWeights } from '../weights/header.ts';
import { checkCard, checkManifest, MAX_MODELS, type ModelEntry, type ModelFile } from '../weights/manifest.ts';
import { sha256Hex } from '../weights/sha256.ts';
import { fileOf, type ModelFiles, type WeightSource } from '../weights/source.ts';
import { throwIfCancelled } from '../weights/transfer.ts';
import { inTurn } from './locks.ts';
import { freeId } from './runs.ts';
import { fromJson, toJson, type Store } from './store.ts';

/** Ids of own models begin with it, and those of downloaded ones do not. */
export const OWN = 'my-';
const INDEX = 'models/index.json';
const FILES = 'models/files';
/** Whoever reads the index to write it, and the files that it names. */
const LOCK = 'models';

export const isOwn = (id: string): boolean => id.startsWith(OWN);

/** `base`'s models, and behind them one's own; a folder that `base` reads may hold an own model, too, and comes first. */
export function withOwnModels(base: WeightSource, store: () => Promise<Store>): WeightSource {
  let others: ReadonlySet<string> = new Set();
  return {
    async manifest(signal) {
      const manifest = await base.manifest(signal);
      others = new Set(manifest.models.map(({ id }) => id));
      // A store that does not open has no models, and keeps nobody from painting with the others.
      const kept = await store().then(ownModels, () => []);
      const own = kept.filter(({ entry }) => !others.has(entry.id));
      return { ...manifest, models: [...manifest.models, ...own.map(({ entry }) => entry)] };
    },
    files: async (entry, roles, options) =>
      isOwn(entry.id) && !others.has(entry.id)
        ? readFiles(await store(), entry, roles, options)
        : base.files(entry, roles, options),
    // Another tab may have forgotten a model and kept one of the same name, which is given the id that became free.
    async replaced(entry) {
      if (!isOwn(entry.id) || others.has(entry.id)) return false;
      const kept = await store().then(ownModels).catch(() => []); // prettier-ignore
      return kept.some((one) => one.entry.id === entry.id && hashesOf(one.entry) !== hashesOf(entry));
    },
  };
}

async function readFiles(
  store: Store,
  entry: ModelEntry,
  roles: readonly string[],
  { signal, report }: NonNullable<Parameters<WeightSource['files']>[2]> = {},
): Promise<ModelFiles> {
  const wanted = roles.map((role) => fileOf(entry, role));
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let loaded = 0;
  for (const file of wanted) {
    throwIfCancelled(signal);
    files.set(file.role, await readFile(store, entry, file));
    loaded += file.bytes;
    report?.({ loaded, total, cached: loaded });
  }
  return files;
}

async function readFile(
  store: Store,
  entry: ModelEntry,
  { role, sha256 }: ModelFile,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await store.read(`${FILES}/${sha256}`);
  if (!bytes) throw badWeights(entry.id, `its ${role} is gone from this browser's storage`);
  if ((await sha256Hex(bytes)) !== sha256) throw badWeights(entry.id, `its ${role} is not what was kept`);
  return bytes;
}

/** In the order in which they were kept. What cannot be read is left out. */
export async function ownModels(store: Store): Promise<OwnModel[]> {
  const bytes = await store.read(INDEX);
  const index = v.safeParse(v.object({ models: v.array(v.object({ entry: v.unknown(), card: v.unknown() })) }), bytes && fromJson(bytes)); // prettier-ignore
  if (!index.success) return [];
  return index.output.models.flatMap(({ entry, card }) => {
    try {
      const [checked] = checkManifest({ version: 1, models: [entry] }, INDEX).models;
      return checked && isOwn(checked.id) ? [{ entry: checked, card: checkCard(card, INDEX) }] : [];
    } catch {
      return [];
    }
  });
}

async function openModel(store: Store, id: string): Promise<OwnModel> {
  const found = (await ownModels(store)).find(({ entry }) => entry.id === id);
  if (found) return found;
  throw new LimnError({ kind: 'unknown-model', id });
}

/** A file of a model that is to be kept. */
export interface NewFile {
  readonly role: string;
  /** Its ending with the dot, as in ".safetensors". */
  readonly ending: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Keeps a model under an id of its own; the card becomes one of its files. */
export function keepModel(
  store: Store,
  model: { readonly entry: Omit<ModelEntry, 'id' | 'files'>; readonly card: OwnModel['card'] },
  files: readonly NewFile[],
): Promise<OwnModel> {
  return inTurn(store, LOCK, async () => {
    const known = await ownModels(store);
    if (known.length >= MAX_MODELS / 2) {
      throw new LimnError({ kind: 'bad-recipe', detail: `${known.length} models are kept already; forget one first` });
    }
    // A name in another script leaves nothing for an id, which must still be known for one's own.
    const taken = new Set(known.map(({ entry }) => entry.id.slice(OWN.length)));
    const id = `${OWN}${freeId(model.entry.name.replace(/^my\b/i, ''), taken, 'model')}`;
    const needed = namedBy(known);
    const written: string[] = [];
    try {
      const listed: ModelFile[] = [];
      for (const { role, ending, bytes } of [...files, { role: 'card', ending: '.json', bytes: toJson(model.card) }]) {
        const sha256 = await sha256Hex(bytes);
        const path = `${FILES}/${sha256}`;
        // Content names the file: what is there already is the same, unless its writing was cut off.
        if ((await store.read(path))?.length !== bytes.length) {
          await store.write(path, bytes);
          if (!needed.has(sha256)) written.push(path);
        }
        listed.push({ role, path: `${id}/${role}${ending}`, bytes: bytes.length, sha256 });
      }
      const own = { entry: { ...model.entry, id, files: listed }, card: model.card };
      await writeIndex(store, [...known, own]);
      return own;
    } catch (error) {
      // No index names these, so nobody could ever make room of them.
      for (const path of written) await store.remove(path).catch(() => undefined);
      throw error;
    }
  });
}

/** SHA-256 of the files that these models have. */
const namedBy = (models: readonly OwnModel[]): ReadonlySet<string> =>
  new Set(models.flatMap(({ entry }) => entry.files.map(({ sha256 }) => sha256)));

/** Models whose files are in the store; of two under one id the one that comes gets another, unless it is the same. */
export async function adoptModels(store: Store, found: readonly OwnModel[]): Promise<void> {
  if (found.length === 0) return;
  await inTurn(store, LOCK, async () => {
    const all = await ownModels(store);
    for (const { entry, card } of found) {
      const twin = all.find((one) => one.entry.id === entry.id);
      if (twin && hashesOf(twin.entry) === hashesOf(entry)) continue;
      const taken = new Set(all.map((one) => one.entry.id));
      all.push({ entry: { ...entry, id: freeId(entry.id, taken) }, card });
    }
    await writeIndex(store, all);
  });
}

const hashesOf = ({ files }: ModelEntry): string => files.map(({ sha256 }) => sha256).join();

/** What no other model has goes with it. */
export function forgetModel(store: Store, id: string): Promise<{ freedBytes: number }> {
  return inTurn(store, LOCK, async () => {
    const { entry } = await openModel(store, id);
    const others = (await ownModels(store)).filter((one) => one.entry.id !== id);
    await writeIndex(store, others);
    const needed = namedBy(others);
    let freedBytes = 0;
    for (const { sha256, bytes } of new Map(entry.files.map((file) => [file.sha256, file])).values()) {
      if (needed.has(sha256)) continue;
      await store.remove(`${FILES}/${sha256}`);
      freedBytes += bytes;
    }
    return { freedBytes };
  });
}

/** As a folder of models with this one in it. */
export async function exportModel(store: Store, id: string): Promise<ModelPart[]> {
  const { entry } = await openModel(store, id);
  const manifest = new TextEncoder().encode(`${JSON.stringify({ version: 1, models: [entry] }, undefined, 1)}\n`);
  const parts: ModelPart[] = [{ name: 'manifest.json', bytes: manifest }];
  for (const file of entry.files) parts.push({ name: file.path, bytes: await readFile(store, entry, file) });
  return parts;
}

async function writeIndex(store: Store, models: readonly OwnModel[]): Promise<void> {
  await store.write(INDEX, toJson({ version: 1, models }));
}
