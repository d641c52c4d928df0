/**
 * safetensors, read and written: 8 bytes of header length (little endian), a JSON header, then the tensors'
 * bytes, back to back. https://github.com/huggingface/safetensors#format
 *
 * The parser is our own because it is the door through which files of unknown origin come in: it copies
 * nothing, its work is bounded by the caps below, and it throws nothing but bad-weights.
 */
import { badWeights, BYTES_PER_VALUE, METADATA, readHeader, type DType, type Entry } from './header.ts';

/** A tensor as it lies in the file; `bytes` is a view, row-major, little endian, perhaps unaligned. */
export interface RawTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Bytes. The format itself allows 100 MB; ours take about 20 kB. */
export const MAX_HEADER = 1_000_000;

const LENGTH_BYTES = 8;

/**
 * Bytes of a whole file → name → tensor, in the order of the data. `file` names it in messages.
 * The tensors must tile the data exactly: no overlap, no hole, nothing after the last. Throws bad-weights.
 */
export function parseSafetensors(bytes: Uint8Array, file: string): Map<string, RawTensor> {
  if (bytes.length < LENGTH_BYTES) throw badWeights(file, `${bytes.length} bytes are too few for a header`);
  const stated = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (stated === 0n) throw badWeights(file, 'the header is empty');
  if (stated > BigInt(MAX_HEADER)) throw badWeights(file, `a header of ${stated} bytes, ${MAX_HEADER} are allowed`);
  const dataBegin = LENGTH_BYTES + Number(stated);
  if (dataBegin > bytes.length) throw badWeights(file, `the header ends at byte ${dataBegin} of ${bytes.length}`);

  const entries = readHeader(bytes.subarray(LENGTH_BYTES, dataBegin), file);
  const data = bytes.subarray(dataBegin);
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkTiling(entries, data.length, file);
  return new Map(
    entries.map(({ name, dtype, shape, begin, end }) => [name, { dtype, shape, bytes: data.subarray(begin, end) }]),
  );
}

/**
 * The reverse of `parseSafetensors`. Wide types come first, so that every tensor is aligned to its type.
 * What the parser would refuse is not written: throws bad-weights for a bad name, or bytes that do not fit a shape.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, RawTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const order = [...tensors].sort(
    ([a, x], [b, y]) => BYTES_PER_VALUE[y.dtype] - BYTES_PER_VALUE[x.dtype] || (a < b ? -1 : 1),
  );
  let end = 0;
  const lines = order.map(([name, { dtype, shape, bytes }]) => {
    const begin = end;
    end += bytes.length;
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`;
  });
  if (Object.keys(metadata).length > 0) lines.unshift(`"${METADATA}":${JSON.stringify(metadata)}`);
  const json = new TextEncoder().encode(`{${lines.join()}}`);
  const headerBytes = Math.ceil(json.length / 8) * 8;

  const file = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  file.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerBytes;
  for (const [, { bytes }] of order) {
    file.set(bytes, at);
    at += bytes.length;
  }
  parseSafetensors(file, 'the file to be written');
  return file;
}

/** `entries` sorted by their begin; an empty tensor may lie on any border between two others. */
function checkTiling(entries: readonly Entry[], dataBytes: number, file: string): void {
  let reached = 0;
  let previous = 'the header';
  for (const { name, begin, end } of entries) {
    if (end > dataBytes) throw badWeights(file, `${name}: ends at byte ${end} of ${dataBytes}`);
    if (begin < reached) throw badWeights(file, `${name}: overlaps with ${previous}`);
    if (begin > reached) throw badWeights(file, `${name}: a hole of ${begin - reached} bytes lies before it`);
    reached = end;
    previous = name;
  }
  if (reached < dataBytes) throw badWeights(file, `${dataBytes - reached} bytes are left over after ${previous}`);
}
