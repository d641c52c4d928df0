/** The style that Paint's pictures wear: it stands in the form's recipe; here is how it looks and what it is called. */
import type { Pixels } from '../engine/protocol.ts';
import type { Recipe } from '../recipe.ts';
import { sameZ } from './style-grid.ts';
import type { Get, Set, State } from './store.ts';

export interface Wearable {
  readonly name: string;
  readonly z: readonly number[];
  readonly thumbnail: Pixels;
}

/** At 1 each seed paints the same picture; a little less keeps several pictures apart. */
export const WORN_STRENGTH = 0.8;

export interface WornSlice {
  /** Of the style that was put on last. */
  readonly worn: Wearable | null;
  /** Goes to Paint and paints there. */
  readonly wearStyle: (style: Wearable) => void;
  readonly setWornStrength: (strength: number) => void;
  readonly takeOffStyle: () => void;
}

export function wornSlice(set: Set, get: Get): WornSlice {
  const dress = (recipe: Recipe) => set({ form: { ...get().form, recipe } });
  return {
    worn: null,
    wearStyle(style) {
      set({ worn: style });
      dress({ ...get().form.recipe, style: { z: style.z, strength: WORN_STRENGTH } });
      get().enter('paint');
      void get().paint();
    },
    setWornStrength(strength) {
      const { recipe } = get().form;
      if (recipe.style) dress({ ...recipe, style: { ...recipe.style, strength } });
    },
    takeOffStyle() {
      dress(bare(get().form.recipe));
    },
  };
}

export function bare({ style: _, ...recipe }: Recipe): Recipe {
  return recipe;
}

/** How a recipe's style looks, if this page has seen it: a link brings only its numbers. */
export function wearableOf(
  { worn, styles, style: { found, source } }: Pick<State, 'worn' | 'styles' | 'style'>,
  z: readonly number[],
): Pick<Wearable, 'name' | 'thumbnail'> | null {
  const looks = found ? [found.first, ...(found.refined ? [found.refined] : [])] : [];
  const now = looks.map((look) => ({ name: source?.name ?? '', z: look.z, thumbnail: found?.looked ?? look.pixels }));
  return [...(worn ? [worn] : []), ...styles, ...now].find((style) => sameZ(style.z, z)) ?? null;
}
