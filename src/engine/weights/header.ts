/**
 * The JSON header of a safetensors file, read strictly. The format's own rule is that a reader refuses
 * what it does not fully understand, so this one knows exactly one grammar:
 * `{ name: { dtype, shape: [n…], data_offsets: [begin, end] }, …, "__metadata__"?: { key: text } }`.
 */
import { LimnError } from '../../failure.ts';

export type DType = 'F16' | 'F32' | 'I8' | 'U8' | 'I32';

/** Bytes of one value of each type that this program reads. */
export const BYTES_PER_VALUE: Readonly<Record<DType, number>> = { F16: 2, F32: 4, I8: 1, U8: 1, I32: 4 };

/** Our largest model has about 200 tensors at 100 bytes of header each; the caps leave room and bound the work. */
export const MAX_TENSORS = 4096;
export const MAX_RANK = 8;
export const MAX_NAME = 256;

/** The header, an entry, a list in it. */
const MAX_DEPTH = 3;

export const METADATA = '__metadata__';

/** One line of the header: offsets are bytes from the end of the header, `end` exclusive. */
export interface Entry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Names the file and the tensor at fault. */
export function badWeights(file: string, detail: string, cause?: unknown): LimnError {
  return new LimnError({ kind: 'bad-weights', file, detail }, cause === undefined ? undefined : { cause });
}

/**
 * Header bytes → entries in the file's order. Sizes agree with shapes; that the ranges tile the data is the
 * caller's check. Throws bad-weights.
 */
export function readHeader(bytes: Uint8Array, file: string): Entry[] {
  // A byte-order mark or leading blanks would be tolerated by the decoder or by JSON.parse, not by the format.
  if (bytes[0] !== 0x7b) throw badWeights(file, 'the header does not begin with "{"');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw badWeights(file, 'the header is no UTF-8', error);
  }
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw badWeights(file, 'the header is no JSON', error);
  }
  const hidden = whatParsingHides(text);
  if (hidden !== undefined) throw badWeights(file, hidden);

  const entries: Entry[] = [];
  for (const [name, value] of fields(header)) {
    if (name === METADATA) checkMetadata(value, file);
    else if (entries.length === MAX_TENSORS) throw badWeights(file, `more than ${MAX_TENSORS} tensors`);
    else entries.push(readEntry(name, value, file));
  }
  return entries;
}

/** Why a tensor may not have this name, or undefined. Names become keys of maps and words in messages. */
function nameFault(name: string): string | undefined {
  if (name.length > MAX_NAME) return `a tensor's name has ${name.length} characters, ${MAX_NAME} are allowed`;
  if (!/^[\w./-]+$/.test(name)) return `${quote(name)} is no tensor's name`;
  const reserved = name.split('.').find((part) => part in Object.prototype || part === 'prototype');
  if (reserved !== undefined) return `${quote(name)} is no tensor's name: "${reserved}" is reserved`;
  return undefined;
}

/** Bytes that a shape takes, or undefined where the product leaves the safe integers. */
function byteLength(dtype: DType, shape: readonly number[]): number | undefined {
  let bytes = BYTES_PER_VALUE[dtype];
  for (const size of shape) {
    bytes *= size;
    if (!Number.isSafeInteger(bytes)) return undefined;
  }
  return bytes;
}

function readEntry(name: string, value: unknown, file: string): Entry {
  const fault = nameFault(name);
  if (fault !== undefined) throw badWeights(file, fault);
  const entry = new Map(fields(value));
  const dtype = entry.get('dtype');
  const shape = entry.get('shape');
  const offsets = entry.get('data_offsets');
  if (entry.size !== 3 || dtype === undefined || shape === undefined || offsets === undefined) {
    throw badWeights(
      file,
      `${name}: expected dtype, shape and data_offsets, found ${quote([...entry.keys()].join(', '))}`,
    );
  }
  if (!isDType(dtype)) throw badWeights(file, `${name}: unknown type ${quote(dtype)}`);
  if (!isCounts(shape)) throw badWeights(file, `${name}: the shape ${quote(shape)} is no list of whole numbers`);
  if (shape.length > MAX_RANK) throw badWeights(file, `${name}: ${shape.length} axes, ${MAX_RANK} are allowed`);
  if (!isCounts(offsets)) throw badWeights(file, `${name}: the offsets ${quote(offsets)} are no whole numbers`);
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2) {
    throw badWeights(file, `${name}: expected two offsets, found ${offsets.length}`);
  }
  if (begin > end) throw badWeights(file, `${name}: begins at byte ${begin}, after its end at ${end}`);
  const expected = byteLength(dtype, shape);
  if (expected === undefined) throw badWeights(file, `${name}: the shape [${shape.join()}] overflows`);
  if (expected !== end - begin) {
    throw badWeights(file, `${name}: ${dtype} [${shape.join()}] takes ${expected} bytes, found ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

function checkMetadata(value: unknown, file: string): void {
  const isText = (field: readonly [string, unknown]) => typeof field[1] === 'string';
  if (!isRecord(value) || !fields(value).every(isText)) throw badWeights(file, `${METADATA} is no map of texts`);
}

/**
 * What a valid JSON text says that JSON.parse does not tell: keys given twice (the last would win in silence,
 * the first in other readers), and numbers such as 1e2, 1.0 or −0 that turn into whole ones. Outside of its
 * strings a header holds brackets, commas, colons, blanks and digits, nothing else.
 */
function whatParsingHides(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (let i = 0; i < json.length; i++) {
    // Deep nesting would overflow the stack of whoever walks the values, JSON.stringify in a message included.
    if (open.length > MAX_DEPTH) return 'the header is nested too deeply';
    const c = json.charAt(i);
    if (c === '"') {
      let end = i + 1;
      while (json.charAt(end) !== '"') end += json.charAt(end) === '\\' ? 2 : 1;
      const literal = json.slice(i, end + 1);
      i = end;
      while (/[ \t\r\n]/.test(json.charAt(end + 1))) end++;
      if (json.charAt(end + 1) !== ':') continue;
      // Parsed, because "a" and "\u0061" are one key.
      const key: unknown = JSON.parse(literal);
      const keys = open.at(-1);
      if (typeof key !== 'string' || keys === undefined) continue;
      if (keys.has(key)) return `the header names ${quote(key)} twice`;
      keys.add(key);
    } else if (c === '{') open.push(new Set());
    else if (c === '[') open.push(undefined);
    else if (c === '}' || c === ']') open.pop();
    else if (!/[0-9,: \t\r\n]/.test(c)) return `the header holds ${quote(c)} where only whole numbers belong`;
  }
  return undefined;
}

function isDType(value: unknown): value is DType {
  return typeof value === 'string' && Object.hasOwn(BYTES_PER_VALUE, value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

/** A value from the file, for a message: short, and on one line. */
function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
