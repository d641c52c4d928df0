/**
 * ZIP archives from anywhere, within bounds: what a person's file says of itself is checked before a byte is unpacked,
 * and each entry is unpacked alone, into memory that was set aside for it, when it is asked for.
 */
import { inflateSync, unzipSync, zipSync } from 'fflate';
import { MOST_FILES } from './limits.ts';

/** Bytes. */
const MAX_ARCHIVE = 2 ** 30;
const MAX_ENTRY = 256 * 2 ** 20;
const MAX_UNPACKED = 2 * 2 ** 30;
/** An entry that unpacks to more times its size is no picture and no weights; below MODEST it does no harm. */
const MAX_RATIO = 100;
const MODEST = 2 ** 20;
const LONGEST_PATH = 400;

export interface Entry {
  /** With "/" between folders, as the archive has it; safe (see `pathFault`). */
  readonly path: string;
  /** Bytes, unpacked. */
  readonly size: number;
}

export interface Archive {
  readonly entries: readonly Entry[];
  /** What was passed over, and why. */
  readonly refused: readonly { readonly path: string; readonly why: string }[];
  /** Throws ArchiveFault where the entry is damaged. */
  readonly read: (entry: Entry) => Uint8Array<ArrayBuffer>;
}

/** Its message is a clause for people: "the archive is damaged". */
export class ArchiveFault extends Error {
  override readonly name = 'ArchiveFault';
}

/** Before it is read into memory. Throws ArchiveFault. */
export function checkSize(bytes: number): void {
  if (bytes > MAX_ARCHIVE) throw new ArchiveFault(`it is larger than ${MAX_ARCHIVE / 2 ** 20} MB`);
}

/** Throws ArchiveFault; nothing is unpacked yet. */
export function openArchive(bytes: Uint8Array<ArrayBuffer>): Archive {
  checkSize(bytes.length);
  const entries: Entry[] = [];
  const refused: { path: string; why: string }[] = [];
  const seen = new Set<string>();
  const packs = new Map<string, Pack>();
  let [packed, unpacked, count, places] = [0, 0, 0, 0];
  inside(bytes, ({ name, size, originalSize, compression }) => {
    const place = places++;
    if (name.endsWith('/')) return false;
    if (++count > MOST_FILES) throw new ArchiveFault(`it holds more than ${MOST_FILES} files`);
    packed += size;
    unpacked += originalSize;
    // Entries that share their bytes are how a small archive becomes a large one.
    if (packed > bytes.length) throw new ArchiveFault('its files lie upon one another');
    if (unpacked > MAX_UNPACKED) throw new ArchiveFault(`it unpacks to more than ${MAX_UNPACKED / 2 ** 30} GB`);
    if (originalSize > MODEST && originalSize > MAX_RATIO * size) {
      throw new ArchiveFault(`a file in it unpacks to more than ${MAX_RATIO} times its size`);
    }
    const why =
      pathFault(name) ??
      (seen.has(name) ? 'its name stands there twice' : null) ??
      (originalSize > MAX_ENTRY ? `it is larger than ${MAX_ENTRY / 2 ** 20} MB` : null) ??
      (compression !== 0 && compression !== 8 ? 'it is packed in a way that is not known here' : null);
    if (why) refused.push({ path: name.slice(0, LONGEST_PATH), why });
    else {
      entries.push({ path: name, size: originalSize });
      packs.set(name, { place, size, deflated: compression === 8 });
    }
    seen.add(name);
    return false;
  });
  if (count === 0) throw new ArchiveFault('it holds no files');
  const heads = headsIn(bytes);
  return {
    entries,
    refused,
    read({ path, size }) {
      const pack = packs.get(path);
      const head = pack && heads[pack.place];
      const content = pack && head !== undefined ? unpack(bytes, head, pack, size) : search(bytes, path);
      if (content?.length !== size) throw new ArchiveFault('a file in it is damaged');
      // A copy of its own: the other belongs to the archive where the entry is only stored.
      return new Uint8Array(content);
    },
  };
}

/** What the directory says of an entry, and at which place. */
interface Pack {
  readonly place: number;
  /** Bytes, as it is packed. */
  readonly size: number;
  readonly deflated: boolean;
}

/**
 * Where entries begin, in the directory's order: to search it anew for each of some thousand files takes seconds.
 * None for ZIP64, which says so elsewhere; there `search` has to do.
 */
function headsIn(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const heads: number[] = [];
  let end = bytes.length - 22;
  while (end > 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end >= 20 && view.getUint32(end - 20, true) === 0x07064b50) return heads;
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 8, true); left > 0 && at + 46 <= end; left--) {
    heads.push(view.getUint32(at + 42, true));
    // Its name, its extra fields, its comment.
    at += [28, 30, 32].reduce((length, part) => length + view.getUint16(at + part, true), 46);
  }
  return heads;
}

/** The entry that begins there, of so many bytes when it is unpacked. Throws ArchiveFault. */
function unpack(bytes: Uint8Array, head: number, { size, deflated }: Pack, unpacked: number): Uint8Array {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const at = head + 30 + view.getUint16(head + 26, true) + view.getUint16(head + 28, true);
    const packed = bytes.subarray(at, at + size);
    return deflated ? inflateSync(packed, { out: new Uint8Array(unpacked) }) : packed;
  } catch (cause) {
    throw new ArchiveFault('a file in it is damaged', { cause });
  }
}

function search(bytes: Uint8Array, path: string): Uint8Array | undefined {
  let found = false;
  const files = inside(bytes, ({ name }) => name === path && !found && (found = true));
  return Object.hasOwn(files, path) ? files[path] : undefined;
}

type Filter = NonNullable<NonNullable<Parameters<typeof unzipSync>[1]>['filter']>;

function inside(bytes: Uint8Array, filter: Filter): ReturnType<typeof unzipSync> {
  try {
    return unzipSync(bytes, { filter });
  } catch (cause) {
    if (cause instanceof ArchiveFault) throw cause;
    throw new ArchiveFault('it is damaged, locked with a password, or no ZIP archive', { cause });
  }
}

/** Why a path in an archive cannot be trusted, or null. */
export function pathFault(path: string): string | null {
  if (path.length > LONGEST_PATH) return 'its name is too long';
  if (/[\\\p{Cc}]/u.test(path)) return 'its name holds signs that no name should';
  if (/^\/|^[A-Za-z]:/.test(path)) return 'its name points outside the archive';
  const steps = path.split('/');
  if (steps.includes('..')) return 'its name points outside the archive';
  if (steps.some((step) => step === '' || step === '__proto__')) return 'its name is not one';
  return null;
}

/** Files by path → a ZIP archive. Pictures and weights hardly shrink, so nothing is compressed. */
export function pack(files: readonly { readonly path: string; readonly bytes: Uint8Array }[]): Uint8Array<ArrayBuffer> {
  return zipSync(Object.fromEntries(files.map(({ path, bytes }) => [path, bytes])), { level: 0 });
}
