/** What `limn fine-tune` leaves in its folder: the curve, the sheets, and the model. */
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Report } from '../engine/protocol.ts';
import type { ModelPart, Run, Sheet } from '../engine/protocol-teaching.ts';
import { isOwn } from '../engine/store/models.ts';
import { parseManifest } from '../engine/weights/source.ts';
import { sheetOf } from '../image/sheet.ts';
import type { Engine } from './engine.ts';
import { messageOf, readOrRefuse, UsageError } from './options.ts';
import { sayProgress, writePng } from './pictures.ts';

/** Within the folder, beside the run's own. */
const CURVE = 'curve.jsonl';
const SHEETS = 'sheets';
const MANIFEST = 'manifest.json';

/** The curve as lines of JSON, a sheet as a PNG: the old model's pictures once, then those of the run. */
export function writer(out: string, steps: number) {
  // In the order in which things came.
  let last: Promise<void> = Promise.resolve();
  let failed: unknown;
  const attempt = async (write: () => Promise<void>): Promise<void> => {
    try {
      await write();
    } catch (error) {
      // Told while it can still be mended, and once; what is learnt is kept elsewhere, so training goes on.
      if (failed === undefined) process.stderr.write(`limn: ${unwritten(out, error)}; training goes on\n`);
      failed ??= error;
    }
  };
  const then = (write: () => Promise<void>): void => void (last = last.then(() => attempt(write)));
  const report = (report: Report<'train'>): void => {
    if (report.stage === 'point') {
      sayProgress(report.point.step, steps);
      then(() => appendFile(join(out, CURVE), `${JSON.stringify(report.point)}\n`));
    } else if (report.stage === 'sheet') {
      const { before } = report;
      if (before) then(() => writeSheet(out, { ...report, step: 0, pictures: before }));
      then(() => writeSheet(out, report));
    }
  };
  return {
    report,
    settled: () => last,
    /** Throws UsageError where something is missing. */
    check: (): void => {
      if (failed !== undefined) throw new UsageError(unwritten(out, failed));
    },
  };
}

const unwritten = (out: string, error: unknown): string =>
  `the curve and sheets in ${out} are not whole: ${messageOf(error)}`;

async function writeSheet(out: string, { step, columns, pictures }: Sheet): Promise<void> {
  await mkdir(join(out, SHEETS), { recursive: true });
  const edge = pictures[0]?.width ?? 0;
  const placed = pictures.map((picture, i) => ({
    picture,
    left: edge * (i % columns),
    top: edge * Math.floor(i / columns),
  }));
  const paper = { width: edge * columns, height: edge * Math.ceil(pictures.length / columns) };
  await writePng(join(out, SHEETS, `${String(step).padStart(6, '0')}.png`), sheetOf(paper, placed));
}

/**
 * → ids of the models that an earlier call left in the folder. Throws UsageError where it holds others: they would be
 * written over.
 */
export async function leftIn(known: Run | undefined, out: string): Promise<string[]> {
  const file = join(out, MANIFEST);
  if (!existsSync(file)) return [];
  const refuse = (what: string): UsageError =>
    new UsageError(`${file} ${what}, and would be written over; take another folder for --out`);
  let ids: string[];
  try {
    ids = parseManifest(await readOrRefuse(file, file), file).models.map(({ id }) => id);
  } catch {
    throw refuse('is none that fine-tune wrote');
  }
  // Not by the models in the run's store: cut off before the folder was written, it holds another than the folder does.
  const other = ids.find((id) => known === undefined || !isOwn(id));
  if (other !== undefined) throw refuse(`names the model ${other}, which is none of this run's`);
  return ids;
}

/** The model as a folder of models, in the place of those that were left before → its id */
export async function keep(
  engine: Engine,
  run: Run,
  name: string,
  out: string,
  before: readonly string[],
): Promise<string> {
  // In the store first, so that the id stays; the folder has the old one until the new one is written.
  for (const { entry } of await engine.call('own-models', {})) {
    await engine.call('forget-model', { model: entry.id });
  }
  const { entry } = await engine.call('keep-model', { run: run.id, name });
  await replace(out, await engine.call('export-model', { model: entry.id }));
  for (const id of before) if (id !== entry.id) await rm(join(out, id), { recursive: true, force: true });
  return entry.id;
}

/** All of it is written beside what is there before any of it takes its place, the manifest last. */
async function replace(out: string, parts: readonly ModelPart[]): Promise<void> {
  const files = parts.map(({ name, bytes }) => ({ file: join(out, name), part: join(out, `${name}.part`), bytes }));
  try {
    for (const { part, bytes } of files) {
      await mkdir(dirname(part), { recursive: true });
      await writeFile(part, bytes);
    }
  } catch (error) {
    for (const { part } of files) await rm(part, { force: true });
    throw error;
  }
  const manifest = join(out, MANIFEST);
  for (const { file, part } of files) if (file !== manifest) await rename(part, file);
  await rename(`${manifest}.part`, manifest);
}
