/**
 * ZIP archives from anywhere, within bounds: what a person's file says of itself is checked before a byte is unpacked,
 * and each entry is unpacked alone, into memory that was set aside for it, when it is asked for.
 */
import { unzipSync, zipSync } from 'fflate';
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

/** Throws ArchiveFault; nothing is unpacked yet. */
export function openArchive(bytes: Uint8Array<ArrayBuffer>): Archive {
  if (bytes.length > MAX_ARCHIVE) throw new ArchiveFault(`it is larger than ${MAX_ARCHIVE / 2 ** 20} MB`);
  const entries: Entry[] = [];
  const refused: { path: string; why: string }[] = [];
  const seen = new Set<string>();
  let [packed, unpacked, count] = [0, 0, 0];
  inside(bytes, ({ name, size, originalSize, compression }) => {
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
    else entries.push({ path: name, size: originalSize });
    seen.add(name);
    return false;
  });
  if (count === 0) throw new ArchiveFault('it holds no files');
  return {
    entries,
    refused,
    read({ path, size }) {
      let found = false;
      const files = inside(bytes, ({ name }) => name === path && !found && (found = true));
      const content = Object.hasOwn(files, path) ? files[path] : undefined;
      if (content?.length !== size) throw new ArchiveFault('a file in it is damaged');
      // A copy of its own: the other belongs to the archive where the entry is only stored.
      return new Uint8Array(content);
    },
  };
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
