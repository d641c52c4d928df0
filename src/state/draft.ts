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
import { KEPT_EDGE, likenessOfPicture } from './take-examples.ts';
import { MAX_SET_NAME, type Item } from './teach-items.ts';
import type { Get, Set, World } from './store.ts';

const WORDS = 'draft';
const PICTURES = 'draft-pictures';
/** Someone who types rests before anything is written. Milliseconds. */
const REST = 400;
const MAX_PATH = 1000;

/** Brings back what an earlier visit left → what is to be called after each change of `teach`. */
export async function openDraft(set: Set, get: Get, { shelf, decode, drawSeed }: World): Promise<() => void> {
  /** Tabs share the shelf: pictures under another's name are not these. */
  const me = `${Date.now()}-${drawSeed()}`;
  const files = new WeakMap<Pixels, Uint8Array<ArrayBuffer>>();
  /** Ids of the pictures on the shelf, if they are this tab's. */
  let written = '';
  /** Whether this tab had any pictures. */
  let had = false;
  let told = false;
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
    const ids = items.map(({ id }) => id).join();
    const kept = wordsOf(await shelf.read(WORDS));
    // What another tab keeps is not this one's to forget.
    if (items.length === 0 && (kept === null || !had)) return;
    had = true;
    if (kept?.by !== me || written !== ids) {
      const pictures = new Map<number, Uint8Array>();
      for (const item of items) pictures.set(item.id, await fileOf(item));
      await shelf.update(PICTURES, () => (items.length === 0 ? null : { by: me, pictures }));
      written = ids;
    }
    const lines = items.map(({ id, path, caption, captionBy, square }) => ({ id, path, caption, captionBy, square }));
    await shelf.update(WORDS, () => (items.length === 0 ? null : { by: me, name, items: lines }));
    set({ teach: { ...get().teach, kept: items.length > 0 } });
  }

  function fail(thrown: unknown): void {
    if (told) return;
    told = true;
    const full = thrown instanceof Error && thrown.name === 'QuotaExceededError';
    const why = full ? 'The browser has no room to keep these pictures' : 'This browser keeps nothing between visits';
    get().notify({ tone: 'trouble', text: `${why}: until you begin, they stay only as long as this tab is open.` });
  }

  const items = await restored(shelf, decode).catch(() => null);
  if (items) {
    had = true;
    const { teach } = get();
    // Files that were dropped meanwhile may be the same.
    const fresh = teach.items.filter((item) => !items.found.some((one) => alike(one.likeness, item.likeness)));
    set({ teach: { ...teach, items: [...items.found, ...fresh], name: teach.name || items.name, kept: true } });
  }
  const touch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      saving = saving.then(save).catch(fail);
    }, REST);
  };
  if (get().teach.items.length > (items?.found.length ?? 0)) touch();
  return touch;
}

/** null where nothing was kept that holds. */
async function restored(shelf: World['shelf'], decode: World['decode']) {
  const words = wordsOf(await shelf.read(WORDS));
  const pictures = words && picturesOf(await shelf.read(PICTURES), words.by);
  if (!pictures) return null;
  const found: Item[] = [];
  for (const value of words.items.slice(0, MOST)) {
    const line = lineOf(value);
    const bytes = line && pictures.get(line.id);
    if (!line || !(bytes instanceof Uint8Array)) continue;
    const blob = new Blob([new Uint8Array(bytes)], { type: 'image/png' });
    const picture = await decode(blob, KEPT_EDGE).catch(() => null);
    if (!picture) continue;
    const square = fits(line.square, picture) ? line.square : centreSquare(picture.width, picture.height);
    // Below zero: those of this visit count from 1.
    const own = { id: -1 - found.length, name: nameOf(line.path), picture, likeness: likenessOfPicture(picture) };
    found.push({ ...line, ...own, square });
  }
  return found.length > 0 ? { found, name: words.name } : null;
}

function wordsOf(value: unknown) {
  const { by, name, items } = fieldsOf(value);
  if (typeof by !== 'string' || typeof name !== 'string' || !Array.isArray(items)) return null;
  return { by, name: name.slice(0, MAX_SET_NAME), items: items as readonly unknown[] };
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
