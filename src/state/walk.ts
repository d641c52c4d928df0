/** What lies between two captions and two styles: a plane, and the ways across it. */
import { cleanCaption, type Recipe, type Style, type Towards } from '../recipe.ts';
import { captionFault } from '../text/alphabet.ts';

/** One end of a way, or a stop of a tour. The caption is as typed: it may be empty or too long still. */
export interface End {
  readonly caption: string;
  readonly seed: number;
  readonly style?: Style;
}

/** A place in the plane: 0 is A's words or style, 1 is B's. */
export interface Place {
  readonly text: number;
  readonly noise: number;
}

export interface Walk extends Place {
  readonly a: End;
  readonly b: End;
  readonly truncation: number;
  readonly size: number;
}

/** Which of the two changes from step to step: what does not stays as it is. */
export const WAYS = ['words', 'style', 'both'] as const;
export type Way = (typeof WAYS)[number];

export const LEAST_STEPS = 3;
export const MOST_STEPS = 15;
/** Pictures along an edge of the plane. */
export const PLANE = 5;
/** Steps of a slider: hundredths, so that a picture that was there once is found again. */
export const GRAIN = 100;

/** A recipe that has another end. */
export type Between = Recipe & { readonly towards: Towards };

export function isBetween(recipe: Recipe): recipe is Between {
  return recipe.towards !== undefined;
}

export function ready({ a, b }: Pick<Walk, 'a' | 'b'>): boolean {
  return !captionFault(a.caption) && !captionFault(b.caption);
}

/** What the pictures of a walk or a tour have in common. */
export type Base = Pick<Recipe, 'model' | 'truncation' | 'size'>;

/** The end's own picture. */
export function recipeOf({ model, truncation, size }: Base, end: End): Recipe {
  return { version: 1, model, ...cleaned(end), truncation, size };
}

/** a, b → how far → the recipe of what is there. */
export function recipesBetween(base: Base, a: End, b: End): (at: Place) => Between {
  // Cleaned once: a hand on a slider asks for hundreds a second.
  const [from, to] = [recipeOf(base, a), cleaned(b)];
  return ({ text, noise }) => ({ ...from, towards: { ...to, text, noise } });
}

export function recipesOf(walk: Walk, model: string): (at: Place) => Between {
  return recipesBetween({ ...walk, model }, walk.a, walk.b);
}

export function recipeAt(walk: Walk, model: string): Between {
  return recipesOf(walk, model)(walk);
}

export function walkOf({ towards, truncation, size, ...a }: Between): Walk {
  const { text, noise } = towards;
  return { a: endOf(a), b: endOf(towards), truncation, size, text, noise };
}

/** What a picture gives to an end: not how far it lies from there to another. */
/** An end without the style that may have taken the place of its seed. */
export const plain = ({ caption, seed }: End): End => ({ caption, seed });

export function endOf({ caption, seed, style }: End): End {
  return { caption, seed, ...(style && { style }) };
}

/** The same picture, seen from the other end. */
export function swapped({ a, b, text, noise, ...rest }: Walk): Walk {
  return { ...rest, a: b, b: a, text: tidy(1 - text), noise: tidy(1 - noise) };
}

/** Any number → a share that a slider can stand at. */
export function onGrain(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share || 0)) * GRAIN) / GRAIN;
}

/** `steps` places from A to B. */
export function stepsOf(at: Place, way: Way, steps: number): Place[] {
  return Array.from({ length: steps }, (_, i) => placeOn(at, way, onGrain(i / (steps - 1))));
}

/** The place that lies `share` of the way. */
export function placeOn({ text, noise }: Place, way: Way, share: number): Place {
  return { text: way === 'style' ? text : share, noise: way === 'words' ? noise : share };
}

/** Which of the steps is nearest to where one stands. */
export function stepAt({ text, noise }: Place, way: Way, steps: number): number {
  const share = way === 'words' ? text : way === 'style' ? noise : (text + noise) / 2;
  return Math.round(share * (steps - 1));
}

/** The plane's places, row by row: words from left to right, style from top to bottom. */
export const PLANE_PLACES: readonly Place[] = Array.from({ length: PLANE * PLANE }, (_, i) => ({
  text: (i % PLANE) / (PLANE - 1),
  noise: Math.floor(i / PLANE) / (PLANE - 1),
}));

/** Corners first, then what lies between them: the whole shows early, if coarsely. */
export const PLANE_ORDER: readonly number[] = PLANE_PLACES.map((_, i) => i).sort(
  (i, j) => depth(i) - depth(j) || i - j,
);

function depth(index: number): number {
  return Math.max(
    ...[index % PLANE, Math.floor(index / PLANE)].map((x) => (x % (PLANE - 1) === 0 ? 0 : x % 2 ? 2 : 1)),
  );
}

function cleaned({ caption, seed, style }: End): End {
  return { caption: cleanCaption(caption), seed, ...(style && { style }) };
}

/** 1 − 0.62 is 0.38, not 0.38000000000000000444. */
function tidy(share: number): number {
  return Math.round(share * 1e6) / 1e6;
}

/** Of some captions the one that has the fewest words in common with another. */
export function unlike(caption: string, others: readonly string[]): string | undefined {
  const words = new Set(caption.toLowerCase().split(/\W+/));
  const shared = (other: string) =>
    new Set(
      other
        .toLowerCase()
        .split(/\W+/)
        .filter((word) => words.has(word)),
    ).size;
  return others.filter((other) => other !== caption).sort((x, y) => shared(x) - shared(y))[0];
}
