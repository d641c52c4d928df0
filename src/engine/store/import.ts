/** A model from somewhere else: all of it is checked before any of it is kept. */
import { toFailure } from '../../failure.ts';
import { architectureOf } from '../catalogue.ts';
import { captionerPart } from '../parts/captioner.ts';
import { criticPart } from '../parts/critic.ts';
import type { Part, PartKind } from '../parts/part.ts';
import { styleEncoderPart } from '../parts/style-encoder.ts';
import type { ModelPart, OwnModel } from '../protocol-teaching.ts';
import type { BackendName } from '../protocol.ts';
import { paintTrial } from '../warm-up.ts';
import { badWeights } from '../weights/header.ts';
import { checkCard, MAX_FILE_BYTES, type ModelEntry } from '../weights/manifest.ts';
import { sha256Hex } from '../weights/sha256.ts';
import { parseManifest, type ModelFiles } from '../weights/source.ts';
import { keepModel } from './models.ts';
import { fromJson, type Store } from './store.ts';

const MANIFEST = 'manifest.json';
const PARTS: readonly PartKind<Part>[] = [captionerPart, styleEncoderPart, criticPart];

/** Throws LimnError bad-weights, with the file's name. */
export async function importModel(store: Store, parts: readonly ModelPart[], backend: BackendName): Promise<OwnModel> {
  const named = new Map(parts.map(({ name, bytes }) => [name, bytes]));
  if (named.size !== parts.length) throw badWeights('the archive', 'it holds a file twice');
  const manifest = named.get(MANIFEST);
  if (!manifest) throw badWeights('the archive', `it holds no ${MANIFEST}, so it is no model of this program's`);
  const [entry, ...others] = parseManifest(manifest, MANIFEST).models;
  if (!entry || others.length > 0) throw badWeights(MANIFEST, 'it does not name exactly one model');
  const files = await checkFiles(entry, named);
  const card = checkCard(fromJson(files.get('card') ?? new Uint8Array()), `${entry.id}/card`);
  await tryOut(entry, files, backend);

  const { id: _, files: listed, ...rest } = entry;
  const kept = listed.filter(({ role }) => role !== 'card');
  return keepModel(
    store,
    { entry: rest, card },
    kept.map(({ role, path }) => {
      const bytes = files.get(role);
      if (!bytes) throw new Error(`${role} was checked to be there`);
      return { role, ending: /\.[a-z0-9]+$/.exec(path)?.[0] ?? '', bytes };
    }),
  );
}

/** By role; each is as long as the manifest says, and the very bytes that it names. */
async function checkFiles(entry: ModelEntry, named: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Promise<ModelFiles> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { role, path, bytes, sha256 } of entry.files) {
    const found = named.get(path);
    if (!found) throw badWeights('the archive', `${path} is missing`);
    if (found.length > MAX_FILE_BYTES) throw badWeights(path, `${found.length} bytes, ${MAX_FILE_BYTES} are allowed`);
    if (found.length !== bytes) throw badWeights(path, `expected ${bytes} bytes, found ${found.length}`);
    if ((await sha256Hex(found)) !== sha256) throw badWeights(path, 'its SHA-256 is not the one in the manifest');
    files.set(role, found);
  }
  return files;
}

/** Everything is opened once, which is the strictest check there is, paints one picture, and is freed. */
async function tryOut(entry: ModelEntry, files: ModelFiles, backend: BackendName): Promise<void> {
  const painter = architectureOf(entry).open(entry, files, backend);
  try {
    await paintTrial(painter, 1);
  } catch (error) {
    // The device has passed its check, so it is the weights: to paint with them would only take the device along.
    const failure = toFailure(error);
    if (failure.kind !== 'wrong-numbers') throw error;
    throw badWeights(`${entry.id}/generator`, `it paints no picture: ${failure.detail}`, error);
  } finally {
    painter.dispose();
  }
  for (const part of PARTS) {
    if (part.roles.every((role) => files.has(role))) part.open(entry, files, backend).dispose();
  }
}
