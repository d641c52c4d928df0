/** Files of any kind → pictures with captions, one after another, and whatever could not be used, with its reason. */
import { toFailure } from '../failure.ts';
import { centreSquare, resizeSquare } from '../image/resize.ts';
import { MAX_LIST, MAX_TEXTS, MAX_WORDS, MOST, MOST_FILES } from '../teach/limits.ts';
import { alike, likenessOf, type Likeness } from '../teach/likeness.ts';
import { nameOf, type Fault } from '../teach/names.ts';
import { kindOf, pair } from '../teach/pairing.ts';
import type { Pixels } from '../engine/protocol.ts';
import type { State } from './store.ts';
import { takePicture, type Decode, type Dropped } from './take-picture.ts';

/** A file with its place in a folder or an archive. */
export interface Incoming extends Pick<Dropped, 'size' | 'arrayBuffer'> {
  readonly path: string;
}

export interface Found {
  readonly path: string;
  readonly caption: string;
  /** At most KEPT_EDGE along its longer edge. */
  readonly picture: Pixels;
  readonly likeness: Likeness;
}

interface Ways {
  readonly decode: Decode;
  readonly signal: AbortSignal;
  /** The paths that are there already; a list may bring captions for them. */
  readonly known: readonly { readonly path: string; readonly likeness: Likeness }[];
  /** How many are looked at, of how many. */
  readonly report: (done: number, total: number) => void;
  readonly found: (found: Found) => void;
  readonly left: (fault: Fault) => void;
  /** For a picture that was there before. */
  readonly caption: (path: string, caption: string) => void;
}

/** Enough for a crop to 64 × 64; 500 of them take 74 MB. */
export const KEPT_EDGE = 192;
/** Milliseconds of work after which the page gets a turn. */
const TURN = 30;

export async function takeExamples(files: readonly Incoming[], ways: Ways): Promise<void> {
  const { decode, signal, known, report, found, left, caption } = ways;
  const taken = files.slice(0, MOST_FILES);
  if (files.length > MOST_FILES) {
    left({ name: `${files.length - MOST_FILES} files`, why: `only the first ${MOST_FILES} are looked at` });
  }
  const rest = rests();
  const fresh = new Set(taken.map(({ path }) => path));
  const texts = new Map<string, string>();
  let read = 0;
  for (const file of taken) {
    const kind = kindOf(file.path);
    if (kind !== 'list' && kind !== 'words') continue;
    await rest();
    if (signal.aborted) return;
    const why = tooLarge(kind, file.size, read);
    if (why) {
      left({ name: file.path, why });
      // Nothing else is to be said of what was not read.
      fresh.delete(file.path);
    } else {
      read += file.size;
      texts.set(file.path, await textOf(file));
    }
  }
  if (signal.aborted) return;
  const before = known.map(({ path }) => path).filter((path) => !fresh.has(path));
  const { pairs, faults } = pair([...before, ...fresh], texts);
  for (const fault of faults) left(fault);

  const byPath = new Map(taken.map((file) => [file.path, file]));
  const likenesses = known.map(({ path, likeness }) => ({ path, likeness }));
  const pictures = pairs.filter((p) => fresh.has(p.path));
  for (const old of pairs) if (!fresh.has(old.path) && old.caption !== '') caption(old.path, old.caption);
  for (const [i, { path, caption: words }] of pictures.entries()) {
    await rest();
    if (signal.aborted) return;
    report(i, pictures.length);
    if (likenesses.length >= MOST) {
      left(tooMany(pictures.length - i));
      return;
    }
    const file = byPath.get(path);
    if (!file) continue;
    try {
      const { pixels } = await takePicture(
        { name: nameOf(path), size: file.size, arrayBuffer: () => file.arrayBuffer() },
        decode,
        KEPT_EDGE,
      );
      if (signal.aborted) return;
      const likeness = likenessOfPicture(pixels);
      const twin = likenesses.find((other) => alike(other.likeness, likeness));
      if (twin) left({ name: path, why: `it is the same picture as ${nameOf(twin.path)}` });
      else {
        likenesses.push({ path, likeness });
        found({ path, caption: words, picture: pixels, likeness });
      }
    } catch (thrown) {
      if (!signal.aborted) left({ name: path, why: reasonOf(thrown) });
    }
  }
  report(pictures.length, pictures.length);
}

/** → gives the page a turn when it is due */
function rests(): () => Promise<void> {
  let turn = performance.now();
  return async () => {
    if (performance.now() - turn <= TURN) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    turn = performance.now();
  };
}

/** Why a text is not read where so many bytes of others were, or null. */
function tooLarge(kind: 'list' | 'words', size: number, read: number): string | null {
  if (kind === 'list' && size > MAX_LIST) return `it is larger than ${MAX_LIST / 2 ** 20} MB`;
  if (kind === 'words' && size > MAX_WORDS) return `it is larger than ${MAX_WORDS / 2 ** 10} KB`;
  return read + size > MAX_TEXTS ? `the texts that came with it are larger than ${MAX_TEXTS / 2 ** 20} MB` : null;
}

/** For as many pictures as go beyond the most. */
export const tooMany = (count: number): Fault => ({
  name: count === 1 ? 'One picture' : `${count} pictures`,
  why: `there are ${MOST} already, which is the most`,
});

/** Of its middle, so that pictures of any shape can be compared. */
export function likenessOfPicture(picture: Pixels): Likeness {
  const { width, height } = picture;
  return likenessOf(resizeSquare(picture, centreSquare(width, height), 16));
}

/** What came and what was left out, where a run is open and the table is out of sight. */
export function tellArrivals({ lesson, teach: { left }, notify }: State, came: number): void {
  const [one] = left;
  if (!lesson || (came <= 0 && !one)) return;
  const parts = [
    came > 0 && `${came === 1 ? 'One picture is' : `${came} pictures are`} kept here for another run.`,
    left.length === 1 && one && `${one.name} was left out: ${one.why.replace(/\.$/, '')}.`,
    left.length > 1 && `${left.length} files were left out, or in part; “All runs” shows why.`,
  ];
  notify({ tone: one ? 'trouble' : 'plain', text: parts.filter(Boolean).join(' '), ...(!one && { lasts: 8000 }) });
}

function reasonOf(thrown: unknown): string {
  const failure = toFailure(thrown);
  return failure.kind === 'bad-image' ? failure.detail : 'it could not be opened';
}

async function textOf(file: Incoming): Promise<string> {
  try {
    return new TextDecoder().decode(await file.arrayBuffer());
  } catch {
    // A file that was moved since: its pictures stay without words, which shows.
    return '';
  }
}
