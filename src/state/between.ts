/** The room Between: two ends, where one stands between them, and what is painted of all that lies there. */
import { cleanCaption, defaultRecipe, type Recipe } from '../recipe.ts';
import { captionFault } from '../text/alphabet.ts';
import { modelOf, paintsFaces } from './catalogue.ts';
import { resultOf } from './job.ts';
import type { Get, Set, World } from './store.ts';
import { createStudio, type StudioSlice } from './studio.ts';
import { lacking, placed, type Tiles } from './tiles.ts';
import { createTour, type TourSlice } from './tour.ts';
import {
  endOf,
  LEAST_STEPS,
  MOST_STEPS,
  onGrain,
  plain,
  PLANE_ORDER,
  PLANE_PLACES,
  ready,
  recipeAt,
  recipesOf,
  stepsOf,
  swapped,
  unlike,
  walkOf,
  type Base,
  type Between,
  type End,
  type Place,
  type Walk,
  type Way,
} from './walk.ts';

export interface BetweenSlice extends StudioSlice, TourSlice {
  readonly walk: Walk;
  /** A person, their link or their picture chose these ends; the room's own suggestions no longer apply. */
  readonly walkChosen: boolean;
  readonly stripWay: Way;
  readonly stripSteps: number;
  /** Pictures along the way from A to B. */
  readonly strip: Tiles;
  /** Pictures of the whole plane; see PLANE_PLACES. */
  readonly plane: Tiles;
  readonly editEnd: (end: 'a' | 'b', change: Partial<End>) => void;
  readonly rollEnd: (end: 'a' | 'b') => void;
  readonly swapEnds: () => void;
  readonly moveTo: (place: Partial<Place>) => void;
  readonly chooseWay: (way: Way) => void;
  readonly chooseSteps: (steps: number) => void;
  /** A painted picture becomes an end; or a style does, with the words that stand there. */
  readonly takeAsEnd: (end: 'a' | 'b', of: Base & Partial<End>) => void;
  /** Everything as the recipe has it. */
  readonly openWalk: (recipe: Between) => void;
  /** As on a first visit. */
  readonly freshWalk: () => void;
  /** The room is entered, or what failed may work now: whatever is missing is painted. */
  readonly showBetween: () => void;
  readonly leaveBetween: () => void;
}

/** The other end of a walk that nobody chose, where the model's card names no examples. */
const OTHER = 'a deep purple flower';
const OTHER_FACE = 'a smiling older man';
const MIDDLE: Place = { text: 0.5, noise: 0 };

