/**
 * Captions as the captioner says them: words by their number in its vocabulary. Mirrors `encode` and `decode` of
 * `training/models/stream.py`.
 */

/** `<s>`, before every caption; `</s>`, after it; and any word that the captioner does not know. */
export const BEGIN = 0;
export const END = 1;
export const UNKNOWN = 2;
/** Words follow from here on. */
export const SPECIAL = 3;

/** vocabulary (the words from 3 on) → word → token */
export const tokenTable = (vocabulary: readonly string[]): ReadonlyMap<string, number> =>
  new Map(vocabulary.map((word, i) => [word, SPECIAL + i]));

/** A caption's words → tokens as they are to be said, `</s>` last; what is longer is cut off, and has no end. */
export function encodeWords(words: readonly string[], tokens: ReadonlyMap<string, number>, longest: number): number[] {
  return [...words.map((word) => tokens.get(word) ?? UNKNOWN), END].slice(0, longest);
}

/** tokens, with or without `</s>` → the words that they say */
export function decodeWords(tokens: readonly number[], vocabulary: readonly string[]): string[] {
  return tokens.flatMap((token) => vocabulary[token - SPECIAL] ?? []);
}
