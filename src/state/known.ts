/** Pictures that were painted already, by their recipe: going back to a place shows it at once. */
import type { Pixels } from '../engine/protocol.ts';
import type { Recipe } from '../recipe.ts';

/** Bytes of pixels. A tour of eight stops at 64 × 64 needs 6 MB. */
const MOST = 24e6;

export interface Known {
  readonly find: (recipe: Recipe) => Pixels | undefined;
  readonly keep: (recipe: Recipe, pixels: Pixels) => void;
}

export function rememberPictures(most = MOST): Known {
  const pictures = new Map<string, Pixels>();
  let bytes = 0;
  return {
    find(recipe) {
      const key = keyOf(recipe);
      const pixels = pictures.get(key);
      if (pixels) {
        // The latest stands last, the oldest goes first.
        pictures.delete(key);
        pictures.set(key, pixels);
      }
      return pixels;
    },
    keep(recipe, pixels) {
      const key = keyOf(recipe);
      bytes += pixels.data.length - (pictures.get(key)?.data.length ?? 0);
      pictures.delete(key);
      pictures.set(key, pixels);
      for (const [old, { data }] of pictures) {
        if (bytes <= most || old === key) break;
        pictures.delete(old);
        bytes -= data.length;
      }
    },
  };
}

function keyOf({ model, caption, seed, truncation, size, style, towards }: Recipe): string {
  return JSON.stringify([model, caption, seed, truncation, size, style, towards]);
}
