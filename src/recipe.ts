import { LimnError } from './failure.ts';
import { MAX_CAPTION } from './text/alphabet.ts';

/** What makes a picture. Permalink, PNG chunk, history and form all hold this one value. */
export interface Recipe {
  readonly version: 1;
  /** A model's id in the manifest. */
  readonly model: string;
  /** As typed, trimmed; 1 to 1,000 characters (UTF-16 units). */
  readonly caption: string;
  /** 0 to 2³²−1. Seeds z through `random.ts`. */
  readonly seed: number;
  /** How far z may stray: z = truncation · n, n ~ N(0, I); 0 (the model's mean picture) to 1.5. */
  readonly truncation: number;
  /** Edge of the picture in pixels, one of the model's sizes; 0 asks for the model's largest. */
  readonly size: number;
}

export const MAX_SEED = 2 ** 32 - 1;
export const MAX_TRUNCATION = 1.5;
export const MAX_SIZE = 4096;
/** An id is a name in the manifest, never an address: no colon, slash or dot gets through. */
const MODEL_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export const isModelId = (value: unknown): value is string => typeof value === 'string' && MODEL_ID.test(value);
export const isSeed = (value: unknown): value is number => isWhole(value) && value <= MAX_SEED;
export const isSize = (value: unknown): value is number => isWhole(value) && value <= MAX_SIZE;
export const isTruncation = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= MAX_TRUNCATION; // NaN is neither

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** What a form holds at first. */
export function defaultRecipe(): Recipe {
  return {
    version: 1,
    model: 'flowers',
    caption: 'this flower has large white petals and a yellow center',
    seed: 7,
    truncation: 1,
    size: 0,
  };
}

/** Text that can be stored, sent and shown anywhere: no lone surrogate, no NUL or other control character; trimmed. */
export function cleanCaption(text: string): string {
  return text.replace(/[\p{Surrogate}\p{Cc}]/gu, ' ').trim();
}

/** Any number → a seed: whole, modulo 2³²; what is not finite → 0. */
export function normaliseSeed(value: number): number {
  if (!Number.isFinite(value)) return 0;
  const seed = Math.trunc(value) % 2 ** 32;
  return seed < 0 ? seed + 2 ** 32 : seed + 0; // + 0 turns −0 into 0
}

/** The recipe of picture `index` (0, 1, …) of a set. */
export function pictureRecipe(recipe: Recipe, index: number): Recipe {
  return { ...recipe, seed: normaliseSeed(recipe.seed + index) };
}

/**
 * A recipe from anything: a file, a link, a worker's message. Every field is checked and only known ones are taken
 * over, by name and as own properties, so nothing rides along. Throws `bad-recipe`.
 */
export function parseRecipe(value: unknown): Recipe {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('expected an object');
  const read = (key: keyof Recipe): unknown =>
    Object.hasOwn(value, key) ? (value as Record<keyof Recipe, unknown>)[key] : undefined;

  const version = read('version');
  if (version !== 1) throw refuse(`version: expected 1, found ${show(version)}`);
  const model = read('model');
  if (!isModelId(model)) throw refuse(`model: expected a model's name, found ${show(model)}`);
  const text = read('caption');
  if (typeof text !== 'string') throw refuse(`caption: expected text, found ${show(text)}`);
  // Room for white space at the ends, none for 100 KB of it.
  if (text.length > 2 * MAX_CAPTION) throw refuse(`caption: ${text.length} characters are more than ${MAX_CAPTION}`);
  const caption = cleanCaption(text);
  if (caption === '') throw refuse('caption: it is empty');
  if (caption.length > MAX_CAPTION) throw refuse(`caption: ${caption.length} characters are more than ${MAX_CAPTION}`);
  const seed = read('seed');
  if (!isSeed(seed)) throw refuse(`seed: expected a whole number from 0 to ${MAX_SEED}, found ${show(seed)}`);
  const truncation = read('truncation');
  if (!isTruncation(truncation)) {
    throw refuse(`truncation: expected a number from 0 to ${MAX_TRUNCATION}, found ${show(truncation)}`);
  }
  const size = read('size');
  if (!isSize(size)) throw refuse(`size: expected a whole number from 0 to ${MAX_SIZE}, found ${show(size)}`);
  return { version: 1, model, caption, seed: seed + 0, truncation: truncation + 0, size: size + 0 };
}

function refuse(detail: string): LimnError {
  return new LimnError({ kind: 'bad-recipe', detail });
}

/** A value in a message: short, whatever it is. */
function show(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'string') return `"${cleanCaption(value.slice(0, 40))}${value.length > 40 ? '…' : ''}"`;
  return value === undefined ? 'nothing' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
