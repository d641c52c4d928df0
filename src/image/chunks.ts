/**
 * PNG as a list of chunks (PNG specification, third edition, section 5), read strictly and within bounds: a length is
 * checked against what is there before it is used, every CRC is checked, and nothing is decoded on the way.
 */
import { LimnError } from '../failure.ts';

export interface Chunk {
  /** Four letters. */
  readonly type: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colourType: number;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Larger files are no pictures of this program, nor any that it could use. */
export const MAX_FILE = 64 * 2 ** 20;
const MAX_CHUNKS = 10_000;
/** 30,000 × 30,000 would be 3.6 GB once decoded. */
export const MAX_PIXELS = 50e6;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 as in zlib, PNG and zip. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (CRC_TABLE[(c ^ byte) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

export function badImage(file: string, detail: string): LimnError {
  return new LimnError({ kind: 'bad-image', file, detail });
}

/** Chunks → a PNG file. */
export function writeChunks(chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  const size = chunks.reduce((sum, { data }) => sum + 12 + data.length, SIGNATURE.length);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  file.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const { type, data } of chunks) {
    view.setUint32(at, data.length);
    for (let i = 0; i < 4; i++) file[at + 4 + i] = type.charCodeAt(i);
    file.set(data, at + 8);
    view.setUint32(at + 8 + data.length, crc32(file.subarray(at + 4, at + 8 + data.length)));
    at += 12 + data.length;
  }
  return file;
}

/** A PNG file → its chunks, IHDR first and IEND last (what follows it is not looked at). Throws `bad-image`. */
export function readChunks(bytes: Uint8Array<ArrayBuffer>, file: string): Chunk[] {
  if (bytes.length === 0) throw badImage(file, 'the file is empty');
  if (bytes.length > MAX_FILE) throw badImage(file, `it is larger than ${MAX_FILE / 2 ** 20} MB`);
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) throw badImage(file, 'it is not a PNG file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  let at = SIGNATURE.length;
  while (chunks.at(-1)?.type !== 'IEND') {
    if (at + 12 > bytes.length) throw badImage(file, 'it ends in the middle');
    const length = view.getUint32(at);
    if (length > bytes.length - at - 12) throw badImage(file, 'it ends in the middle');
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw badImage(file, 'it is damaged (a chunk without a name)');
    if (view.getUint32(at + 8 + length) !== crc32(bytes.subarray(at + 4, at + 8 + length))) {
      throw badImage(file, `it is damaged (the checksum of ${type})`);
    }
    if (chunks.length === 0 && type !== 'IHDR') throw badImage(file, 'it does not begin with a header');
    if (chunks.length === MAX_CHUNKS) throw badImage(file, 'it has too many parts');
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** Width, height and format, known before anything is decoded; refuses what would not fit in memory. */
export function readHeader(bytes: Uint8Array<ArrayBuffer>, file: string): PngHeader {
  // The header's chunk alone: the rest of a huge file may wait.
  const end = SIGNATURE.length + 25;
  const ending = writeChunks([{ type: 'IEND', data: new Uint8Array(0) }]).subarray(SIGNATURE.length);
  const head = new Uint8Array(end + ending.length);
  head.set(bytes.subarray(0, end));
  head.set(ending, Math.min(end, bytes.length));
  const [header] = readChunks(bytes.length < end ? bytes : head, file);
  if (header?.data.length !== 13) throw badImage(file, 'its header has the wrong length');
  const view = new DataView(header.data.buffer, header.data.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (width === 0 || height === 0) throw badImage(file, 'it has no pixels');
  if (width * height > MAX_PIXELS) {
    throw badImage(file, `${width} × ${height} pixels are more than the ${MAX_PIXELS / 1e6} million that fit`);
  }
  return { width, height, bitDepth: view.getUint8(8), colourType: view.getUint8(9) };
}
