import { cellKey, cellRecipe, madeOf, type Cell, type Column, type Row } from './style-grid.ts';
import type { State } from './store.ts';

/** What stands in a cell, if that is what should: not what was painted from other words, or cannot be painted any more. */
export function cellNow(state: Pick<State, 'grid' | 'form'>, row: Row, column: Column): Cell | null {
  const cell = state.grid.cells[cellKey(row, column)];
  const recipe = cellRecipe(state, row, column);
  return cell && recipe && cell.made === madeOf(recipe) ? cell : null;
}
