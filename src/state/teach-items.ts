/** What the Teach room holds before training, as a value; `teach.ts` changes it. */
import type { LoadProgress, Pixels } from '../engine/protocol.ts';
import { resizeSquare, type Square } from '../image/resize.ts';
import type { Likeness } from '../teach/likeness.ts';
import type { Fault } from '../teach/names.ts';
import { captionFault } from '../text/alphabet.ts';
import type { Model } from './catalogue.ts';
import { IDLE, type Job } from './job.ts';

export interface Item {
  readonly id: number;
  /** As it came: with its folders. */
  readonly path: string;
  /** The file's bare name. */
  readonly name: string;
  readonly picture: Pixels;
  readonly square: Square;
  readonly likeness: Likeness;
  readonly caption: string;
  readonly captionBy: 'nobody' | 'file' | 'mirror' | 'person';
}

export interface TeachState {
  readonly items: readonly Item[];
  readonly left: readonly Fault[];
  readonly taking: Job<{ readonly done: number; readonly total: number }>;
  readonly describing: Job<{ readonly done: number; readonly total: number; readonly fetching: LoadProgress | null }>;
  /** What the set is called: an archive's name, or a folder's. */
  readonly name: string;
  /** Between visits; until a run begins with them, or they are removed. */
  readonly kept: boolean;
  /** The items that a run has begun with. */
  readonly begun: readonly Item[] | null;
}

export const MAX_SET_NAME = 60;

/** Before anything is brought. */
export const EMPTY: TeachState = {
  items: [],
  left: [],
  taking: IDLE,
  describing: IDLE,
  name: '',
  kept: false,
  begun: null,
};

/** What the model learns from: the item's square, at its size. */
export function pixelsOf({ picture, square }: Item, size: number): Pixels {
  return resizeSquare(picture, square, size);
}

export const sizeOf = ({ sizes }: Model): number => Math.max(...sizes);

/** Items that have no words which a model could read. */
export function silentItems({ items }: TeachState): readonly Item[] {
  return items.filter(({ caption }) => captionFault(caption) !== null);
}

/** Items of which nothing is said at all. */
export function wordlessItems({ items }: TeachState): readonly Item[] {
  return items.filter(({ caption }) => caption.trim() === '');
}
