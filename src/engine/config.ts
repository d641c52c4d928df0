/** Reads a manifest entry's config, from `unknown`: each architecture knows what it needs and within which bounds. */
import { dispose, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { LimnError } from '../failure.ts';
import type { Parameters, ParameterShapes } from '../models/parameters.ts';
import { parseVocabulary } from '../text/vocabulary.ts';
import { checkShapes, decodeTensors } from './weights/decode.ts';
import type { ModelEntry } from './weights/manifest.ts';
import { parseSafetensors } from './weights/safetensors.ts';
import type { ModelFiles } from './weights/source.ts';

/** The file of a role as tensors; throws LimnError bad-weights where it is not what `shapes` says. */
export function parametersFrom(
  entry: ModelEntry,
  files: ModelFiles,
  role: string,
  shapes: ParameterShapes,
): Parameters {
  const file = `${entry.id}/${role}`;
  const decoded = decodeTensors(parseSafetensors(bytesOf(entry, files, role), file), file);
  checkShapes(decoded, shapes, file);
  const p = new Map<string, Tensor>();
  for (const [name, { shape, values }] of decoded) p.set(name, tensor(values, [...shape], 'float32'));
  return p;
}

/** What `open` opens after `p`; where it throws, nobody is left to free `p`, so that goes first. */
export function openAfter<T>(p: Parameters, open: () => T): T {
  try {
    return open();
  } catch (error) {
    dispose([...p.values()]);
    throw error;
  }
}

export function bytesOf(entry: ModelEntry, files: ModelFiles, role: string): Uint8Array<ArrayBuffer> {
  const bytes = files.get(role);
  if (!bytes) throw faulty(entry, `it has no ${role}`);
  return bytes;
}

/** The words of a role, in their order: a list of another order or of other words would put names to the wrong things. */
export function wordsOf(entry: ModelEntry, files: ModelFiles, role: string): string[] {
  const bytes = bytesOf(entry, files, role);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw faulty(entry, `its ${role} is no JSON`);
  }
  return [...parseVocabulary(json, `${entry.id}/${role}`)];
}

export const faulty = (entry: ModelEntry, detail: string): LimnError =>
  new LimnError({ kind: 'bad-weights', file: entry.id, detail });

export function field(entry: ModelEntry, config: unknown, name: string): unknown {
  if (typeof config !== 'object' || config === null || !Object.hasOwn(config, name)) {
    throw faulty(entry, `its config has no "${name}"`);
  }
  return (config as Readonly<Record<string, unknown>>)[name];
}

export function whole(entry: ModelEntry, config: unknown, name: string, least: number, most: number): number {
  const value = field(entry, config, name);
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value);
  throw faulty(entry, `its config's "${name}" is no whole number from ${least} to ${most}`);
}

export function within(entry: ModelEntry, config: unknown, name: string, least: number, most: number): number {
  const value = field(entry, config, name);
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw faulty(entry, `its config's "${name}" is no number from ${least} to ${most}`);
}

export function wholes(
  entry: ModelEntry,
  config: unknown,
  name: string,
  least: number,
  most: number,
  top: number,
): number[] {
  const value = field(entry, config, name);
  const good = (n: unknown): n is number => Number.isInteger(n) && Number(n) >= 1 && Number(n) <= top;
  if (Array.isArray(value) && value.length >= least && value.length <= most && value.every(good)) return value;
  throw faulty(entry, `its config's "${name}" is no list of ${least} to ${most} whole numbers`);
}
