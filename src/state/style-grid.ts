/**
 * Captions × styles, as in figure 6 of Reed et al. 2016: a row paints its caption, a column in its style. Only what is
 * not there yet is painted; the latest wish wins.
 */
import type { Pixels } from '../engine/protocol.ts';
import { cleanCaption, type Recipe } from '../recipe.ts';
import { captionFault } from '../text/alphabet.ts';
import { fileOf, modelOf } from './catalogue.ts';
import type { Painted } from './history.ts';
import { aborted, done, failed, IDLE, resultOf, running, type Job } from './job.ts';
import { foundNow, lookOf } from './style.ts';
import { fits } from './styles.ts';
import type { Get, Set, State, World } from './store.ts';

/** Rows and columns, at most. */
export const MAX_SIDE = 8;
export const CURRENT = 'current';

export interface Row {
  readonly id: number;
  /** As typed; a row whose caption cannot be read is not painted. */
  readonly caption: string;
}

export interface Column {
  /** `CURRENT`, or a kept style's. */
  readonly id: string;
  readonly name: string;
  readonly z: readonly number[];
  readonly thumbnail: Pixels;
}

export interface Cell {
  readonly picture: Painted;
  /** What it was painted from, to compare with what is wanted. */
  readonly made: string;
}

export interface StyleGrid {
  readonly rows: readonly Row[];
  /** How far each picture goes from the seed's own z to the column's. */
  readonly strength: number;
  readonly seed: number;
  /** Kept styles that stand outside. */
  readonly left: readonly string[];
  /** By `cellKey`. */
  readonly cells: Readonly<Record<string, Cell>>;
  readonly painting: Job<{ readonly done: number; readonly total: number }>;
}

export interface StyleGridSlice {
  readonly grid: StyleGrid;
  /** Painted by the model, for a first try. */
  readonly styleSamples: readonly Painted[];
  /** A person comes into the room, or the model came. */
  readonly visitStyle: () => Promise<void>;
  readonly editRow: (id: number, caption: string) => void;
  readonly addRow: () => void;
  readonly removeRow: (id: number) => void;
  readonly setStrength: (strength: number) => void;
  readonly rollGridSeed: () => void;
  /** Into the grid or out of it. */
  readonly toggleColumn: (id: string) => void;
  /** Paints what is missing. */
  readonly paintGrid: () => Promise<void>;
  readonly cancelGrid: () => void;
}

/** Milliseconds until a slider or a caption rests. */
const REST = { strength: 120, caption: 600 };
const FIRST_ROWS = 3;
const SEED = 7;
const SAMPLE_SEEDS = [21, 34, 55];

export const cellKey = (row: Row, column: Column): string => `${row.id}/${column.id}`;

/** The current style and those that were kept, as far as this model can wear them and they fit. */
export function columnsOf(state: Pick<State, 'catalogue' | 'style' | 'form' | 'styles' | 'grid'>): Column[] {
  const { styles, grid, form } = state;
  const found = foundNow(state);
  const current = found && { id: CURRENT, name: 'This picture', z: lookOf(found).z, thumbnail: found.looked };
  const model = modelOf(state, form.recipe.model);
  const kept = styles.filter((style) => {
    // What is found now and was just kept is one column, not two.
    const twice = current !== null && sameZ(style.z, current.z);
    return fits(style, model) && !grid.left.includes(style.id) && !twice;
  });
  return [...(current ? [current] : []), ...kept].slice(0, MAX_SIDE);
}

export const sameZ = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** What a cell should show; null where the row's caption cannot be painted. */
export function cellRecipe({ grid, form }: Pick<State, 'grid' | 'form'>, row: Row, column: Column): Recipe | null {
  if (captionFault(row.caption)) return null;
  const { model, truncation, size } = form.recipe;
  const style = { z: column.z, strength: grid.strength };
  return { version: 1, model, caption: cleanCaption(row.caption), seed: grid.seed, truncation, size, style };
}

export const madeOf = (recipe: Recipe): string => JSON.stringify(recipe);

