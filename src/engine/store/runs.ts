/**
 * Runs of training in the store. A run is a folder: `data.safetensors` (what is learnt from), a file a checkpoint, and
 * `run.json`, the index, which is written last: what it does not name is not there, so that a crash in the middle of
 * anything leaves the run as it was.
 */
import * as v from 'valibot';
import { LimnError } from '../../failure.ts';
import { BOUNDS, MOVES, type Point, type Run, type TeachSettings } from '../protocol-teaching.ts';
import { badWeights } from '../weights/header.ts';
import { sha256Hex } from '../weights/sha256.ts';
import { inTurn } from './locks.ts';
import { fromJson, toJson, type Store } from './store.ts';

const FOLDER = 'runs';
/** The last, and others spread over the way there. */
export const MOST_CHECKPOINTS = 8;

const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const within = ([least, most]: readonly [number, number]) => v.pipe(number, v.minValue(least), v.maxValue(most));
const wholeWithin = (bounds: readonly [number, number]) => v.pipe(within(bounds), v.safeInteger());

const settings = v.object({
  moves: v.picklist(MOVES),
  steps: wholeWithin(BOUNDS.steps),
  batch: wholeWithin(BOUNDS.batch),
  rate: within(BOUNDS.rate),
  anchor: within(BOUNDS.anchor),
  seed: wholeWithin(BOUNDS.seed),
  checkpointEvery: wholeWithin(BOUNDS.checkpointEvery),
  sheetEvery: wholeWithin(BOUNDS.sheetEvery),
});

const point = v.object({
  step: count,
  lossCritic: number,
  lossGenerator: number,
  anchor: number,
  realRight: number,
  fakeRight: number,
  wrongRight: v.nullable(number),
  heldOut: v.nullable(number),
  picturesPerSecond: number,
});

/** A file of the run's folder. */
const file = v.object({ name: v.pipe(v.string(), v.regex(/^[a-z0-9-]+\.safetensors$/)), bytes: count, sha256: hash });

const kept = v.object({
  version: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/)),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  parent: v.string(),
  /** Of the parent's files, by role: another version of the model is another model. */
  parentFiles: v.record(v.string(), hash),
  settings,
  examples: count,
  /** Captions of the examples; the last `keptBack` of the pictures are not learnt from. */
  captions: v.array(v.string()),
  /** Words of theirs that the parent does not know, where it reads whole words (see text/new-words.ts). */
  newWords: v.optional(v.array(v.string())),
  names: v.array(v.string()),
  keptBack: count,
  data: file,
  checkpoints: v.array(v.object({ step: v.pipe(count, v.minValue(1)), file })),
  history: v.array(point),
  begun: count,
  updated: count,
});

export type KeptRun = v.InferOutput<typeof kept>;
type KeptFile = KeptRun['data'];

/** Throws LimnError bad-recipe: "steps: …". */
export function checkSettings(value: unknown): TeachSettings {
  const result = v.safeParse(settings, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new LimnError({ kind: 'bad-recipe', detail: `${v.getDotPath(issue) ?? 'settings'}: ${issue.message}` });
}

export const stepOf = (run: KeptRun): number => run.checkpoints.at(-1)?.step ?? 0;

/** As the page sees it. */
export function summaryOf(run: KeptRun): Run {
  const { id, name, parent, examples, history, begun, updated } = run;
  const checkpoints = [0, ...run.checkpoints.map(({ step }) => step)];
  return {
    id,
    name,
    parent,
    settings: run.settings,
    examples,
    step: stepOf(run),
    checkpoints,
    history,
    begun,
    updated,
  };
}

/** All runs that can be read, the latest first. */
export async function allRuns(store: Store): Promise<KeptRun[]> {
  const found = await Promise.all((await store.list(FOLDER)).map((id) => readRun(store, id)));
  return found.filter((run) => run !== undefined).sort((a, b) => b.updated - a.updated);
}

async function readRun(store: Store, id: string): Promise<KeptRun | undefined> {
  if (!/^[a-z0-9-]{1,64}$/.test(id)) return undefined;
  const bytes = await store.read(`${FOLDER}/${id}/run.json`);
  const result = v.safeParse(kept, bytes && fromJson(bytes));
  return result.success ? result.output : undefined;
}

/** Throws LimnError bad-recipe where there is no such run. */
export async function openRun(store: Store, id: string): Promise<KeptRun> {
  const run = await readRun(store, id);
  if (run) return run;
  throw new LimnError({ kind: 'bad-recipe', detail: `there is no run named "${id}" here` });
}

/** A name → an id that is not taken: "My tulips" → my-tulips, my-tulips-2, … */
export function freeId(name: string, taken: ReadonlySet<string>, nameless = 'run'): string {
  const slug = name.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 48); // prettier-ignore
  const base = slug === '' ? nameless : slug.replace(/-+$/, '');
  for (let i = 1; ; i++) {
    const id = i === 1 ? base : `${base}-${i}`;
    if (!taken.has(id)) return id;
  }
}

