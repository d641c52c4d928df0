/**
 * Captions as the characters that a char-CNN-RNN reads; mirrored by `training/text.py`.
 *
 * The two agree on every case of `tests/golden/text-cases.json`. The rule, which both files keep to, step by step:
 *
 * 1. A lone surrogate (one UTF-16 half without the other) becomes a space.
 * 2. NFKC, then lower case (Unicode's full mapping, no language's own), then NFKD.
 * 3. Code point by code point:
 *    - combining accents U+0300..U+036F and invisible signs (U+00AD, U+200B..U+200F, U+202A..U+202E, U+2060..U+2069,
 *      U+FE00..U+FE0F, U+FEFF) are dropped;
 *    - those in FOLDS are replaced by their ASCII likeness;
 *    - those in the alphabet are kept;
 *    - everything else, NUL, tabs and line ends among it, becomes a space.
 * 4. Runs of spaces become one; those at the ends go.
 *
 * The Unicode tables of two runtimes can differ; that shows only on code points that the older of them does not know.
 */
import { LimnError, type Failure } from '../failure.ts';

/**
 * Reed et al. 2016, "Generative Adversarial Text to Image Synthesis", as in the authors' code: 70 slots. '-' stands in
 * it twice (slots 37 and 60 of 1..70); the first is the one in use, the second is never written.
 */
export const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789-,;.!?:\'"/\\|_@#$%^&*~`+-=<>()[]{} ';
export const CAPTION_LENGTH = 201;
/** The longest caption, in UTF-16 units. What lies beyond CAPTION_LENGTH characters is not read; beyond this, refused. */
export const MAX_CAPTION = 1000;

/** NFKC and NFKD have by then folded ligatures, full-width forms, superscripts, '…' and most fractions. */
const FOLDS: ReadonlyMap<string, string> = new Map([
  ...each('\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u02bc\u02b9', "'"),
  ...each('\u201c\u201d\u201e\u201f\u00ab\u00bb\u02ba', '"'),
  ...each('\u2010\u2012\u2013\u2014\u2015\u2212', '-'),
  ...each('\u2044', '/'),
  ...each('\u2022', '*'),
  ...each('\u00d7', 'x'),
  ...each('\u00df', 'ss'),
  ...each('\u00e6', 'ae'),
  ...each('\u0153', 'oe'),
  ...each('\u00f8', 'o'),
  ...each('\u0142', 'l'),
  ...each('\u0111\u00f0', 'd'),
  ...each('\u00fe', 'th'),
  ...each('\u0131', 'i'),
]);

const LONE_SURROGATE = /\p{Surrogate}/gu;
const DROPPED = /[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]/gu;

/** From the back, so that the first '-' wins. */
const INDEX: ReadonlyMap<string, number> = new Map([...ALPHABET].map((sign, i) => [sign, i + 1] as const).reverse());

function each(signs: string, likeness: string): [string, string][] {
  return [...signs].map((sign) => [sign, likeness]);
}

/** caption → what a char-CNN-RNN reads of it: signs of ALPHABET only, single spaces; '' where nothing is left. */
export function normalise(caption: string): string {
  const text = caption.replace(LONE_SURROGATE, ' ').normalize('NFKC').toLowerCase().normalize('NFKD');
  let read = '';
  for (const sign of text.replace(DROPPED, '')) read += FOLDS.get(sign) ?? (INDEX.has(sign) ? sign : ' ');
  return read.replace(/ +/g, ' ').trim();
}

/** Why a caption cannot be painted, or null. Cheap enough for every key stroke: what is too long is not normalised. */
export function captionFault(caption: string): Extract<Failure, { kind: 'bad-caption' }> | null {
  if (caption.length > MAX_CAPTION && caption.trim().length > MAX_CAPTION) {
    return { kind: 'bad-caption', reason: 'too-long' };
  }
  if (caption.trim() === '') return { kind: 'bad-caption', reason: 'empty' };
  if (!/[a-z0-9]/.test(normalise(caption))) return { kind: 'bad-caption', reason: 'unreadable' };
  return null;
}

/** caption → [length] of 1..70, then 0 to the end; what is longer is cut off. Throws `bad-caption`. */
export function encodeCharacters(caption: string, length = CAPTION_LENGTH): Int32Array {
  const fault = captionFault(caption);
  if (fault) throw new LimnError(fault);
  return indices(normalise(caption), length);
}

/** normalised text → [length] of 1..70, then 0. */
export function indices(normalised: string, length = CAPTION_LENGTH): Int32Array {
  return Int32Array.from({ length }, (_, i) => INDEX.get(normalised[i] ?? '') ?? 0);
}
