/** The same engine under Node: `limn generate --model flowers --caption "…" --count 8 --seed 7 --out DIR`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createNodeHost } from './engine/node.ts';
import type { BackendName, Picture } from './engine/protocol.ts';
import { BATCH } from './engine/session.ts';
import { MAX_COUNT } from './engine/tasks/generate.ts';
import { describe, LimnError, toFailure, type Failure } from './failure.ts';
import { encodePng } from './image/png.ts';
import { cleanCaption, MAX_SEED, MAX_SIZE, MAX_TRUNCATION, normaliseSeed, type Recipe } from './recipe.ts';
import { captionFault } from './text/alphabet.ts';

/** Without a canvas there is no WebGL. */
const NODE_BACKENDS = ['webgpu', 'wasm', 'cpu', 'auto'] as const satisfies readonly (BackendName | 'auto')[];

const HELP = `limn generate --caption TEXT | --captions FILE  --out DIR  [options]

  --caption TEXT     what to paint
  --captions FILE    a caption a line; empty lines are passed over
  --out DIR          where the PNG files go: 0001.png, 0002.png, …
  --model ID         a model of the manifest (flowers)
  --count N          pictures a caption (1)
  --seed N           of the first picture, 0 to ${MAX_SEED}; the next has the next one (1)
  --truncation X     how far z may stray, 0 to ${MAX_TRUNCATION} (1)
  --size N           edge in pixels, one of the model's sizes (its largest)
  --backend NAME     ${NODE_BACKENDS.slice(0, -1).join(', ')} or auto (auto)
  --models DIR       a folder with a manifest.json (the ones that come with limn)
  --json             a list of {caption, seed, file} on standard output, and nothing else there
`;

/** Pictures of one call: full batches, so that the shapes stay those that were compiled. */
const PORTION = 4 * BATCH;

/** What a person typed does not hold: said in one line, exit code 2. */
class UsageError extends Error {}

interface Painted {
  readonly caption: string;
  readonly seed: number;
  readonly file: string;
}

async function generate(args: string[], signal: AbortSignal): Promise<void> {
  const options = parse(args);
  const captions = await captionsOf(options.caption, options.captions);
  const recipe: Omit<Recipe, 'caption' | 'seed'> = {
    version: 1,
    model: options.model,
    truncation: number('truncation', options.truncation, MAX_TRUNCATION),
    size: options.size === undefined ? 0 : whole('size', options.size, 1, MAX_SIZE),
  };
  const count = whole('count', options.count, 1, MAX_COUNT);
  const firstSeed = whole('seed', options.seed, 0, MAX_SEED);
  const backend = backendOf(options.backend);
  const { out } = options;
  if (!out) throw new UsageError('--out DIR is missing: where should the pictures go?');
  await makeFolder(out);

  let trouble: Failure | undefined;
  const host = await createNodeHost(options.models, (failure) => (trouble ??= failure), {
    gpu: backend === 'webgpu' || backend === 'auto',
  });
  const context = { signal, report: () => undefined };
  const loaded = await host('load', { model: options.model, backend }, context);
  const total = captions.length * count;
  const digits = Math.max(4, String(total).length);
  const painted: Painted[] = [];
  const begun = performance.now();
  for (const [i, caption] of captions.entries()) {
    // Every picture of a run has a seed of its own: captions that shared one would share its pose and background.
    // A few at a time, so that files are there early and a write that fails ends the run.
    for (let from = i * count; from < (i + 1) * count; from += PORTION) {
      const input = {
        recipe: { ...recipe, caption, seed: normaliseSeed(firstSeed + from) },
        count: Math.min(PORTION, (i + 1) * count - from),
      };
      const pictures: Picture[] = [];
      await host('generate', input, { signal, report: ({ picture }) => pictures.push(picture) });
      if (trouble) throw new LimnError(trouble);
      await Promise.all(
        pictures.map(async (picture, index) => {
          const file = join(out, `${String(from + index + 1).padStart(digits, '0')}.png`);
          painted.push({ caption, seed: picture.recipe.seed, file });
          await writeFile(file, await encodePng(picture.pixels, picture.recipe));
        }),
      );
      if (process.stderr.isTTY) process.stderr.write(`\r${painted.length} of ${total} `);
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\r');
  if (options.json) process.stdout.write(`${JSON.stringify(painted, null, 1)}\n`);
  else {
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const { backend: name, adapter } = loaded.device;
    process.stdout.write(
      `${total} ${total === 1 ? 'picture' : 'pictures'} in ${out}, ${seconds} s on ${name} (${adapter})\n`,
    );
  }
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        caption: { type: 'string' },
        captions: { type: 'string' },
        out: { type: 'string' },
        model: { type: 'string', default: 'flowers' },
        count: { type: 'string', default: '1' },
        seed: { type: 'string', default: '1' },
        truncation: { type: 'string', default: '1' },
        size: { type: 'string' },
        backend: { type: 'string', default: 'auto' },
        models: { type: 'string', default: fileURLToPath(new URL('../public/models', import.meta.url)) },
        json: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** All captions, each checked before anything is painted. */
async function captionsOf(caption: string | undefined, file: string | undefined): Promise<string[]> {
  if ((caption === undefined) === (file === undefined))
    throw new UsageError('give either --caption TEXT or --captions FILE');
  if (caption !== undefined) return [checked(caption, '--caption')];
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(
      `--captions ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const lines = text.split(/\r\n|[\n\r]/).map((line, i) => ({ line, place: `${file}, line ${i + 1}` }));
  const captions = lines.filter(({ line }) => line.trim() !== '').map(({ line, place }) => checked(line, place));
  if (captions.length === 0) throw new UsageError(`--captions ${file} holds no caption`);
  return captions;
}

function checked(text: string, place: string): string {
  const caption = cleanCaption(text);
  const fault = captionFault(caption);
  if (fault) throw new UsageError(`${place}: ${describe(fault)}`);
  return caption;
}

function number(name: string, text: string, most: number): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= 0 && value <= most) return value;
  throw new UsageError(`--${name} is no number from 0 to ${most}: ${text}`);
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} is no whole number from ${least} to ${most}: ${text}`);
}

function backendOf(text: string): BackendName | 'auto' {
  const found = NODE_BACKENDS.find((name) => name === text);
  if (found) return found;
  throw new UsageError(`--backend ${text} is not one of ${NODE_BACKENDS.join(', ')}`);
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new UsageError(
      `--out ${path} cannot be made a folder: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function main(): Promise<number> {
  // Libraries greet on console.log; standard output is for what was asked.
  console.log = console.info = console.error;
  const [command, ...args] = process.argv.slice(2);
  if (command === undefined || command === 'help' || process.argv.includes('--help') || process.argv.includes('-h')) {
    process.stdout.write(HELP);
    return command === undefined ? 2 : 0;
  }
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  try {
    if (command !== 'generate') throw new UsageError(`there is no command "${command}"; limn --help names them`);
    await generate(args, abort.signal);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`limn: ${error.message}\n`);
      return 2;
    }
    const failure = toFailure(error);
    process.stderr.write(`limn: ${describe(failure)}\n`);
    return failure.kind === 'cancelled'
      ? 130
      : failure.kind === 'bad-recipe' || failure.kind === 'unknown-model'
        ? 2
        : 1;
  }
}

// Whoever reads along may have read enough: `limn … | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main();