export function styleGridSlice(set: Set, get: Get, { engine, drawSeed }: World): StyleGridSlice {
  let abort: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let nextRow = 1;
  /** Examples of a model as rows, and whose: while they stand as they are, another model's take their place. */
  let suggested: StyleGrid['rows'] = [];
  let suggestedBy = '';
  /** The model whose samples are painted, or on their way. */
  let sampled: string | null = null;
  const change = (change: Partial<StyleGrid>) => set({ grid: { ...get().grid, ...change } });
  const rest = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void get().paintGrid(), milliseconds);
  };

  /** Ids and recipes of the cells that are wanted now. */
  function wanted(): { readonly key: string; readonly recipe: Recipe }[] {
    const state = get();
    const columns = columnsOf(state);
    return state.grid.rows.flatMap((row) =>
      columns.flatMap((column) => {
        const recipe = cellRecipe(state, row, column);
        return recipe ? [{ key: cellKey(row, column), recipe }] : [];
      }),
    );
  }

  async function paintSamples(model: string, examples: readonly string[]): Promise<void> {
    if (sampled === model || get().style.source) return;
    const { truncation, size } = get().form.recipe;
    const recipes = examples
      .slice(1, 1 + SAMPLE_SEEDS.length)
      .map((caption, i): Recipe => ({ version: 1, model, caption, seed: SAMPLE_SEEDS[i] ?? i, truncation, size }));
    if (recipes.length === 0) return;
    sampled = model;
    set({ styleSamples: [] });
    try {
      await get().load(model);
      await engine.call(
        'paint',
        { recipes },
        {
          report: ({ index, picture }) => {
            if (sampled === model && index === get().styleSamples.length)
              set({ styleSamples: [...get().styleSamples, get().named(picture)] });
          },
        },
      );
    } catch {
      // The loading's failure is shown; without samples one may still choose a picture.
      if (sampled === model) sampled = null;
    }
  }

  return {
    grid: { rows: [], strength: 1, seed: SEED, left: [], cells: {}, painting: IDLE },
    styleSamples: [],
    async visitStyle() {
      const { form, grid, cards, style, lookAgain, fetchStyles, paintGrid } = get();
      const model = modelOf(get(), form.recipe.model);
      if (!model || !fileOf(model, 'style-encoder')) return;
      const examples = resultOf(cards[model.id])?.examples ?? [];
      if (grid.rows.length === 0 || (grid.rows === suggested && suggestedBy !== model.id)) {
        suggested = examples.slice(0, FIRST_ROWS).map((caption) => ({ id: nextRow++, caption }));
        suggestedBy = model.id;
        change({ rows: suggested });
      }
      void fetchStyles().then(paintGrid);
      // Found by another model, or not at all: a link was opened, or the engine was out. What another looks for is no use.
      const looking = style.looking.state === 'running';
      if (style.source && (looking ? style.eye !== model.id : !foundNow(get()))) void lookAgain();
      await paintSamples(model.id, examples);
    },
    editRow(id, caption) {
      change({ rows: get().grid.rows.map((row) => (row.id === id ? { id, caption } : row)) });
      rest(REST.caption);
    },
    addRow() {
      const { grid, cards, form } = get();
      if (grid.rows.length >= MAX_SIDE) return;
      const examples = resultOf(cards[form.recipe.model])?.examples ?? [];
      const caption = examples.find((example) => !grid.rows.some((row) => row.caption === example)) ?? '';
      change({ rows: [...grid.rows, { id: nextRow++, caption }] });
      rest(0);
    },
    removeRow(id) {
      change({ rows: get().grid.rows.filter((row) => row.id !== id) });
    },
    setStrength(strength) {
      change({ strength });
      rest(REST.strength);
    },
    rollGridSeed() {
      change({ seed: drawSeed() });
      rest(0);
    },
    toggleColumn(id) {
      const { left } = get().grid;
      change({ left: left.includes(id) ? left.filter((other) => other !== id) : [...left, id] });
      rest(0);
    },
    async paintGrid() {
      clearTimeout(timer);
      abort?.abort();
      abort = null;
      const all = wanted();
      const { cells: before } = get().grid;
      const keys = new globalThis.Set(all.map(({ key }) => key));
      const missing = all.filter(({ key, recipe }) => before[key]?.made !== madeOf(recipe));
      const [first] = missing;
      // What stands in no row or column any more is let go.
      change({ cells: Object.fromEntries(Object.entries(before).filter(([key]) => keys.has(key))), painting: IDLE });
      if (!first) return;
      const controller = new AbortController();
      abort = controller;
      const { signal } = controller;
      const total = missing.length;
      let here = 0;
      change({ painting: running({ done: 0, total }) });
      try {
        await Promise.race([get().load(first.recipe.model), aborted(signal)]);
        await engine.call(
          'paint',
          { recipes: missing.map(({ recipe }) => recipe) },
          {
            signal,
            report: ({ index, picture }) => {
              const cell = missing[index];
              if (abort !== controller || !cell) return;
              here = Math.max(here, index + 1);
              const made = madeOf(cell.recipe);
              const cells = { ...get().grid.cells, [cell.key]: { picture: get().named(picture), made } };
              change({ cells, painting: running({ done: here, total }) });
            },
          },
        );
        if (abort === controller) change({ painting: done(null) });
      } catch (thrown) {
        if (abort === controller) change({ painting: failed(thrown) });
      }
    },
    cancelGrid() {
      clearTimeout(timer);
      abort?.abort();
    },
  };
}
