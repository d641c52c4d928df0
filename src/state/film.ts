/** What a film or a sheet shows, picture by picture; each is painted once, however often it is shown. */
import type { Recipe } from '../recipe.ts';
import { FILM_NOTE, TOUR_NOTE } from './open-file.ts';
import type { State } from './store.ts';
import { eased, ringOf, tourRecipe } from './tour.ts';
import { placeOn, recipeAt, recipesOf, stepsOf, type Base, type End, type Walk, type Way } from './walk.ts';

export interface Film {
  readonly recipes: readonly Recipe[];
  /** Indices into the recipes, in the order in which they are shown, over and over. */
  readonly frames: readonly number[];
  /** Frames a second. */
  readonly rate: number;
}

/** How a file is wanted; seconds from A to B, and whether back again, are of a film that is no tour. */
export interface Choices {
  readonly kind: 'png' | 'video' | 'sheet';
  /** By which each picture is enlarged. */
  readonly factor: number;
  readonly seconds: number;
  readonly back: boolean;
}

/** What a file that is saved now would hold, as a text to compare with an earlier one. */
export function contentsOf(
  { touring, stops, walk, form, stripWay, stripSteps, tourPace }: State,
  { kind, factor, seconds, back }: Choices,
): string {
  const { model } = form.recipe;
  const sheet = kind === 'sheet';
  const shown = touring
    ? [ringOf(stops), walk.truncation, walk.size, !sheet && tourPace]
    : [recipeAt(walk, model), stripWay, sheet ? stripSteps : [seconds, back]];
  return JSON.stringify([kind, factor, model, form.upscaling, touring, shown]);
}

/** What such a file says beside its recipe, by keyword: a tour's stops; which way it goes, and how fast. */
export function notesOf(
  { touring, stops, stripWay: way, tourPace: pace }: State,
  { kind, seconds, back }: Choices,
): Readonly<Record<string, unknown>> {
  const sheet = kind === 'sheet';
  if (touring) return { [TOUR_NOTE]: ringOf(stops), ...(!sheet && { [FILM_NOTE]: { pace } }) };
  return { [FILM_NOTE]: sheet ? { way } : { way, seconds, back } };
}

/** From A to B in so many seconds, and back again in the same time where that is wanted; slow at the ends. */
export function walkFilm(walk: Walk, model: string, way: Way, seconds: number, back: boolean, rate: number): Film {
  const count = Math.max(2, Math.round(seconds * rate));
  const recipe = recipesOf(walk, model);
  const there = Array.from({ length: count }, (_, i) => i);
  return {
    recipes: there.map((i) => recipe(placeOn(walk, way, eased(i / (count - 1))))),
    frames: back ? [...there, ...there.slice(1, -1).reverse()] : there,
    rate,
  };
}

/** Once round the ring; the last frame leads to the first. */
export function tourFilm(base: Base, stops: readonly End[], pace: number, rate: number): Film {
  const leg = Math.max(2, Math.round(pace * rate));
  const frames = Array.from({ length: leg * ringOf(stops).length }, (_, i) => i);
  return { recipes: frames.map((i) => tourRecipe(base, stops, i / leg, leg)), frames, rate };
}

/** A sheet's pictures, row by row. */
export interface Sheet {
  readonly recipes: readonly Recipe[];
  readonly columns: number;
}

export function walkSheet(walk: Walk, model: string, way: Way, steps: number): Sheet {
  return { recipes: stepsOf(walk, way, steps).map(recipesOf(walk, model)), columns: columnsFor(steps) };
}

/** Pictures of a leg on a tour's sheet. */
const LEG = 6;

/** A row a leg. */
export function tourSheet(base: Base, stops: readonly End[]): Sheet {
  const { recipes } = tourFilm(base, stops, 1, LEG);
  return { recipes, columns: LEG };
}

/** 3 to 5 columns, such that the last row lacks as little as may be. */
function columnsFor(count: number): number {
  const holes = (columns: number) => Math.ceil(count / columns) * columns - count;
  return [5, 4, 3].reduce((best, columns) => (holes(columns) < holes(best) ? columns : best));
}
