/** Words of a caption, and which of them a model never saw; the page underlines those. Mirrored by `training/text.py`. */
import { LimnError } from '../failure.ts';
import { normalise } from './alphabet.ts';

export interface UnseenWord {
  /** As typed. */
  readonly word: string;
  /** Where it stands in the caption: UTF-16 units, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

/** As a person sees words: letters of any script with their accents, digits, inner apostrophes; each emoji is one. */
const SEEN_AS_WORD =
  /[\p{L}\p{M}\p{N}\u00ad\u200b-\u200d\u2060\ufeff]+(?:['\u2019\u02bc][\p{L}\p{M}\p{N}]+)*|\p{Extended_Pictographic}\ufe0f?(?:\u200d\p{Extended_Pictographic}\ufe0f?)*/gu;
/** As a model reads them, in normalised text. */
const READ_AS_WORD = /[a-z0-9]+(?:'[a-z0-9]+)*/g;
const MAX_WORDS = 100_000;

/** caption → its words as a model reads them, in order. */
export function words(caption: string): string[] {
  return normalise(caption).match(READ_AS_WORD) ?? [];
}

/** A piece of a caption as a person sees words, and the words that a model reads of it: "well-known" two, "🌼" none. */
interface Seen extends UnseenWord {
  readonly read: readonly string[];
}

const seenWords = (caption: string): Seen[] =>
  Array.from(caption.matchAll(SEEN_AS_WORD), ({ 0: word, index: start }) => ({
    word,
    start,
    end: start + word.length,
    read: words(word),
  }));

/**
 * The caption with its word `at` (as `words` counts) exchanged; '' leaves it out. What stands around it stays as it was
 * typed, if the caption reads the same piece by piece; else only its words are kept.
 */
export function exchangeWord(caption: string, at: number, word: string): string {
  const all = words(caption);
  let before = 0;
  for (const { start, end, read } of seenWords(caption)) {
    if (read.join(' ') !== all.slice(before, before + read.length).join(' ')) break;
    if (at < before + read.length) {
      const piece = read.length === 1 ? word : read.map((r, i) => (before + i === at ? word : r)).join(' ');
      return `${caption.slice(0, start)}${piece}${caption.slice(end)}`.replace(/ {2,}/g, ' ').trim();
    }
    before += read.length;
  }
  return all.map((one, i) => (i === at ? word : one)).filter(Boolean).join(' '); // prettier-ignore
}

/** The words of a caption that are not all in `known`; one that no letter or digit is read of counts as unseen. */
export function unseenWords(caption: string, known: ReadonlySet<string>): UnseenWord[] {
  const unseen: UnseenWord[] = [];
  for (const { word, start, end, read } of seenWords(caption)) {
    // Bare joiners and accents are nothing to underline.
    if (read.length === 0 && !/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word)) continue;
    if (read.length > 0 && read.every((r) => known.has(r))) continue;
    unseen.push({ word, start, end });
  }
  return unseen;
}

/** The content of a vocabulary.json, `{ "words": string[] }` → its words. Throws `bad-weights`. */
export function parseVocabulary(json: unknown, file: string): ReadonlySet<string> {
  const refuse = (detail: string) => new LimnError({ kind: 'bad-weights', file, detail });
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, 'words'))
    throw refuse('expected { "words": […] }');
  const { words } = json as { words: unknown };
  if (!Array.isArray(words)) throw refuse('words: expected a list');
  if (words.length > MAX_WORDS) throw refuse(`words: ${words.length} are more than ${MAX_WORDS}`);
  const known = new Set<string>();
  for (const [i, word] of (words as unknown[]).entries()) {
    if (typeof word !== 'string' || word === '' || word.length > 64) {
      throw refuse(`words[${i}]: expected 1 to 64 characters`);
    }
    if (known.has(word)) throw refuse(`words[${i}]: "${word}" stands there twice`);
    known.add(word);
  }
  return known;
}