/** Writes what is learnt from, then the index → the run at step 0 */
export function createRun(
  store: Store,
  run: Omit<KeptRun, 'version' | 'id' | 'data' | 'checkpoints' | 'history'>,
  data: Uint8Array<ArrayBuffer>,
): Promise<KeptRun> {
  // Two tabs would take the same id.
  return inTurn(store, 'runs', async () => {
    const id = freeId(run.name, new Set(await store.list(FOLDER)));
    try {
      const written = await writeFile(store, id, 'data.safetensors', data);
      return await writeIndex(store, { ...run, version: 1, id, data: written, checkpoints: [], history: [] });
    } catch (error) {
      // A folder without an index is no run, so nobody could ever forget it.
      await store.remove(`${FOLDER}/${id}`).catch(() => undefined);
      throw error;
    }
  });
}

/** Adds a checkpoint, thins out older ones → the run as it is now kept */
export async function addCheckpoint(
  store: Store,
  run: KeptRun,
  step: number,
  bytes: Uint8Array<ArrayBuffer>,
  history: readonly Point[],
  now: number,
): Promise<KeptRun> {
  const name = `step-${String(step).padStart(6, '0')}.safetensors`;
  const write = (): Promise<KeptFile> => writeFile(store, run.id, name, bytes);
  let earlier = run.checkpoints.filter((one) => one.step !== step);
  let file: KeptFile;
  try {
    file = await write();
  } catch (error) {
    // Room is made of what can be spared: of all checkpoints only the last one is needed to go on.
    const spare = earlier.slice(0, -1);
    if (!(error instanceof LimnError) || error.failure.kind !== 'quota' || spare.length === 0) throw error;
    earlier = earlier.slice(-1);
    await writeIndex(store, { ...run, checkpoints: earlier });
    for (const one of spare) await store.remove(pathOf(run.id, one.file.name));
    file = await write();
  }
  const all = [...earlier, { step, file }];
  const checkpoints = thinned(all);
  const next = await writeIndex(store, { ...run, checkpoints, history: [...history], updated: now });
  for (const one of all) if (!checkpoints.includes(one)) await store.remove(pathOf(run.id, one.file.name));
  return next;
}

/** Where there are too many, the one goes whose neighbours are nearest to each other; never the last. */
function thinned(all: KeptRun['checkpoints']): KeptRun['checkpoints'] {
  if (all.length <= MOST_CHECKPOINTS) return all;
  const steps = [0, ...all.map(({ step }) => step)];
  const gaps = all.slice(0, -1).map((_, i) => (steps[i + 2] ?? 0) - (steps[i] ?? 0));
  const least = gaps.indexOf(Math.min(...gaps));
  return all.filter((_, i) => i !== least);
}

/** From here on it trains with these settings. */
export const changeRun = (store: Store, run: KeptRun, settings: TeachSettings, now: number): Promise<KeptRun> =>
  writeIndex(store, { ...run, settings, updated: now });

/** Drops all that came after `step`. Throws LimnError bad-recipe where that is no checkpoint. */
export async function revert(store: Store, run: KeptRun, step: number, now: number): Promise<KeptRun> {
  if (step !== 0 && !run.checkpoints.some((one) => one.step === step)) {
    throw new LimnError({ kind: 'bad-recipe', detail: `the run has no checkpoint at step ${step}` });
  }
  const checkpoints = run.checkpoints.filter((one) => one.step <= step);
  const history = run.history.filter((one) => one.step <= step);
  const next = await writeIndex(store, { ...run, checkpoints, history, updated: now });
  for (const one of run.checkpoints) if (one.step > step) await store.remove(pathOf(run.id, one.file.name));
  return next;
}

export async function forgetRun(store: Store, id: string): Promise<{ freedBytes: number }> {
  const run = await openRun(store, id);
  // The index first: a folder without one is no run, whatever else is left of it.
  await store.remove(pathOf(id, 'run.json'));
  await store.remove(`${FOLDER}/${id}`);
  const freedBytes = [run.data, ...run.checkpoints.map((one) => one.file)].reduce((sum, { bytes }) => sum + bytes, 0);
  return { freedBytes };
}

/** The bytes of the run's file, which are those that were written; bad-weights where they are not. */
export async function readFileOf(store: Store, run: KeptRun, file: KeptFile): Promise<Uint8Array<ArrayBuffer>> {
  const path = pathOf(run.id, file.name);
  const bytes = await store.read(path);
  if (!bytes) throw badWeights(path, 'it is gone');
  if ((await sha256Hex(bytes)) !== file.sha256) throw badWeights(path, 'its SHA-256 is not the one that was written');
  return bytes;
}

/** Of a file of a run. */
export const pathOf = (id: string, name: string): string => `${FOLDER}/${id}/${name}`;

async function writeFile(store: Store, id: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<KeptFile> {
  const sha256 = await sha256Hex(bytes);
  await store.write(pathOf(id, name), bytes);
  return { name, bytes: bytes.length, sha256 };
}

async function writeIndex(store: Store, run: KeptRun): Promise<KeptRun> {
  await store.write(pathOf(run.id, 'run.json'), toJson(run));
  return run;
}
