import { appendFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Pixels, Report } from '../engine/protocol.ts';
import {
  BOUNDS,
  MOVES,
  SETTINGS,
  settingsFor,
  type Example,
  type Run,
  type Sheet,
  type TeachSettings,
} from '../engine/protocol-teaching.ts';
import { describe, LimnError, toFailure } from '../failure.ts';
import { sheetOf } from '../image/sheet.ts';
import { kindOf, pair } from '../teach/pairing.ts';
import { openEngine, type Engine } from './engine.ts';
import { COMMON, number, parse, readOrRefuse, required, UsageError, whole } from './options.ts';
import { makeFolder, readPicture, sayProgress, writePng } from './pictures.ts';
import { sayJson, sayLine } from './say.ts';

/** Within --out: the run's own folder, the curve, and the sheets. */
const STORE = 'run';
const CURVE = 'curve.jsonl';
const SHEETS = 'sheets';

/** `limn fine-tune`: pictures with captions → a model that paints such, too. Goes on where it stopped. */
export async function fineTune(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values: options } = parse(args, {
    ...COMMON,
    data: { type: 'string' },
    out: { type: 'string' },
    name: { type: 'string' },
    steps: { type: 'string', default: String(SETTINGS.steps) },
    batch: { type: 'string', default: String(SETTINGS.batch) },
    rate: { type: 'string' },
    anchor: { type: 'string' },
    moves: { type: 'string', default: SETTINGS.moves },
    seed: { type: 'string', default: String(SETTINGS.seed) },
    every: { type: 'string', default: String(SETTINGS.checkpointEvery) },
  });
  const given = settingsOf(options);
  const data = required(options.data, '--data DIR');
  const out = required(options.out, '--out DIR');
  await makeFolder(out);
  const engine = await openEngine({ ...options, store: join(out, STORE) }, signal);
  const [known] = await engine.call('runs', {});
  // What is not said anew goes on as it was.
  const { rate: before, anchor: held } = known?.settings ?? settingsFor(engine.architecture);
  const settings: TeachSettings = { ...SETTINGS, rate: before, anchor: held, ...given };
  if (known) checkSame(known, options.model, settings, out);
  const run = known ?? (await begin(engine, options.model, options.name ?? basename(resolve(data)), data, settings));

  const { steps, rate, anchor, checkpointEvery } = settings;
  const { report, written } = writer(out, steps);
  const change = { steps, rate, anchor, checkpointEvery };
  const trained = await engine.call('train', { run: run.id, until: steps, change }, report).finally(written);
  const model = await keep(engine, trained.run, options.name ?? run.name, out);
  if (trained.stopped === 'diverged')
    throw new LimnError({ kind: 'wrong-numbers', detail: trained.why ?? 'it diverged' });
  if (options.json) sayJson({ model, step: trained.run.step, history: trained.run.history });
  else sayLine(`${model}: taught to step ${trained.run.step}; paint with limn generate --model ${out}`);
}

function settingsOf(
  options: Readonly<Record<'steps' | 'batch' | 'moves' | 'seed' | 'every', string>> &
    Readonly<Partial<Record<'rate' | 'anchor', string>>>,
): Partial<TeachSettings> {
  const moves = MOVES.find((one) => one === options.moves);
  if (!moves) throw new UsageError(`--moves ${options.moves} is not one of ${MOVES.join(', ')}`);
  const rate = options.rate === undefined ? undefined : number('rate', options.rate, BOUNDS.rate[1]);
  if (rate !== undefined && rate < BOUNDS.rate[0])
    throw new UsageError(`--rate is below ${BOUNDS.rate[0]}: ${options.rate}`);
  const every = whole('every', options.every, ...BOUNDS.checkpointEvery);
  return {
    moves,
    steps: whole('steps', options.steps, ...BOUNDS.steps),
    batch: whole('batch', options.batch, ...BOUNDS.batch),
    ...(rate !== undefined && { rate }),
    ...(options.anchor !== undefined && { anchor: number('anchor', options.anchor, BOUNDS.anchor[1]) }),
    seed: whole('seed', options.seed, ...BOUNDS.seed),
    checkpointEvery: every,
    sheetEvery: SETTINGS.sheetEvery,
  };
}

/** What a run began with stays. */
function checkSame(run: Run, model: string, { moves, batch, seed }: TeachSettings, out: string): void {
  const { settings: known } = run;
  if (run.parent === model && known.moves === moves && known.batch === batch && known.seed === seed) return;
  const what = `${run.parent}, --moves ${known.moves}, --batch ${known.batch}, --seed ${known.seed}`;
  throw new UsageError(`--out ${out} holds a run that began with ${what}; go on with these, or take another folder`);
}

async function begin(engine: Engine, model: string, name: string, data: string, settings: TeachSettings): Promise<Run> {
  const examples = await readExamples(data, Math.max(...engine.sizes));
  return engine.call('begin-run', { name, model, examples, settings });
}

/** Pictures that cannot be read are told and passed over; a picture without a caption is a mistake. */
async function readExamples(folder: string, size: number): Promise<Example[]> {
  const listed = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new UsageError(`--data ${folder} cannot be read: ${String(error)}`);
  });
  const paths = listed
    .filter((one) => one.isFile())
    .map((one) => relative(folder, join(one.parentPath, one.name)).split(sep).join('/'))
    .sort();
  const texts = new Map<string, string>();
  for (const path of paths.filter((one) => ['list', 'words'].includes(kindOf(one)))) {
    texts.set(path, (await readOrRefuse(join(folder, path), path)).toString('utf8'));
  }
  const { pairs, faults } = pair(paths, texts);
  for (const { name, why } of faults) process.stderr.write(`limn: ${name}: ${why}\n`);
  const silent = pairs.filter(({ caption }) => caption === '');
  const [first] = silent;
  if (first)
    throw new UsageError(
      `${first.path} has no caption${silent.length > 1 ? `, nor have ${silent.length - 1} more` : ''}`,
    );
  const examples: Example[] = [];
  for (const { path, caption } of pairs) {
    let pixels: Pixels;
    try {
      pixels = await readPicture(join(folder, path), size);
    } catch (error) {
      process.stderr.write(`limn: passed over: ${describe(toFailure(error))}\n`);
      continue;
    }
    examples.push({ pixels, caption, name: path });
  }
  return examples;
}

/** The curve as lines of JSON, a sheet as a PNG: the old model's pictures once, then those of the run. */
function writer(out: string, steps: number) {
  // In the order in which things came.
  let last: Promise<void> = Promise.resolve();
  const then = (write: () => Promise<void>): void => void (last = last.then(write));
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
  return { report, written: () => last };
}

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

/** The model as a folder of models → its id */
async function keep(engine: Engine, run: Run, name: string, out: string): Promise<string> {
  for (const { entry } of await engine.call('own-models', {})) {
    await engine.call('forget-model', { model: entry.id });
    await rm(join(out, entry.id), { recursive: true, force: true });
  }
  const { entry } = await engine.call('keep-model', { run: run.id, name });
  for (const { name: path, bytes } of await engine.call('export-model', { model: entry.id })) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeFile(join(out, path), bytes);
  }
  return entry.id;
}
