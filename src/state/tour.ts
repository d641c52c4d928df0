/** A ring of captions that one travels over and over; z between two stops goes along the sphere. */
import { parseRecipe, type Recipe } from '../recipe.ts';
import { captionFault } from '../text/alphabet.ts';
import { resultOf } from './job.ts';
import type { Get, Set } from './store.ts';
import type { Studio } from './studio.ts';
import { lacking, placed, type Tiles } from './tiles.ts';
import { endOf, plain, recipeOf, recipesBetween, unlike, type Base, type End } from './walk.ts';

export const LEAST_STOPS = 2;
export const MOST_STOPS = 8;
/** Seconds from stop to stop. */
export const PACES = [6, 3, 1.5] as const;
export type Pace = (typeof PACES)[number];
/** Places between two stops: the second time round, all of them are known. */
const FRAMES = 120;
/** Who comes back to a tab that slept goes on from where they were. Seconds. */
const LONGEST_FRAME = 0.25;

export interface TourSlice {
  /** The room shows the tour, not the two ends. */
  readonly touring: boolean;
  readonly stops: readonly End[];
  readonly stopsChosen: boolean;
  /** The stops' own pictures. */
  readonly stopTiles: Tiles;
  /** null until somebody decides. */
  readonly playing: boolean | null;
  readonly tourPace: Pace;
  /** How far along the ring, in stops: 1.5 is halfway from the second to the third. */
  readonly tourAt: number;
  readonly chooseTouring: (touring: boolean) => void;
  readonly editStop: (index: number, change: Partial<End>) => void;
  readonly rollStop: (index: number) => void;
  /** Answers with its index, −1 where there is no room for more. */
  readonly addStop: () => number;
  readonly removeStop: (index: number) => void;
  /** To its neighbour's place: −1 or 1. Answers with its index then. */
  readonly moveStop: (index: number, by: number) => number;
  readonly play: (playing: boolean) => void;
  readonly chooseTourPace: (pace: Pace) => void;
  readonly travelTo: (at: number) => void;
  /** A frame of the screen: so many seconds have passed. */
  readonly travel: (seconds: number) => void;
  /** of: the model that the stops' styles are of */
  readonly openTour: (stops: readonly End[], of: string) => void;
}

export interface Tour {
  readonly slice: TourSlice;
  readonly show: () => void;
  readonly missing: () => readonly Recipe[];
  readonly arrived: () => void;
}

interface Room {
  readonly studio: Studio;
  readonly drawSeed: () => number;
  readonly model: () => string;
  /** Paints what is missing, if the room is entered. */
  readonly show: () => void;
}

