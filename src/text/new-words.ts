/**
 * Words that a model which reads whole words first met in the tab. Its reader does not learn, and has one token for all
 * that it does not know; so that what is new can stand beside what it knew, each such word moves the sentence its own
 * way, and the generator learns what that means.
 */
import { normal } from '../random.ts';

/**
 * Lengths of a sentence of mean 0 and deviation 1: beyond where other sentences are, since what the words say goes under
 * in ε otherwise (measured in training/RESULTS.md).
 */
const REACH = 1.5;

/** Characters; what is longer is no word. */
export const LONGEST_WORD = 64;
/** As many as captions of 500 pictures bring. */
export const MAX_NEW_WORDS = 2000;
/** From so many words of a caption on they share the way that so many go. */
const MANY = 4;

/** Words that say nothing of a picture by themselves: what is new is not theirs. */
const HOLLOW: ReadonlySet<string> = new Set(
  (
    'a about above after again all also am an and any are around as at be because been before being below between both ' +
    'but by can could did do down during each few for from had he her here him his how i if in into it its just like ' +
    'may me might more most must my no nor not of off on only onto or other our out over own same shall she should so some ' +
    'such than that the their them then there these they this those through to too under up us very was we were what ' +
    'when where while which who whom whose will with would you your'
  ).split(' '),
);

/** Whether a word of a caption may come to mean what its picture shows. */
export const isTeachable = (word: string): boolean => word.length <= LONGEST_WORD && !HOLLOW.has(word);

/**
 * words of one caption → what is added to its sentence of so many numbers; the same for the same words, everywhere, and
 * forever: taught models were taught by it
 */
export function shiftOf(words: readonly string[], length: number): Float32Array {
  const shift = new Float32Array(length);
  const distinct = new Set(words);
  for (const word of distinct) {
    const way = normal(hash(word), length);
    const norm = Math.hypot(...way);
    // The same way in whatever company, as far as that goes.
    const crowd = Math.max(1, Math.sqrt(distinct.size / MANY));
    const scale = (REACH * Math.sqrt(length)) / (norm * crowd);
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
