/** Styles that were found and kept: a name, a z and what it was found in. They stay between visits. */
import type { Pixels } from '../engine/protocol.ts';
import { cleanCaption, isModelId, parseStyle } from '../recipe.ts';
import { fileOf, modelOf, type Model } from './catalogue.ts';
import { foundNow, lookOf } from './style.ts';
import type { Get, Set, World } from './store.ts';

export const MAX_STYLES = 100;
export const MAX_NAME = 60;
/** Edge of the largest thumbnail that is taken back, pixels. */
const MAX_THUMBNAIL = 256;

export interface KeptStyle {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  /** Of the generator's file, 64 hexadecimal digits: another training of the same model knows other styles. */
  readonly generator: string;
  readonly z: readonly number[];
  readonly thumbnail: Pixels;
}

export interface StylesSlice {
  /** Newest first. */
  readonly styles: readonly KeptStyle[];
  /** Once a visit; whoever asks again waits for the same. */
  readonly fetchStyles: () => Promise<void>;
  /** What is found now, under this name. */
  readonly keepStyle: (name: string) => Promise<void>;
  readonly renameStyle: (id: string, name: string) => Promise<void>;
  /** Answers with the way back. */
  readonly deleteStyle: (id: string) => () => void;
}

const KEY = 'styles';

export function stylesSlice(set: Set, get: Get, { shelf, drawSeed }: World): StylesSlice {
  let fetched: Promise<void> | undefined;

  /** Here at once; on the shelf as soon as it can. */
  async function change(how: (styles: readonly KeptStyle[]) => readonly KeptStyle[]): Promise<void> {
    set({ styles: how(get().styles) });
    await write(how);
  }

  /** Another tab may have kept some since, so each change is done anew there. */
  async function write(how: (styles: readonly KeptStyle[]) => readonly KeptStyle[]): Promise<void> {
    try {
      await shelf.update(KEY, (kept) => how(checkStyles(kept)));
    } catch (thrown) {
      const full = thrown instanceof Error && thrown.name === 'QuotaExceededError';
      get().notify({
        tone: 'trouble',
        text: full
          ? 'The browser has no room to keep this. It stays until the tab is closed; deleting some styles makes room.'
          : 'This browser keeps nothing between visits, so your styles stay only until the tab is closed.',
      });
    }
  }

  async function read(): Promise<void> {
    const kept = checkStyles(await shelf.read(KEY).catch(() => undefined));
    const known = new globalThis.Set(get().styles.map(({ id }) => id));
    set({ styles: [...get().styles, ...kept.filter(({ id }) => !known.has(id))] });
  }

  return {
    styles: [],
    fetchStyles: () => (fetched ??= read()),
    async keepStyle(name) {
      const found = foundNow(get());
      const model = found && modelOf(get(), found.model);
      if (!model) return;
      if (get().styles.length >= MAX_STYLES) {
        get().notify({
          tone: 'trouble',
          text: `${MAX_STYLES} styles are kept already. Delete one that you need no more.`,
        });
        return;
      }
      const style: KeptStyle = {
        id: `${Date.now().toString(36)}-${drawSeed().toString(36)}`,
        name: cleanName(name),
        model: model.id,
        generator: generatorOf(model),
        z: lookOf(found).z,
        thumbnail: found.looked,
      };
      const add = (styles: readonly KeptStyle[]): readonly KeptStyle[] => [style, ...styles].slice(0, MAX_STYLES);
      // "Kept" is not said before it is true.
      await write(add);
      set({ styles: add(get().styles) });
    },
    async renameStyle(id, name) {
      await change((styles) => styles.map((style) => (style.id === id ? { ...style, name: cleanName(name) } : style)));
    },
    deleteStyle(id) {
      const at = get().styles.findIndex((style) => style.id === id);
      const style = get().styles[at];
      if (!style) return () => undefined;
      void change((styles) => styles.filter((other) => other.id !== id)).then(() => get().paintGrid());
      return () => void change((styles) => styles.toSpliced(at, 0, style)).then(() => get().paintGrid());
    },
  };
}

/** Whether this model, as it is now, can wear the style. */
export function fits(style: KeptStyle, model: Model | null): boolean {
  return style.model === model?.id && style.generator === generatorOf(model);
}

const generatorOf = (model: Model): string => fileOf(model, 'generator')?.sha256 ?? '';

export function cleanName(name: string): string {
  return cleanCaption(name).slice(0, MAX_NAME).trim() || 'A style';
}

/** Whatever the shelf holds → styles that hold. */
export function checkStyles(kept: unknown): KeptStyle[] {
  if (!Array.isArray(kept)) return [];
  const seen = new globalThis.Set<string>();
  return kept
    .map(checkStyle)
    .filter((style) => style !== null)
    .filter(({ id }) => !seen.has(id) && seen.add(id))
    .slice(0, MAX_STYLES);
}

function checkStyle(value: unknown): KeptStyle | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, name, model, generator, z, thumbnail } = value as Partial<Record<keyof KeptStyle, unknown>>;
  if (typeof id !== 'string' || id === '' || id.length > 64 || typeof name !== 'string' || !isModelId(model))
    return null;
  if (typeof generator !== 'string' || generator.length > 64 || !isPixels(thumbnail)) return null;
  try {
    return { id, name: cleanName(name), model, generator, z: parseStyle({ z, strength: 1 }).z, thumbnail };
  } catch {
    return null;
  }
}

function isPixels(value: unknown): value is Pixels {
  if (typeof value !== 'object' || value === null) return false;
  const { width, height, data } = value as Partial<Record<keyof Pixels, unknown>>;
  const isEdge = (n: unknown): n is number =>
    Number.isInteger(n) && (n as number) > 0 && (n as number) <= MAX_THUMBNAIL;
  return isEdge(width) && isEdge(height) && data instanceof Uint8ClampedArray && data.length === 4 * width * height;
}