export function createTour(set: Set, get: Get, { studio, drawSeed, model, show }: Room): Tour {
  const base = () => {
    const { truncation, size } = get().walk;
    return { model: model(), truncation, size };
  };
  const recipe = (stops: readonly End[], at: number) => tourRecipe(base(), stops, at);
  const own = (stop: End) => recipeOf(base(), stop);

  function change(stops: readonly End[]): void {
    const { tourAt } = get();
    set({ stops, stopsChosen: true, tourAt: ringOf(stops).length > 0 ? tourAt % ringOf(stops).length : 0 });
    show();
  }

  function arrived(): void {
    const { stops, stopTiles } = get();
    const tiles = placed(stopTiles, stops, (stop) =>
      ringOf(stops).includes(stop) ? studio.find(own(stop)) : undefined,
    );
    if (tiles !== stopTiles) set({ stopTiles: tiles });
  }

  /** What the stops were suggested from. */
  let grounds = '';

  /** A and B, and two more of the card's examples; others, where these are others, until somebody arranges them. */
  function suggest(): void {
    const { stopsChosen, walk, cards, stops } = get();
    const { a, b } = walk;
    const examples = resultOf(cards[model()])?.examples ?? [];
    const now = JSON.stringify([a, b, examples]);
    if (stopsChosen || (stops.length > 0 && now === grounds)) return;
    grounds = now;
    const ring = [a, b];
    while (ring.length < 4) {
      const caption = another(ring, examples);
      if (caption === undefined) break;
      ring.push({ caption, seed: drawSeed() });
    }
    set({ stops: ring, stopTiles: [], tourAt: 0 });
  }

  const slice: TourSlice = {
    touring: false,
    stops: [],
    stopsChosen: false,
    stopTiles: [],
    playing: null,
    tourPace: 3,
    tourAt: 0,
    chooseTouring(touring) {
      set({ touring });
      show();
    },
    editStop(index, edit) {
      change(get().stops.map((stop, i) => (i === index ? { ...stop, ...edit } : stop)));
    },
    rollStop(index) {
      // A style that was found in a picture goes with the seed that it took the place of.
      change(get().stops.map((stop, i) => (i === index ? { caption: stop.caption, seed: drawSeed() } : stop)));
    },
    addStop() {
      const { stops, stopTiles, cards } = get();
      if (stops.length >= MOST_STOPS) return -1;
      const examples = resultOf(cards[model()])?.examples ?? [];
      set({ stopTiles: [...stopTiles, null] });
      change([...stops, { caption: another(stops, examples) ?? stops.at(-1)?.caption ?? '', seed: drawSeed() }]);
      return stops.length;
    },
    removeStop(index) {
      const { stops, stopTiles } = get();
      if (stops.length <= LEAST_STOPS) return;
      set({ stopTiles: stopTiles.filter((_, i) => i !== index) });
      change(stops.filter((_, i) => i !== index));
    },
    moveStop(index, by) {
      const { stops, stopTiles } = get();
      const to = index + by;
      if (to < 0 || to >= stops.length) return index;
      set({ stopTiles: exchanged(stopTiles, index, to) });
      change(exchanged(stops, index, to));
      return to;
    },
    play(playing) {
      set({ playing });
    },
    chooseTourPace(tourPace) {
      set({ tourPace });
    },
    travelTo(at) {
      const ring = ringOf(get().stops);
      if (ring.length < LEAST_STOPS || !Number.isFinite(at)) return;
      set({ tourAt: ((at % ring.length) + ring.length) % ring.length });
      show();
    },
    travel(seconds) {
      const { tourAt, tourPace, travelTo } = get();
      travelTo(tourAt + Math.min(seconds, LONGEST_FRAME) / tourPace);
    },
    openTour(stops, of) {
      set({ touring: true, stopTiles: [], tourAt: 0 });
      change((of === model() ? stops : stops.map(plain)).slice(0, MOST_STOPS));
    },
  };

  return {
    slice,
    arrived,
    show() {
      suggest();
      arrived();
      const { stops, tourAt } = get();
      if (ringOf(stops).length >= LEAST_STOPS) studio.show(recipe(stops, tourAt));
    },
    missing() {
      const { stops, stopTiles } = get();
      return stops.filter((stop, i) => lacking(stopTiles, i) && ringOf(stops).includes(stop)).map(own);
    },
  };
}

/** An example that is not on the ring yet, and unlike what is. */
function another(ring: readonly End[], examples: readonly string[]): string | undefined {
  const captions = ring.map(({ caption }) => caption);
  return unlike(
    captions.join(' '),
    examples.filter((example) => !captions.includes(example)),
  );
}

const rings = new WeakMap<readonly End[], readonly End[]>();

/** The stops that can be painted, in order; found out once for each list, since every frame of the screen asks. */
export function ringOf(stops: readonly End[]): readonly End[] {
  const ring = rings.get(stops) ?? stops.filter(({ caption }) => !captionFault(caption));
  rings.set(stops, ring);
  return ring;
}

/** The stop that one comes from. */
export function stopAt(stops: readonly End[], at: number): End | undefined {
  const ring = ringOf(stops);
  return ring[Math.floor(at) % Math.max(1, ring.length)];
}

/** The recipe of a place on the ring, the nearest of `frames` a leg. */
export function tourRecipe(base: Base, stops: readonly End[], at: number, frames = FRAMES): Recipe {
  const ring = ringOf(stops);
  const frame = Math.round(at * frames);
  const leg = Math.floor(frame / frames) % ring.length;
  const [from, to] = [ring[leg], ring[(leg + 1) % ring.length]];
  if (!from || !to) throw new Error('a tour needs stops');
  const share = eased((frame % frames) / frames);
  // The stop's own picture, wherever the way goes on.
  if (share === 0) return recipeOf(base, from);
  return recipesBetween(base, from, to)({ text: share, noise: share });
}

/** 0 to 1 → 0 to 1, slow at both ends, so that one may look at a stop. Four digits, for short recipes. */
export function eased(t: number): number {
  return Math.round(t * t * (3 - 2 * t) * 1e4) / 1e4;
}

function exchanged<T>(list: readonly T[], i: number, j: number): readonly T[] {
  const [a, b] = [list[i], list[j]];
  return a === undefined || b === undefined ? list : list.with(i, b).with(j, a);
}

/** Stops from anything, a file's note; [] where they do not hold. */
export function checkStops(value: unknown): readonly End[] {
  if (!Array.isArray(value) || value.length < LEAST_STOPS || value.length > MOST_STOPS) return [];
  try {
    return value.map((stop: unknown) => endOf(parseRecipe({ ...(stop as object), ...PLAIN })));
  } catch {
    return [];
  }
}

/** What a stop has not of its own. */
const PLAIN = { version: 1, model: 'any', truncation: 1, size: 0 };