export function betweenSlice(set: Set, get: Get, world: World): BetweenSlice {
  const { drawSeed } = world;
  /** Nothing is painted for a room that nobody is in. */
  let entered = false;
  /** Whose the styles of the ends and of the stops are. */
  let stylesOf: string | null = null;
  let otherSeed: number | null = null;
  /** The ends that nobody chose, and for which model. */
  let suggested: { readonly a: End; readonly b: End; readonly model: string } | null = null;

  const model = () => get().form.recipe.model;
  const studio = createStudio(set, get, world, {
    urgent: () => (get().touring && get().playing ? tour.missing() : []),
    missing: () => (get().touring ? tour.missing() : missing()),
    arrived: () => (get().touring ? tour.arrived() : refresh()),
  });
  const tour = createTour(set, get, { studio, drawSeed, model, show });

  /** The pictures that there are, at their places. */
  function refresh(): void {
    const before = get();
    const { walk, stripWay, stripSteps } = before;
    const recipe = ready(walk) ? recipesOf(walk, model()) : null;
    const find = (place: Place) => (recipe ? studio.find(recipe(place)) : undefined);
    const strip = placed(before.strip, stepsOf(walk, stripWay, stripSteps), find);
    const plane = placed(before.plane, PLANE_PLACES, find);
    if (strip !== before.strip || plane !== before.plane) set({ strip, plane });
  }

  function missing(): Recipe[] {
    const { walk, stripWay, stripSteps, strip, plane } = get();
    if (!ready(walk)) return [];
    const places = [
      ...stepsOf(walk, stripWay, stripSteps).filter((_, i) => lacking(strip, i)),
      ...PLANE_ORDER.filter((i) => lacking(plane, i)).flatMap((i) => PLANE_PLACES[i] ?? []),
    ];
    return places.map(recipesOf(walk, model()));
  }

  /** A style is numbers of one model, and means nothing to another. */
  function dropStyles(): void {
    const { walk, stops } = get();
    if (stylesOf !== null && stylesOf !== model()) {
      set({ walk: { ...walk, a: plain(walk.a), b: plain(walk.b), size: 0 }, stops: stops.map(plain) });
    }
    stylesOf = model();
  }

  function show(): void {
    dropStyles();
    if (!entered) return;
    if (get().touring) return tour.show();
    refresh();
    const { walk } = get();
    if (ready(walk)) studio.show(recipeAt(walk, model()));
  }

  function change(walk: Partial<Walk>): void {
    set({ walk: { ...get().walk, ...walk }, walkChosen: true });
    show();
  }

  /** Ends that came with a model, which may not be the one that paints then. */
  function take(of: string, walk: Walk): void {
    stylesOf = of;
    get().edit({ model: of });
    set({ touring: false });
    change(walk);
  }

  /** What nobody chose yet: what one paints, and the example that has least in common with it. */
  function suggest(): void {
    const { form, cards, walkChosen, walk } = get();
    // Who only moved between them chose no captions: another model has others.
    const elsewhere = walk.a === suggested?.a && walk.b === suggested.b && suggested.model !== model();
    if (walkChosen && !elsewhere) return;
    dropStyles();
    const { recipe } = form;
    const examples = resultOf(cards[model()])?.examples ?? [];
    const own = captionFault(recipe.caption) ? undefined : cleanCaption(recipe.caption);
    const a = { ...endOf(recipe), caption: own ?? examples[0] ?? walk.a.caption };
    otherSeed ??= drawSeed();
    const other = paintsFaces(get()) ? OTHER_FACE : OTHER;
    const b = { caption: unlike(a.caption, examples) ?? other, seed: otherSeed };
    suggested = { a, b, model: model() };
    set({ walk: { ...walk, a, b, truncation: recipe.truncation } });
  }

  return {
    ...tour.slice,
    standing: null,
    walking: { state: 'idle' },
    walk: { a: endOf(defaultRecipe()), b: { caption: OTHER, seed: 8 }, truncation: 1, size: 0, ...MIDDLE },
    walkChosen: false,
    stripWay: 'words',
    stripSteps: 9,
    strip: [],
    plane: [],
    editEnd(end, edit) {
      change({ [end]: { ...get().walk[end], ...edit } });
    },
    rollEnd(end) {
      // A style that was found in a picture goes with the seed that it took the place of.
      const { caption } = get().walk[end];
      change({ [end]: { caption, seed: drawSeed() } });
    },
    swapEnds() {
      change(swapped(get().walk));
    },
    moveTo({ text, noise }) {
      const { walk } = get();
      const place = {
        text: text === undefined ? walk.text : onGrain(text),
        noise: noise === undefined ? walk.noise : onGrain(noise),
      };
      if (place.text !== walk.text || place.noise !== walk.noise) change(place);
    },
    chooseWay(stripWay) {
      set({ stripWay });
      show();
    },
    chooseSteps(steps) {
      set({ stripSteps: Math.min(MOST_STEPS, Math.max(LEAST_STEPS, Math.round(steps) || LEAST_STEPS)) });
      show();
    },
    takeAsEnd(end, { model: of, truncation, size, ...given }) {
      suggest();
      if (of !== model()) get().edit({ model: of });
      // The other end's may be another model's.
      dropStyles();
      const { walk } = get();
      take(of, { ...walk, [end]: endOf({ ...plain(walk[end]), ...given }), truncation, size });
    },
    openWalk(recipe) {
      take(recipe.model, walkOf(recipe));
    },
    freshWalk() {
      otherSeed = null;
      set({ walkChosen: false, touring: false, walk: { ...get().walk, ...MIDDLE } });
      suggest();
      show();
    },
    showBetween() {
      entered = true;
      suggest();
      const { walk } = get();
      const sizes = modelOf(get(), model())?.sizes ?? [];
      if (walk.size !== 0 && sizes.length > 0 && !sizes.includes(walk.size)) set({ walk: { ...walk, size: 0 } });
      show();
    },
    leaveBetween() {
      entered = false;
      studio.stop();
    },
  };
}
