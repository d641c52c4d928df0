import './grid.css';
import { useMemo, type CSSProperties } from 'react';
import { useLimn, useLimnStore } from '../../state/context.ts';
import type { Painted } from '../../state/history.ts';
import { cellNow } from '../../state/style-cell.ts';
import { cellKey, cellRecipe, columnsOf, MAX_SIDE, type Cell, type Column, type Row } from '../../state/style-grid.ts';
import { handsFocusOn } from '../../ui/focus-kept.ts';
import { share } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { Slider } from '../../ui/Slider.tsx';
import { RowWords } from './RowWords.tsx';
import { gridSheet } from './sheet.ts';

/** Captions × styles: a row paints its words, a column its style. */
export function Grid() {
  const grid = useLimn((s) => s.grid);
  const form = useLimn((s) => s.form);
  const style = useLimn((s) => s.style);
  const styles = useLimn((s) => s.styles);
  const catalogue = useLimn((s) => s.catalogue);
  const open = useLimn((s) => s.openPicture);
  const addRow = useLimn((s) => s.addRow);
  const columns = useMemo(
    () => columnsOf({ catalogue, grid, form, style, styles }),
    [catalogue, grid, form, style, styles],
  );
  if (columns.length === 0) return null;
  const { rows, cells, painting } = grid;
  const running = painting.state === 'running';
  const stale = (row: Row, column: Column) => cellNow({ grid, form }, row, column) === null;
  const wanted = (row: Row, column: Column) => stale(row, column) && cellRecipe({ grid, form }, row, column) !== null;
  const some = (is: typeof stale) => rows.some((row) => columns.some((column) => is(row, column)));
  const pictures = rows.flatMap((row) => columns.flatMap((column) => cells[cellKey(row, column)]?.picture ?? []));
  return (
    <section className="style-grid" aria-labelledby="style-grid-title">
      <h2 id="style-grid-title" tabIndex={-1}>
        {columns.length > 1 ? 'Any caption in these styles' : 'Any caption in this style'}
      </h2>
      <Tools columns={columns} missing={some(wanted)} here={some((row, column) => !stale(row, column))} />
      <div className="style-scroll" role="group" aria-label="Captions and styles" tabIndex={0}>
        <div
          className="style-table"
          data-lone={columns.length === 1 || undefined}
          style={{ '--columns': columns.length } as CSSProperties}
          aria-busy={running}
        >
          <div className="style-heads" aria-hidden="true">
            {columns.map((column) => (
              <span key={column.id} className="style-head">
                <span className="square">
                  <ImageCanvas pixels={column.thumbnail} upscaling="smooth" edge={128} />
                </span>
                <span className="style-head-name">{column.name}</span>
              </span>
            ))}
          </div>
          {rows.map((row) => (
            <div key={row.id} className="style-row">
              <RowWords row={row} lone={rows.length === 1} />
              {columns.map((column) => {
                const cell = cells[cellKey(row, column)];
                return (
                  <CellPlace
                    key={column.id}
                    name={`${row.caption}, in the style of ${column.name}`}
                    cell={cell}
                    stale={stale(row, column)}
                    waiting={running && wanted(row, column)}
                    onOpen={(picture) => open(picture, pictures)}
                  />
                );
              })}
            </div>
          ))}
        </div>
      </div>
      <button
        type="button"
        className="button quiet small style-add"
        disabled={rows.length >= MAX_SIDE}
        onClick={addRow}
      >
        <Icon name="plus" />
        Add a caption
      </button>
      <p className="visually-hidden" role="status">
        {running ? '' : painting.state === 'done' ? 'The grid is painted.' : ''}
      </p>
    </section>
  );
}

interface ToolsProps {
  readonly columns: readonly Column[];
  /** Something could be painted that is not there. */
  readonly missing: boolean;
  /** Something is there to be saved. */
  readonly here: boolean;
}

function Tools({ columns, missing, here }: ToolsProps) {
  const store = useLimnStore();
  const grid = useLimn((s) => s.grid);
  const { setStrength, rollGridSeed, cancelGrid, paintGrid } = store.getState();
  const { painting } = grid;
  const running = painting.state === 'running';
  async function save() {
    const { grid, form, notify } = store.getState();
    const cellOf = (row: Row, column: Column) => cellNow({ grid, form }, row, column);
    try {
      saveFile(await gridSheet(grid.rows, columns, cellOf), 'limn-styles.png');
    } catch {
      notify({ tone: 'trouble', text: 'The sheet could not be drawn; fewer captions or styles may do.' });
    }
  }
  return (
    <div className="line">
      <Slider
        label="Strength"
        hint="How far each picture goes from a random style to the one that was found. All the way, only the caption and the style count."
        value={grid.strength}
        min={0}
        max={1}
        step={0.05}
        show={share}
        onChange={setStrength}
      />
      <button
        type="button"
        className="button quiet"
        title="Another random style to begin from; it shows below 100 % strength"
        disabled={grid.strength === 1}
        onClick={rollGridSeed}
      >
        <Icon name="dice" />
        Another start
      </button>
      {running ? (
        <button
          type="button"
          ref={handsFocusOn}
          className="button quiet"
          aria-keyshortcuts="Escape"
          onClick={cancelGrid}
        >
          {`Stop, ${painting.progress.done} of ${painting.progress.total}`}
          <kbd>Esc</kbd>
        </button>
      ) : (
        missing && (
          <button type="button" ref={handsFocusOn} className="button quiet" onClick={() => void paintGrid()}>
            Paint what is missing
          </button>
        )
      )}
      <button type="button" className="button quiet style-save" disabled={!here} onClick={() => void save()}>
        Save as one PNG
      </button>
    </div>
  );
}

interface CellProps {
  readonly name: string;
  readonly cell: Cell | undefined;
  /** What stands there is not what is wanted now. */
  readonly stale: boolean;
  readonly waiting: boolean;
  readonly onOpen: (picture: Painted) => void;
}

function CellPlace({ name, cell, stale, waiting, onOpen }: CellProps) {
  const upscaling = useLimn((s) => s.form.upscaling);
  if (!cell) return <div className={waiting ? 'square style-cell place waiting' : 'square style-cell place'} />;
  return (
    <button
      type="button"
      className={stale ? 'square style-cell stale' : 'square style-cell'}
      aria-label={`${name}: open large`}
      onClick={() => onOpen(cell.picture)}
    >
      <ImageCanvas pixels={cell.picture.pixels} upscaling={upscaling} edge={256} />
    </button>
  );
}
