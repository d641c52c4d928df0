/**
 * Animated PNG (PNG specification, third edition, 2025, sections 11.3.4.1 to 3): every frame whole, the first of them
 * also what programs show that know no animation. Browsers, and most viewers of today, play it under the name .png.
 */
import type { Recipe } from '../recipe.ts';
import { writeChunks, type Chunk } from './chunks.ts';
import type { Rgba } from './pixels.ts';
import { headerChunk, RECIPE, scanlines, textChunk } from './png.ts';

export interface Film {
  /** A picture's index for each frame; a picture that comes again is packed only once. */
  readonly frames: readonly number[];
  /** Picture `index`, opaque, all of one size; asked for one after the other, so that few need be at hand. */
  readonly picture: (index: number) => Rgba;
  /** Milliseconds that each frame stays. */
  readonly delay: number;
  readonly recipe: Recipe;
  /** Go before the pixels. */
  readonly others?: readonly Chunk[];
}

export interface FilmOptions {
  readonly signal?: AbortSignal;
  /** How many frames are done. */
  readonly report?: (done: number) => void;
}

/** A film that plays over and over → the bytes of an animated PNG file. An aborted signal's reason is thrown. */
export async function encodeApng(film: Film, { signal, report }: FilmOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { frames, picture, delay, recipe, others = [] } = film;
  const [first] = frames;
  if (first === undefined) throw new Error('encodeApng: there are no frames');
  const { width, height } = picture(first);
  const chunks: Chunk[] = [
    headerChunk(width, height, 3),
    animationControl(frames.length),
    textChunk(RECIPE, JSON.stringify(recipe)),
    ...others,
  ];
  const packed = new Map<number, Uint8Array<ArrayBuffer>>();
  const pack = async (index: number) => {
    const one = picture(index);
    if (one.width !== width || one.height !== height) {
      throw new Error(`encodeApng: picture ${index} is ${one.width} × ${one.height}, not ${width} × ${height}`);
    }
    const data = await scanlines(one, 3);
    packed.set(index, data);
    return data;
  };
  // One count for fcTL and fdAT together.
  let sequence = 0;
  for (const [i, index] of frames.entries()) {
    const data = packed.get(index) ?? (await pack(index));
    signal?.throwIfAborted();
    chunks.push(frameControl(sequence++, width, height, delay));
    chunks.push(i === 0 ? { type: 'IDAT', data } : frameData(sequence++, data));
    report?.(i + 1);
  }
  chunks.push({ type: 'IEND', data: new Uint8Array(0) });
  return writeChunks(chunks);
}

function animationControl(frames: number): Chunk {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, frames);
  view.setUint32(4, 0); // times that it plays; 0 is for ever
  return { type: 'acTL', data: new Uint8Array(view.buffer) };
}

function frameControl(sequence: number, width: number, height: number, delay: number): Chunk {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint32(0, sequence);
  view.setUint32(4, width);
  view.setUint32(8, height);
  // Bytes 12 to 19, the frame's place, are 0, and so are the last two: nothing is cleared away, nothing blended.
  view.setUint16(20, Math.round(delay));
  view.setUint16(22, 1000);
  return { type: 'fcTL', data: new Uint8Array(view.buffer) };
}

function frameData(sequence: number, scanlines: Uint8Array): Chunk {
  const data = new Uint8Array(4 + scanlines.length);
  new DataView(data.buffer).setUint32(0, sequence);
  data.set(scanlines, 4);
  return { type: 'fdAT', data };
}
