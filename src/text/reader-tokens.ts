/**
 * Captions as a text encoder that knows words reads them: by their number in its vocabulary. Mirrors `encode` of
 * `training/models/stem.py`.
 */
import { words } from './vocabulary.ts';

/** Behind a caption's last word; and any word that the encoder does not know. */
export const PADDING = 0;
export const UNKNOWN = 1;
/** Words follow from here on. */
export const SPECIAL = 2;

/** vocabulary (the words from 2 on) → word → token */
export const readerTable = (vocabulary: Iterable<string>): ReadonlyMap<string, number> =>
  new Map([...vocabulary].map((word, i) => [word, SPECIAL + i]));

/** caption → its words, as many as are read, and their tokens; a caption without words is one unknown one */
export function wordsRead(
  caption: string,
  table: ReadonlyMap<string, number>,
  longest: number,
): { readonly words: string[]; readonly tokens: number[] } {
  const split = words(caption).slice(0, longest);
  const tokens = split.map((word) => table.get(word) ?? UNKNOWN);
  return { words: split, tokens: tokens.length > 0 ? tokens : [UNKNOWN] };
}
