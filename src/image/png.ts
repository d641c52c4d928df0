/**
 * PNG files that know how they were painted: 8-bit RGB (RGBA where a pixel is not opaque), with the recipe as JSON in an
 * iTXt chunk named `limn`. The same code in a page, a worker and Node: compression is the platform's own.
 */
import { LimnError } from '../failure.ts';
import { parseRecipe, type Recipe } from '../recipe.ts';
import { badImage, readChunks, writeChunks, type Chunk } from './chunks.ts';
import type { Rgba } from './pixels.ts';

export const RECIPE = 'limn';
/** A recipe is under 7 KB at its longest; more is not one. */
const MAX_TEXT = 64 * 1024;

/** A picture, its recipe where it has one, and other chunks to go before the pixels → the bytes of a PNG file. */
export async function encodePng(
  picture: Rgba,
  recipe?: Recipe,
  others: readonly Chunk[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, data } = picture;
  if (data.length !== 4 * width * height) throw new Error(`encodePng: ${data.length} bytes for ${width} × ${height}`);
  const channels = data.some((byte, i) => i % 4 === 3 && byte !== 255) ? 4 : 3;
  return writeChunks([
    headerChunk(width, height, channels),
    // Before the pixels, so that a reader needs only the file's beginning.
    ...(recipe ? [textChunk(RECIPE, JSON.stringify(recipe))] : []),
    ...others,
    { type: 'IDAT', data: await scanlines(picture, channels) },
    { type: 'IEND', data: new Uint8Array(0) },
  ]);
}

/** 8 bits a channel, truecolour, with or without alpha. */
export function headerChunk(width: number, height: number, channels: 3 | 4): Chunk {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8);
  header.setUint8(9, channels === 4 ? 6 : 2);
  return { type: 'IHDR', data: new Uint8Array(header.buffer) };
}

/** picture → what IDAT holds: filtered and compressed. */
export function scanlines(picture: Rgba, channels: 3 | 4): Promise<Uint8Array<ArrayBuffer>> {
  return collect(compressed(filtered(picture, channels), new CompressionStream('deflate')), Infinity);
}

/** The recipe in a PNG file; null where it holds none. Throws `bad-image`, or `bad-recipe` where it holds a false one. */
export async function readRecipe(bytes: Uint8Array<ArrayBuffer>, file: string): Promise<Recipe | null> {
  const json = await readNote(bytes, RECIPE, file);
  return json === undefined ? null : parseRecipe(json);
}

/** The JSON under a keyword in a PNG file, unchecked; undefined where there is none. Throws as `readRecipe` does. */
export async function readNote(bytes: Uint8Array<ArrayBuffer>, keyword: string, file: string): Promise<unknown> {
  for (const { type, data } of readChunks(bytes, file)) {
    if (type !== 'iTXt' || !named(data, keyword)) continue;
    const text = await chunkText(data, keyword, file);
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new LimnError({ kind: 'bad-recipe', detail: 'it is not JSON' }, { cause });
    }
  }
  return undefined;
}

/** keyword 0 | compressed? 0 | method 0 | language '' 0 | translated keyword '' 0 | UTF-8 */
export function textChunk(keyword: string, text: string): Chunk {
  return { type: 'iTXt', data: new TextEncoder().encode(`${keyword}\0\0\0\0\0${text}`) };
}

function named(data: Uint8Array, keyword: string): boolean {
  return [...keyword].every((sign, i) => data[i] === sign.charCodeAt(0)) && data[keyword.length] === 0;
}

async function chunkText(data: Uint8Array<ArrayBuffer>, keyword: string, file: string): Promise<string> {
  const flags = keyword.length + 1;
  const language = data.indexOf(0, flags + 2);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  if (translated < 0) throw badImage(file, 'it is damaged (its text has no beginning)');
  const [isCompressed, method] = [data[flags], data[flags + 1]];
  let text = data.subarray(translated + 1);
  if (isCompressed === 1 && method === 0) {
    // Some tools that shrink PNG files do this; some files do it to blow up.
    try {
      text = await collect(compressed(text, new DecompressionStream('deflate')), MAX_TEXT);
    } catch (cause) {
      if (cause instanceof TooLong) throw badImage(file, 'its text is too long');
      throw badImage(file, 'it is damaged (its text does not unpack)');
    }
  } else if (isCompressed !== 0) {
    throw badImage(file, 'its text is packed in an unknown way');
  }
  if (text.length > MAX_TEXT) throw badImage(file, 'its text is too long');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    throw badImage(file, 'its text is not UTF-8');
  }
}

/** picture → scanlines, each a filter's number and its bytes. All are Paeth: painted pictures have no flat runs. */
function filtered({ width, height, data }: Rgba, channels: 3 | 4): Uint8Array<ArrayBuffer> {
  const stride = width * channels + 1;
  const lines = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    lines[y * stride] = 4;
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        const at = 4 * (y * width + x) + c;
        const left = x > 0 ? (data[at - 4] ?? 0) : 0;
        const up = y > 0 ? (data[at - 4 * width] ?? 0) : 0;
        const corner = x > 0 && y > 0 ? (data[at - 4 * width - 4] ?? 0) : 0;
        lines[y * stride + 1 + x * channels + c] = (data[at] ?? 0) - paeth(left, up, corner); // modulo 256
      }
    }
  }
  return lines;
}

/** PNG specification, 9.4: the neighbour nearest to left + up − corner; ties go left, then up. */
function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

class TooLong extends Error {}

function compressed(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Blob([bytes]).stream().pipeThrough(through);
}

/** All of a stream, or TooLong as soon as it is longer than `most` bytes. */
async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > most) {
      await reader.cancel();
      throw new TooLong();
    }
    parts.push(part.value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
