import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { BOUNDS, MOVES, settingsFor, type Moves, type Run, type TeachSettings } from '../engine/protocol-teaching.ts';
import { diskStore } from '../engine/store/disk.ts';
import { allRuns } from '../engine/store/runs.ts';
import { openEngine, type Engine } from './engine.ts';
import { differenceOf, readExamples } from './fine-tune-data.ts';
import { keep, leftIn, writer } from './fine-tune-out.ts';
import { COMMON, number, parse, required, UsageError, whole } from './options.ts';
import { makeFolder } from './pictures.ts';
import { sayJson, sayLine } from './say.ts';

/** The run's own folder, within --out. */
const STORE = 'run';

/** Without defaults: what is not said goes on as it was, or begins as is advised. */
const SETTABLE = {
  steps: { type: 'string' },
  batch: { type: 'string' },
  rate: { type: 'string' },
  anchor: { type: 'string' },
  moves: { type: 'string' },
  seed: { type: 'string' },
  every: { type: 'string' },
} as const;

/** `limn fine-tune`: pictures with captions → a model that paints such, too. Goes on where it stopped. */
export async function fineTune(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values: options } = parse(args, {
    ...COMMON,
    ...SETTABLE,
    model: { type: 'string' },
    data: { type: 'string' },
    out: { type: 'string' },
    name: { type: 'string' },
  });
  const given = settingsOf(options);
  const { data } = options;
  // Named first, since it is what a beginner forgets first.
  if (!options.out || !existsSync(join(options.out, STORE))) required(data, '--data DIR');
  const out = required(options.out, '--out DIR');
  await makeFolder(out);
  const store = join(out, STORE);
  const model = options.model ?? (await parentIn(store)) ?? COMMON.model.default;
  const engine = await openEngine({ ...options, model, store }, signal);
  const [known] = await engine.call('runs', {});
  const settings: TeachSettings = { ...(known?.settings ?? settingsFor(engine.architecture)), ...given };
  if (known) checkSame(known, model, settings, out);
  const before = await leftIn(known, out);
  if (known) await goOn(engine, known, settings, data);
  const run = known ?? (await begin(engine, model, options.name, required(data, '--data DIR'), settings));

  const { steps, rate, anchor, checkpointEvery } = settings;
  const { report, settled, check } = writer(out, steps);
  const change = { steps, rate, anchor, checkpointEvery };
  const trained = await engine.call('train', { run: run.id, until: steps, change }, report).finally(settled);
  const taught = await keep(engine, trained.run, options.name ?? run.name, out, before);
  if (trained.stopped === 'diverged') throw new UsageError(trained.why ?? 'the run diverged');
  if (options.json) sayJson({ model: taught, step: trained.run.step, history: trained.run.history });
  else sayLine(`${taught}: taught to step ${trained.run.step}; paint with limn generate --model ${out}`);
  check();
}

/** The model that the folder's run began with */
async function parentIn(store: string): Promise<string | undefined> {
  const [run] = existsSync(store) ? await allRuns(diskStore(store)) : [];
  return run?.parent;
}

function settingsOf(options: Readonly<Partial<Record<keyof typeof SETTABLE, string>>>): Partial<TeachSettings> {
  const { steps, batch, rate, anchor, moves, seed, every } = options;
  return {
    ...(moves !== undefined && { moves: movesOf(moves) }),
    ...(steps !== undefined && { steps: whole('steps', steps, ...BOUNDS.steps) }),
    ...(batch !== undefined && { batch: whole('batch', batch, ...BOUNDS.batch) }),
    ...(rate !== undefined && { rate: rateOf(rate) }),
    ...(anchor !== undefined && { anchor: number('anchor', anchor, BOUNDS.anchor[1]) }),
    ...(seed !== undefined && { seed: whole('seed', seed, ...BOUNDS.seed) }),
    ...(every !== undefined && { checkpointEvery: whole('every', every, ...BOUNDS.checkpointEvery) }),
  };
}

function movesOf(text: string): Moves {
  const found = MOVES.find((one) => one === text);
  if (found) return found;
  throw new UsageError(`--moves ${text} is not one of ${MOVES.join(', ')}`);
}

function rateOf(text: string): number {
  const [least, most] = BOUNDS.rate;
  const rate = number('rate', text, most);
  if (rate >= least) return rate;
  throw new UsageError(`--rate is below ${least}: ${text}`);
}

/** What a run began with stays. */
function checkSame(run: Run, model: string, { moves, batch, seed }: TeachSettings, out: string): void {
  const { settings: known } = run;
  if (run.parent === model && known.moves === moves && known.batch === batch && known.seed === seed) return;
  const what = `--model ${run.parent}, --moves ${known.moves}, --batch ${known.batch}, --seed ${known.seed}`;
  throw new UsageError(`--out ${out} holds a run that began with ${what}; go on with these, or take another folder`);
}

/** Refuses pictures that are not the run's own, which it has with it; says what is gone on with. */
async function goOn(engine: Engine, run: Run, settings: TeachSettings, data: string | undefined): Promise<void> {
  const own = `the ${run.examples} pictures that it began with`;
  if (data !== undefined) {
    const kept = await engine.call('run-examples', { run: run.id });
    const difference = differenceOf(kept, await readExamples(data, Math.max(...engine.sizes)));
    if (difference)
      throw new UsageError(
        `--data ${data} is not what the run learns from (${difference}); ` +
          `leave --data out to go on with ${own}, or take another folder for --out`,
      );
  }
  const { steps, rate, anchor, checkpointEvery } = settings;
  process.stderr.write(
    run.step >= steps
      ? `limn: the run stands at step ${run.step} already; --steps takes it further\n`
      : `limn: goes on from step ${run.step} to ${steps} with ${own}, ` +
          `--rate ${rate}, --anchor ${anchor}, --every ${checkpointEvery}\n`,
  );
}

async function begin(
  engine: Engine,
  model: string,
  name: string | undefined,
  data: string,
  settings: TeachSettings,
): Promise<Run> {
  const examples = await readExamples(data, Math.max(...engine.sizes));
  return engine.call('begin-run', { name: name ?? basename(resolve(data)), model, examples, settings });
}
