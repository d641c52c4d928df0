/** How much a person may bring, and how little is too little. */

/** Pictures: fewer teach only themselves, more are a job for a machine that is left alone overnight. */
export const FEWEST = 10;
export const MOST = 500;
/** How many are missing before training makes sense. */
export const missingExamples = (count: number): number => Math.max(0, FEWEST - count);

/** Files that are looked at, whatever they hold. */
export const MOST_FILES = 5000;
/** A list of captions, bytes. */
export const MAX_LIST = 8 * 2 ** 20;
/** A text file beside its picture, of which a line is read; and all texts that come together. Bytes. */
export const MAX_WORDS = 64 * 2 ** 10;
export const MAX_TEXTS = 32 * 2 ** 20;
