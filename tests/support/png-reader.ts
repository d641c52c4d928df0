/** A PNG reader of its own for tests: zlib, and the five filters of the specification, 8-bit RGB and RGBA. */
import { inflateSync } from 'node:zlib';
import { readChunks, readHeader } from '../../src/image/chunks.ts';
import type { Rgba } from '../../src/image/pixels.ts';

/** A file of one picture. */
export function decodePng(bytes: Uint8Array<ArrayBuffer>): Rgba {
  const { width, height, colourType } = readHeader(bytes, 'x.png');
  const idat = readChunks(bytes, 'x.png').find(({ type }) => type === 'IDAT')!;
  return unfiltered(idat.data, width, height, colourType === 6 ? 4 : 3);
}

export interface Frame {
  readonly picture: Rgba;
  readonly milliseconds: number;
}

/** An animated one; throws where its chunks do not stand as the specification wants them. */
export function decodeApng(bytes: Uint8Array<ArrayBuffer>): { frames: Frame[]; plays: number; types: string[] } {
  const { width, height, colourType } = readHeader(bytes, 'x.png');
  const chunks = readChunks(bytes, 'x.png');
  const types = chunks.map(({ type }) => type);
  const frames: Frame[] = [];
  let [count, plays, sequence] = [0, -1, 0];
  let milliseconds: number | null = null;
  const next = (found: number) => {
    if (found !== sequence++) throw new Error(`sequence ${found}, expected ${sequence - 1}`);
  };
  for (const { type, data } of chunks) {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    if (type === 'acTL') {
      if (frames.length > 0) throw new Error('acTL comes after the pixels');
      [count, plays] = [view.getUint32(0), view.getUint32(4)];
    } else if (type === 'fcTL') {
      next(view.getUint32(0));
      const place = [4, 8, 12, 16].map((at) => view.getUint32(at));
      if (place.join() !== [width, height, 0, 0].join()) throw new Error(`a frame of ${place.join()}`);
      milliseconds = (1000 * view.getUint16(20)) / view.getUint16(22);
    } else if (type === 'IDAT' || type === 'fdAT') {
      if (type === 'fdAT') next(view.getUint32(0));
      if (milliseconds === null || (type === 'IDAT') !== (frames.length === 0)) throw new Error(`${type} out of place`);
      const picture = unfiltered(type === 'IDAT' ? data : data.subarray(4), width, height, colourType === 6 ? 4 : 3);
      frames.push({ picture, milliseconds });
      milliseconds = null;
    }
  }
  if (frames.length !== count) throw new Error(`${frames.length} frames, acTL says ${count}`);
  return { frames, plays, types };
}

function unfiltered(data: Uint8Array, width: number, height: number, channels: 3 | 4): Rgba {
  const raw = inflateSync(data);
  const stride = width * channels;
  const lines = new Uint8Array(stride * height);
  const pixels = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const a = x >= channels ? lines[y * stride + x - channels]! : 0;
      const b = y > 0 ? lines[(y - 1) * stride + x]! : 0;
      const c = x >= channels && y > 0 ? lines[(y - 1) * stride + x - channels]! : 0;
      const p = a + b - c;
      const nearest = [a, b, c].reduce((best, v) => (Math.abs(p - v) < Math.abs(p - best) ? v : best));
      const guess = [0, a, b, (a + b) >> 1, nearest][filter]!;
      lines[y * stride + x] = raw[y * (stride + 1) + 1 + x]! + guess;
      pixels[4 * (y * width + Math.floor(x / channels)) + (x % channels)] = lines[y * stride + x]!;
    }
  }
  return { width, height, data: pixels };
}
