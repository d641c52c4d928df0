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
  /** A style that was found in a picture, in place of part or all of the drawn z. */
  readonly style?: Style;
  /** Another end, where the picture lies between two (GAN-INT, Reed et al. 2016, section 4.3). */
  readonly towards?: Towards;
}

/** What S or an inversion found: z on the prior's shell, and how much of the way from the drawn z it goes. */
export interface Style {
  /** Multiples of 1/4096 from −8 to 8, as long as the model's z; see `roundZ`. */
  readonly z: readonly number[];
  /** 0 (the seed's own z) to 1 (this z), along the sphere. */
  readonly strength: number;
}

/** The far end, and where between the two the picture lies. */
export interface Towards {
  readonly caption: string;
  readonly seed: number;
  readonly style?: Style;
  /** How far the sentence has gone, 0 to 1. */
  readonly text: number;
  /** How far z has gone along the sphere, 0 to 1. */
  readonly noise: number;
}

export const MAX_SEED = 2 ** 32 - 1;
export const MAX_TRUNCATION = 1.5;
export const MAX_SIZE = 4096;
/** Numbers of a style's z. */
export const MAX_Z = 1024;
/** Steps of z are 1/Z_STEPS, so that links, files and memory hold the very same numbers. */
export const Z_STEPS = 4096;
const Z_LIMIT = 8;
/** An id is a name in the manifest, never an address: no colon, slash or dot gets through. */
const MODEL_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export const isModelId = (value: unknown): value is string => typeof value === 'string' && MODEL_ID.test(value);
export const isSeed = (value: unknown): value is number => isWhole(value) && value <= MAX_SEED;
export const isSize = (value: unknown): value is number => isWhole(value) && value <= MAX_SIZE;
export const isTruncation = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= MAX_TRUNCATION; // NaN is neither

export const isShare = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1;

/** Any z → the nearest that a recipe can hold; what is not finite → 0. */
export function roundZ(z: ArrayLike<number>): number[] {
  return Array.from(z, (value) => {
    const bounded = Math.min(Z_LIMIT - 1 / Z_STEPS, Math.max(-Z_LIMIT, Number.isFinite(value) ? value : 0));
    return Math.round(bounded * Z_STEPS) / Z_STEPS + 0;
  });
}

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
  const read = fieldsOf(value, '');
  const version = read('version');
  if (version !== 1) throw refuse(`version: expected 1, found ${show(version)}`);
  const model = read('model');
  if (!isModelId(model)) throw refuse(`model: expected a model's name, found ${show(model)}`);
  const caption = parseCaption(read('caption'), 'caption');
  const seed = parseSeed(read('seed'), 'seed');
  const truncation = read('truncation');
  if (!isTruncation(truncation)) {
    throw refuse(`truncation: expected a number from 0 to ${MAX_TRUNCATION}, found ${show(truncation)}`);
  }
  const size = read('size');
  if (!isSize(size)) throw refuse(`size: expected a whole number from 0 to ${MAX_SIZE}, found ${show(size)}`);
  const style = read('style');
  const towards = read('towards');
  return {
    version: 1,
    model,
    caption,
    seed,
    truncation: truncation + 0,
    size: size + 0,
    ...(style !== undefined && { style: parseStyle(style) }),
    ...(towards !== undefined && { towards: parseTowards(towards) }),
  };
}

/** As `parseRecipe`, for a style alone. */
export function parseStyle(value: unknown): Style {
  const read = fieldsOf(value, 'style.');
  const z = read('z');
  if (!Array.isArray(z) || z.length < 1 || z.length > MAX_Z) {
    throw refuse(`style.z: expected 1 to ${MAX_Z} numbers, found ${show(z)}`);
  }
  // Holes and strings count as numbers nowhere.
  if (!Array.from(z as unknown[]).every((v) => typeof v === 'number' && Math.abs(v) <= Z_LIMIT)) {
    throw refuse(`style.z: expected numbers from ${-Z_LIMIT} to ${Z_LIMIT}`);
  }
  return { z: roundZ(z as number[]), strength: parseShare(read('strength'), 'style.strength') };
}

function parseTowards(value: unknown): Towards {
  const read = fieldsOf(value, 'towards.');
  const style = read('style');
  return {
    caption: parseCaption(read('caption'), 'towards.caption'),
    seed: parseSeed(read('seed'), 'towards.seed'),
    ...(style !== undefined && { style: parseStyle(style) }),
    text: parseShare(read('text'), 'towards.text'),
    noise: parseShare(read('noise'), 'towards.noise'),
  };
}

/** Own properties by name. */
function fieldsOf(value: unknown, where: string): (key: string) => unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse(`${where && `${where.slice(0, -1)}: `}expected an object`);
  }
  return (key) => (Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined);
}

function parseCaption(text: unknown, name: string): string {
  if (typeof text !== 'string') throw refuse(`${name}: expected text, found ${show(text)}`);
  // Room for white space at the ends, none for 100 KB of it.
  if (text.length > 2 * MAX_CAPTION) throw refuse(`${name}: ${text.length} characters are more than ${MAX_CAPTION}`);
  const caption = cleanCaption(text);
  if (caption === '') throw refuse(`${name}: it is empty`);
  if (caption.length > MAX_CAPTION) throw refuse(`${name}: ${caption.length} characters are more than ${MAX_CAPTION}`);
  return caption;
}

function parseSeed(seed: unknown, name: string): number {
  if (!isSeed(seed)) throw refuse(`${name}: expected a whole number from 0 to ${MAX_SEED}, found ${show(seed)}`);
  return seed + 0;
}

function parseShare(share: unknown, name: string): number {
  if (!isShare(share)) throw refuse(`${name}: expected a number from 0 to 1, found ${show(share)}`);
  return share + 0;
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
