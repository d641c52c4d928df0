/**
 * The form as the address holds it: `#v=1&m=flowers&c=a+red+flower&s=7&t=0.9&n=4`. Reading never throws: what does not
 * hold gets its default and a complaint in plain words, and nothing but the known keys is looked at.
 */
import {
  cleanCaption,
  defaultRecipe,
  isModelId,
  isSeed,
  isShare,
  isSize,
  isTruncation,
  MAX_Z,
  roundZ,
  Z_STEPS,
  type Recipe,
  type Style,
  type Towards,
} from './recipe.ts';
import { MAX_CAPTION } from './text/alphabet.ts';

export const COUNTS = [1, 4, 9, 16] as const;
export type Count = (typeof COUNTS)[number];
export const BEST_OF = [0, 4, 8, 16, 32, 64] as const;
export type BestOf = (typeof BEST_OF)[number];
export const UPSCALINGS = ['smooth', 'pixels'] as const;
export type Upscaling = (typeof UPSCALINGS)[number];

/** Everything a person can set on the Generate panel. The caption may be empty here: a form is not yet a picture. */
export interface FormState {
  readonly recipe: Recipe;
  readonly count: Count;
  /** How many are painted for the best of them; 0 where all are shown as they come. */
  readonly bestOf: BestOf;
  /** Locked: the next press paints the same seeds; otherwise it draws a new one. */
  readonly seedLocked: boolean;
  readonly upscaling: Upscaling;
}

export interface Opened {
  readonly form: FormState;
  /** One plain sentence for each thing in the link that did not hold; [] where all did. */
  readonly complaints: readonly string[];
  /** What the link says, right or wrong; of the rest a model may have a better value than the usual one. */
  readonly said: { readonly caption: boolean; readonly truncation: boolean };
}

/** Two captions of 1,000 characters of nine (`%E4%BD%A0`), two styles and all the rest; no link of ours is longer. */
const MAX_HASH = 25_000;
/** Decimal digits, a fraction, a negative exponent (tiny truncations): no sign, no hex, no `Infinity`, no 1e309. */
const NUMBER = /^\d{1,10}(\.\d{1,25})?(e-\d{1,3})?$/;

export function defaultForm(): FormState {
  return { recipe: defaultRecipe(), count: 4, bestOf: 0, seedLocked: false, upscaling: 'smooth' };
}

/** form → `#v=1&…`, readable, without what is at its default and seldom touched. */
export function toHash(form: FormState): string {
  const { recipe, count, bestOf, seedLocked, upscaling } = form;
  const parts = [
    'v=1',
    `m=${recipe.model}`,
    `c=${encode(cleanCaption(recipe.caption))}`,
    `s=${recipe.seed}`,
    `t=${recipe.truncation}`,
    `n=${count}`,
  ];
  if (recipe.size !== 0) parts.push(`z=${recipe.size}`);
  if (bestOf > 0) parts.push(`b=${bestOf}`);
  if (seedLocked) parts.push('l=1');
  if (upscaling !== 'smooth') parts.push(`u=${upscaling}`);
  const { style, towards } = recipe;
  if (style) parts.push(`k=${encodeZ(style.z)}`, `ks=${style.strength}`);
  if (towards) {
    const { text, noise } = towards;
    parts.push(`c2=${encode(cleanCaption(towards.caption))}`, `s2=${towards.seed}`, `x=${text}`, `y=${noise}`);
    if (towards.style) parts.push(`k2=${encodeZ(towards.style.z)}`, `ks2=${towards.style.strength}`);
  }
  return `#${parts.join('&')}`;
}

