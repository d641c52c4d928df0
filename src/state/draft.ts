/**
 * Pictures and words that no run was begun with yet, kept in this browser between visits: at most MOST pictures of
 * KEPT_EDGE, as PNG. They lie apart from the words, so that a caption that is typed does not write megabytes anew.
 */
import type { Pixels } from '../engine/protocol.ts';
import { encodePng } from '../image/png.ts';
import { centreSquare, type Square } from '../image/resize.ts';
import { alike } from '../teach/likeness.ts';
import { MOST } from '../teach/limits.ts';
import { nameOf } from '../teach/names.ts';
import { MAX_CAPTION } from '../text/alphabet.ts';
import { KEPT_EDGE, likenessOfPicture, tooMany } from './take-examples.ts';
import { MAX_SET_NAME, type Item } from './teach-items.ts';
import type { Get, Set, World } from './store.ts';

const WORDS = 'draft';
const PICTURES = 'draft-pictures';
/** Someone who types rests before anything is written. Milliseconds. */
const REST = 400;
const MAX_PATH = 1000;

/** Why pictures are not kept, as a person reads it. */
const FULL = 'The browser has no room to keep these pictures';
const NOWHERE = 'This browser keeps nothing between visits';
const TAKEN = 'Pictures of another tab are kept in this browser, so these are not';

/** Brings back what an earlier visit left → what is to be called after each change of `teach`. */
export async function openDraft(set: Set, get: Get, { shelf, decode, drawSeed }: World): Promise<() => void> {
  const me = `${Date.now()}-${drawSeed()}`;
  const files = new WeakMap<Pixels, Uint8Array<ArrayBuffer>>();
  /**
   * Tabs share the shelf. What lies there is this tab's to change while it is as this tab found or left it; what
   * another wrote since is that one's.
   */
  let held: string | null = null;
  let writes = 0;
  /** Ids of the pictures on the shelf, if they are this tab's. */
  let written = '';
  /** Whether this tab had any pictures. */
  let had = false;
  let told = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> = Promise.resolve();

  async function fileOf({ picture }: Item): Promise<Uint8Array<ArrayBuffer>> {
    const file = files.get(picture) ?? (await encodePng(picture));
    files.set(picture, file);
    return file;
  }

  async function save(): Promise<void> {
    const { items: all, begun, name } = get().teach;
    // Those of a run are kept with it.
    const items = all === begun ? [] : all;
    if (items.length > 0) had = true;
    // What another tab keeps is not this one's to forget.
    else if (!had) return;
    const pictures = new Map<number, Uint8Array>();
    for (const item of items) pictures.set(item.id, await fileOf(item));
    const ids = items.map(({ id }) => id).join();
    const lines = items.map(({ id, path, caption, captionBy, square }) => ({ id, path, caption, captionBy, square }));
    const stamp = `${me}-${++writes}`;
    let ours = false as boolean;
    // Both at once: words without their pictures, or the other way about, would be nothing.
    await shelf.exchange(WORDS, (value) => {
      const kept = wordsOf(value);
      ours = kept === null || kept.stamp === held;
      if (!ours) return [];
      if (items.length === 0) return kept ? [[PICTURES, null], [WORDS, null]] : []; // prettier-ignore
      const words = [WORDS, { by: me, stamp, name, items: lines }] as const;
      return kept?.by === me && written === ids ? [words] : [[PICTURES, { by: me, pictures }], words];
    });
    if (ours) [held, written, told] = [stamp, ids, ''];
    else if (items.length > 0) tell(TAKEN);
    keep(ours && items.length > 0);
  }

  function keep(kept: boolean): void {
    set({ teach: { ...get().teach, kept } });
  }

  function tell(why: string): void {
    if (told === why) return;
    told = why;
    get().notify({ tone: 'trouble', text: `${why}: until you begin, they stay only as long as this tab is open.` });
  }

  function fail(thrown: unknown): void {
    keep(false);
    tell(thrown instanceof Error && thrown.name === 'QuotaExceededError' ? FULL : NOWHERE);
  }

  const words = wordsOf(await shelf.read(WORDS).catch(() => null));
  held = words?.stamp ?? null;
  const found = words ? await restored(words, { shelf, decode }).catch(() => []) : [];
  if (words && found.length > 0) {
    had = true;
    const { teach } = get();
    // Some may be here before: when what keeps them could not be fetched at first.
    const fresh = teach.items.filter((item) => !found.some((one) => alike(one.likeness, item.likeness)));
    const items = [...found, ...fresh].slice(0, MOST);
    const over = fresh.length + found.length - items.length;
    const left = over > 0 ? [...teach.left, tooMany(over)] : teach.left;
    set({ teach: { ...teach, items, left, name: teach.name || words.name, kept: true } });
  }
  const touch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      saving = saving.then(save).catch(fail);
    }, REST);
  };
  if (get().teach.items.length > found.length) touch();
  return touch;
}

/** The pictures that these words are for, as far as they hold. */
async function restored(words: Words, { shelf, decode }: Pick<World, 'shelf' | 'decode'>): Promise<Item[]> {
  const pictures = picturesOf(await shelf.read(PICTURES), words.by);
  const found: Item[] = [];
  for (const value of words.items.slice(0, MOST)) {
    const line = lineOf(value);
    const bytes = line && pictures?.get(line.id);
    if (!line || !(bytes instanceof Uint8Array)) continue;
    const blob = new Blob([new Uint8Array(bytes)], { type: 'image/png' });
    const picture = await decode(blob, KEPT_EDGE).catch(() => null);
    if (!picture) continue;
    const square = fits(line.square, picture) ? line.square : centreSquare(picture.width, picture.height);
    // Below zero: those of this visit count from 1.
    const own = { id: -1 - found.length, name: nameOf(line.path), picture, likeness: likenessOfPicture(picture) };
    found.push({ ...line, ...own, square });
  }
  return found;
}

interface Words {
  /** Who wrote the pictures. */
  readonly by: string;
  /** Another at each write. */
  readonly stamp: string;
  readonly name: string;
  readonly items: readonly unknown[];
}

function wordsOf(value: unknown): Words | null {
  const { by, stamp = by, name, items } = fieldsOf(value);
  if (typeof by !== 'string' || typeof stamp !== 'string' || typeof name !== 'string' || !Array.isArray(items))
    return null;
  return { by, stamp, name: name.slice(0, MAX_SET_NAME), items: items as readonly unknown[] };
}

function picturesOf(value: unknown, by: string): ReadonlyMap<unknown, unknown> | null {
  const kept = fieldsOf(value);
  return kept['by'] === by && kept['pictures'] instanceof Map ? kept['pictures'] : null;
}

function lineOf(value: unknown): Pick<Item, 'id' | 'path' | 'caption' | 'captionBy' | 'square'> | null {
  const { id, path, caption, captionBy, square } = fieldsOf(value);
  const by = (['nobody', 'file', 'mirror', 'person'] as const).find((one) => one === captionBy);
  if (typeof id !== 'number' || typeof path !== 'string' || typeof caption !== 'string' || !by) return null;
  if (path.length > MAX_PATH || caption.length > MAX_CAPTION) return null;
  const { left, top, edge } = fieldsOf(square);
  if (![left, top, edge].every((n) => typeof n === 'number' && Number.isFinite(n))) return null;
  return { id, path, caption, captionBy: by, square: { left, top, edge } as Square };
}

/** A square may lie between pixels. */
const SLACK = 1e-3;
const fits = ({ left, top, edge }: Square, { width, height }: Pixels): boolean =>
  edge >= 1 && Math.min(left, top, width - left - edge, height - top - edge) >= -SLACK;

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
