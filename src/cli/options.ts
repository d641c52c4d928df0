/** What a person types: read, checked, and refused in one line before anything is computed. */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { BackendName } from '../engine/protocol.ts';
import { parseManifest } from '../engine/weights/source.ts';
import { describe } from '../failure.ts';
import { cleanCaption, MAX_TRUNCATION } from '../recipe.ts';
import { captionFault } from '../text/alphabet.ts';

/** Without a canvas there is no WebGL. */
export const NODE_BACKENDS = ['webgpu', 'wasm', 'cpu', 'auto'] as const satisfies readonly (BackendName | 'auto')[];

/** What a person typed does not hold: said in one line, exit code 2. */
export class UsageError extends Error {}

/** Every command has these. */
export const COMMON = {
  model: { type: 'string', default: 'flowers' },
  backend: { type: 'string', default: 'auto' },
  models: { type: 'string', default: fileURLToPath(new URL('../../public/models', import.meta.url)) },
  json: { type: 'boolean', default: false },
} as const;

type Options = NonNullable<ParseArgsConfig['options']>;

/** args → the options' values, and the file names between them where a command takes some. */
export function parse<T extends Options>(
  args: readonly string[],
  options: T,
  files: 'files' | 'no files' = 'no files',
) {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: files === 'files' });
    lookInto(parsed.values);
    return parsed;
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** `--model DIR`: a folder of models with one model in it, as `fine-tune` leaves it, is that model. */
function lookInto(values: Record<string, unknown>): void {
  const { model } = values;
  if (typeof model !== 'string') return;
  const file = join(model, 'manifest.json');
  if (!existsSync(file)) return;
  const { models } = parseManifest(readFileSync(file), file);
  const [only, ...others] = models;
  if (!only || others.length > 0)
    throw new UsageError(`${model} holds ${models.length} models; say --models ${model} and --model ID`);
  values['model'] = only.id;
  values['models'] = model;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function required(value: string | undefined, name: string): string {
  if (value) return value;
  throw new UsageError(`${name} is missing`);
}

export function number(name: string, text: string, most: number): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= 0 && value <= most) return value;
  throw new UsageError(`--${name} is no number from 0 to ${most}: ${text}`);
}

/** --truncation; undefined where it is not said, and the model's card knows. */
export function stray(text: string | undefined): number | undefined {
  return text === undefined ? undefined : number('truncation', text, MAX_TRUNCATION);
}

export function whole(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} is no whole number from ${least} to ${most}: ${text}`);
}

export function backendOf(text: string): BackendName | 'auto' {
  const found = NODE_BACKENDS.find((name) => name === text);
  if (found) return found;
  throw new UsageError(`--backend ${text} is not one of ${NODE_BACKENDS.join(', ')}`);
}

/** A caption that the text encoder can read. */
export function checkedCaption(text: string, place: string): string {
  const caption = cleanCaption(text);
  const fault = captionFault(caption);
  if (fault) throw new UsageError(`${place}: ${describe(fault)}`);
  return caption;
}

/** All captions, each checked before anything is painted. */
export async function captionsOf(caption: string | undefined, file: string | undefined): Promise<string[]> {
  if ((caption === undefined) === (file === undefined))
    throw new UsageError('give either --caption TEXT or --captions FILE');
  if (caption !== undefined) return [checkedCaption(caption, '--caption')];
  if (file === undefined) return [];
  const text = (await readOrRefuse(file, `--captions ${file}`)).toString('utf8');
  const lines = text.split(/\r\n|[\n\r]/).map((line, i) => ({ line, place: `${file}, line ${i + 1}` }));
  const captions = lines.filter(({ line }) => line.trim() !== '').map(({ line, place }) => checkedCaption(line, place));
  if (captions.length === 0) throw new UsageError(`--captions ${file} holds no caption`);
  return captions;
}

export async function readOrRefuse(file: string, place: string): Promise<Buffer<ArrayBuffer>> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`${place} cannot be read: ${messageOf(error)}`);
  }
}