/** Any string (with or without '#') → a form that holds, and what was wrong. '' is no link and no complaint. */
export function fromHash(hash: string): Opened {
  const form = defaultForm();
  const text = hash.replace(/^#/, '');
  const said = { caption: false, truncation: false };
  if (text === '') return { form, complaints: [], said };
  if (text.length > MAX_HASH) return { form, complaints: ['This link is too long to be one of ours.'], said };

  const complaints: string[] = [];
  const fields = new Map<string, string>();
  for (const part of text.split('&')) {
    const at = part.indexOf('=');
    if (at > 0 && !fields.has(part.slice(0, at))) fields.set(part.slice(0, at), part.slice(at + 1));
  }
  const version = fields.get('v');
  if (version !== undefined && version !== '1') {
    return { form, complaints: ['This link was made by another version of Limn and cannot be read here.'], said };
  }

  /** One field: its default where it is absent, its default and a complaint where it does not hold. */
  function take<T>(key: string, read: (raw: string) => unknown, holds: (v: unknown) => v is T, or: T, told: string): T {
    const raw = fields.get(key);
    if (raw === undefined) return or;
    const value = read(raw);
    if (holds(value)) return value;
    complaints.push(told);
    return or;
  }
  const { recipe } = form;
  const isText = (v: unknown): v is string => typeof v === 'string' && v.length <= MAX_CAPTION;
  function takeStyle(key: string): { style?: Style } {
    if (!fields.has(key)) return {};
    const told = 'The style in this link cannot be read.';
    const z = take(key, decodeZ, isList, [], told);
    const strength = take(key.replace('k', 'ks'), number, isShare, 1, told);
    return z.length > 0 ? { style: { z, strength } } : {};
  }
  function takeTowards(): { towards?: Towards } {
    const caption = take('c2', decode, isText, '', 'The second caption in this link cannot be read.');
    if (caption === '') return {};
    const told = 'The place between the captions in this link is not from 0 to 1.';
    const seed = take('s2', number, isSeed, recipe.seed, 'The second seed in this link is not a whole number.');
    const [text, noise] = [take('x', number, isShare, 0.5, told), take('y', number, isShare, 0, told)];
    return { towards: { caption, seed, ...takeStyle('k2'), text, noise } };
  }
  const opened: FormState = {
    recipe: {
      version: 1,
      model: take('m', decode, isModelId, recipe.model, 'The model in this link has no name that we could know.'),
      caption: take('c', decode, isText, recipe.caption, 'The caption in this link cannot be read.'),
      seed: take('s', number, isSeed, recipe.seed, 'The seed in this link is not a whole number from 0 to 4294967295.'),
      truncation: take('t', number, isTruncation, recipe.truncation, 'The stray in this link is not from 0 to 1.5.'),
      size: take('z', number, isSize, recipe.size, 'The picture size in this link is not one that can be painted.'),
      ...takeStyle('k'),
      ...takeTowards(),
    },
    count: take('n', number, isCount, form.count, 'The number of pictures in this link is not 1, 4, 9 or 16.'),
    bestOf: take('b', number, isBestOf, 0, 'The “Best of” in this link is not one that can be chosen.'),
    seedLocked: take(
      'l',
      (raw) => raw === '1' || (raw === '0' ? false : raw),
      isBoolean,
      false,
      'The seed’s lock in this link is neither on nor off.',
    ),
    upscaling: take('u', decode, isUpscaling, form.upscaling, 'The way of enlarging in this link is unknown.'),
  };
  return { form: opened, complaints, said: { caption: fields.has('c'), truncation: fields.has('t') } };
}

const isCount = (v: unknown): v is Count => (COUNTS as readonly unknown[]).includes(v);
const isBestOf = (v: unknown): v is BestOf => (BEST_OF as readonly unknown[]).includes(v);
const isUpscaling = (v: unknown): v is Upscaling => (UPSCALINGS as readonly unknown[]).includes(v);
const isList = (v: unknown): v is number[] => Array.isArray(v);
const isBoolean = (v: unknown): v is boolean => typeof v === 'boolean';

export function number(raw: string): number | null {
  return NUMBER.test(raw) ? Number(raw) : null;
}

/** Spaces as '+', commas as they are: for reading. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/%20/g, '+').replace(/%2C/g, ',');
}

/** null where the percent signs do not hold. */
export function decode(raw: string): string | null {
  try {
    return cleanCaption(decodeURIComponent(raw.replace(/\+/g, ' ')));
  } catch {
    return null;
  }
}

/** z → its steps as 16-bit numbers, low byte first, in URL-safe base64 */
export function encodeZ(z: readonly number[]): string {
  const bytes = new DataView(new ArrayBuffer(2 * z.length));
  for (const [i, value] of roundZ(z).entries()) bytes.setInt16(2 * i, value * Z_STEPS, true);
  const text = Array.from(new Uint8Array(bytes.buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** null where it is none, or longer than any z. */
export function decodeZ(raw: string): number[] | null {
  if (!/^[A-Za-z0-9_-]+$/.test(raw) || raw.length > (MAX_Z * 2 * 4) / 3 + 3) return null;
  let text: string;
  try {
    text = atob(raw.replace(/-/g, '+').replace(/_/g, '/'));
  } catch {
    return null;
  }
  if (text.length % 2 === 1) return null;
  const bytes = new DataView(Uint8Array.from(text, (char) => char.charCodeAt(0)).buffer);
  return Array.from({ length: text.length / 2 }, (_, i) => bytes.getInt16(2 * i, true) / Z_STEPS);
}
