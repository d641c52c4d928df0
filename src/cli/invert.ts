import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Output, Pixels } from '../engine/protocol.ts';
import { MAX_HOLD, MAX_RESTARTS, MAX_STEPS } from '../engine/tasks/invert.ts';
import { HOLD } from '../learn/inversion.ts';
import { cleanCaption, MAX_SEED, type Recipe } from '../recipe.ts';
import { openEngine, type Engine } from './engine.ts';
import { checkedCaption, COMMON, messageOf, number, parse, UsageError, whole } from './options.ts';
import { makeFolder, readPicture, sayProgress, writePng } from './pictures.ts';
import { sayJson, sayLine } from './say.ts';
import type { StyleFile } from './styles.ts';

/** `limn invert`: a picture → the z that it is painted from. */
export async function invert(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values: options, positionals } = parse(
    args,
    {
      ...COMMON,
      ...SEARCH,
      caption: { type: 'string', default: '' },
      'move-sentence': { type: 'boolean', default: false },
      out: { type: 'string' },
      picture: { type: 'string' },
    },
    'files',
  );
  const [file, ...others] = positionals;
  if (!file || others.length > 0) throw new UsageError('give one FILE to invert');
  const settings = {
    ...searchOf(options),
    caption: shownOf(options.caption, '--caption'),
    moveSentence: options['move-sentence'],
  };
  const { out, picture: folder } = options;
  if (!out && !folder && !options.json) throw new UsageError('--out FILE is missing: where should the style go?');
  if (folder) await makeFolder(folder, '--picture');
  if (out) {
    if (statSync(out, { throwIfNoEntry: false })?.isDirectory())
      throw new UsageError(`--out ${out} is a folder; name a file in it, as ${join(out, 'z.json')}`);
    await makeFolder(dirname(out));
  }

  const engine = await openEngine(options, signal);
  const pixels = await readPicture(file, engine.reads('style'));
  const { moveSentence, ...shown } = settings;
  const result = await invertPicture(engine, options.model, pixels, settings);
  const { z, found, first, said, milliseconds } = result;
  const style: StyleFile = {
    model: options.model,
    file,
    ...shown,
    z,
    distance: round(said ?? found.distance),
    ...(moveSentence && { moveSentence, moved: round(found.distance) }),
    first: round(first.distance),
    milliseconds: Math.round(milliseconds),
  };
  if (out) await writeOrRefuse(out, `${JSON.stringify(style)}\n`);
  if (folder) {
    // Only what a recipe can say again carries one.
    const again = style.caption !== '' && !moveSentence ? recipeOf(style, found.pixels.width) : undefined;
    await writePng(join(folder, 'wanted.png'), pixels);
    await writePng(join(folder, 'first.png'), first.pixels);
    await writePng(join(folder, 'found.png'), found.pixels, again);
  }
  if (options.json) sayJson(style);
  else {
    const moved = style.moveSentence ? `, ${style.moved} where the sentence moved to` : '';
    sayLine(`${file}: ${style.distance} of 255 away${moved}; the style encoder alone ${style.first}`);
  }
}

/** The options of a search for z; `restyle` has them too. */
export const SEARCH = {
  steps: { type: 'string', default: '200' },
  restarts: { type: 'string', default: '0' },
  seed: { type: 'string', default: '1' },
  hold: { type: 'string', default: String(HOLD) },
} as const;

export interface Settings {
  readonly steps: number;
  readonly restarts: number;
  readonly seed: number;
  readonly hold: number;
}

export function searchOf(options: Readonly<Record<keyof typeof SEARCH, string>>): Settings {
  return {
    steps: whole('steps', options.steps, 0, MAX_STEPS),
    restarts: whole('restarts', options.restarts, 0, MAX_RESTARTS),
    seed: whole('seed', options.seed, 0, MAX_SEED),
    hold: number('hold', options.hold, MAX_HOLD),
  };
}

/** What a picture shows, in words; it may be left unsaid. */
export const shownOf = (text: string, name: string): string =>
  cleanCaption(text) === '' ? '' : checkedCaption(text, name);

export function invertPicture(
  engine: Engine,
  model: string,
  pixels: Pixels,
  settings: Settings & { readonly caption: string; readonly moveSentence?: boolean },
): Promise<Output<'invert'>> {
  return engine.call('invert', { model, pixels, ...settings }, (report) => {
    if (report.stage === 'search') sayProgress(report.step, report.steps);
  });
}

function recipeOf({ model, caption, seed, z }: StyleFile, size: number): Recipe {
  return { version: 1, model, caption, seed, truncation: 1, size, style: { z, strength: 1 } };
}

async function writeOrRefuse(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => {
    throw new UsageError(`--out ${file} cannot be written: ${messageOf(error)}`);
  });
}

const round = (value: number): number => Number(value.toFixed(2));
