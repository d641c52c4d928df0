/**
 * Words that a model which reads whole words first met in the tab. Its reader does not learn, and has one token for all
 * that it does not know; so that what is new can stand beside what it knew, each such word moves the sentence its own
 * way, and the generator learns what that means.
 */
import { normal } from '../random.ts';

/** As long a way as half a sentence of mean 0 and deviation 1 is. */
const REACH = 0.5;

/** Far more than captions of 500 pictures bring. */
export const MAX_NEW_WORDS = 200;
/** Characters; what is longer is no word. */
export const LONGEST_WORD = 64;

/** words of one caption → what is added to its sentence of so many numbers; the same for the same words, everywhere */
export function shiftOf(words: readonly string[], length: number): Float32Array {
  const shift = new Float32Array(length);
  const distinct = new Set(words);
  for (const word of distinct) {
    const way = normal(hash(word), length);
    const norm = Math.hypot(...way);
    // Together they reach as far as one alone.
    const scale = (REACH * Math.sqrt(length)) / (norm * Math.sqrt(distinct.size));
    for (const [i, value] of way.entries()) shift[i] = (shift[i] ?? 0) + scale * value;
  }
  return shift;
}

/** FNV-1a of its UTF-16 units (Fowler, Noll & Vo). */
function hash(word: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) h = Math.imul(h ^ word.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
