/** What the panels ask of the grid: what stands in a cell, and whether a kept style has its place. */
import {
  cellKey,
  cellRecipe,
  columnsOf,
  madeOf,
  MAX_SIDE,
  sameZ,
  type Cell,
  type Column,
  type Row,
} from './style-grid.ts';
import type { KeptStyle } from './styles.ts';
import type { State } from './store.ts';

/** What stands in a cell, if that is what should: not what was painted from other words, or cannot be painted any more. */
export function cellNow(state: Pick<State, 'grid' | 'form'>, row: Row, column: Column): Cell | null {
  const cell = state.grid.cells[cellKey(row, column)];
  const recipe = cellRecipe(state, row, column);
  return cell && recipe && cell.made === madeOf(recipe) ? cell : null;
}

/** Whether a kept style stands in the grid; 'full': it does not, and there is no room for it. */
export function placeInGrid(state: Parameters<typeof columnsOf>[0], style: KeptStyle): 'in' | 'out' | 'full' {
  const columns = columnsOf(state);
  // What was just kept and is still looked at stands there as "This picture".
  if (!state.grid.left.includes(style.id) && columns.some(({ z }) => sameZ(z, style.z))) return 'in';
  return columns.length < MAX_SIDE ? 'out' : 'full';
}
