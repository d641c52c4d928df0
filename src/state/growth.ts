/**
 * Which picture is watched growing up. What is painted of it is kept by `growth-studio.ts` and `growth-variations.ts`,
 * which come with their dialog: a first picture needs nothing of them.
 */
import { modelOf } from './catalogue.ts';
import type { Painted } from './history.ts';
import type { Set, State, World } from './store.ts';

/** The picture, and what its studios work with. */
export interface Growing {
  readonly of: Painted;
  readonly world: Pick<World, 'engine' | 'drawSeed'>;
}

export interface GrowthSlice {
  readonly growing: Growing | null;
  readonly watchGrow: (of: Painted) => void;
  readonly stopWatching: () => void;
}

export function growthSlice(set: Set, world: World): GrowthSlice {
  return {
    growing: null,
    watchGrow: (of) => set({ growing: { of, world } }),
    stopWatching: () => set({ growing: null }),
  };
}

/** Whether the picture's model was grown and can be shown on the way. */
export function canWatchGrow(state: Pick<State, 'catalogue'>, { recipe }: Painted): boolean {
  return modelOf(state, recipe.model)?.abilities?.includes('grow') ?? false;
}
