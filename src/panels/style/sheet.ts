/** The grid as one PNG, as in the paper's figure: styles above, captions at the left. */
import type { Pixels } from '../../engine/protocol.ts';
import { encodePng } from '../../image/png.ts';
import { sheetOf, type Placed } from '../../image/sheet.ts';
import type { Cell, Column, Row } from '../../state/style-grid.ts';
import { textPixels } from '../../ui/text-pixels.ts';
import { enlarged } from '../../ui/upscale.ts';

/** Pixels. */
const EDGE = 192;
const GAP = 14;
const MARGIN = 28;
const WORDS = 260;
const NAME = 26;

/** A cell without an answer stays blank: no picture stands beside words that it does not show. */
export async function gridSheet(
  rows: readonly Row[],
  columns: readonly Column[],
  cellOf: (row: Row, column: Column) => Cell | null,
): Promise<Blob> {
  const left = (column: number) => MARGIN + WORDS + GAP + column * (EDGE + GAP);
  const top = (row: number) => MARGIN + (row + 1) * (EDGE + GAP) + NAME;
  const large = (pixels: Pixels) => enlarged(pixels, Math.max(1, Math.round(EDGE / pixels.width)), 'smooth');
  const placed: Placed[] = [];
  for (const [i, column] of columns.entries()) {
    placed.push({ picture: large(column.thumbnail), left: left(i), top: MARGIN });
    const name = textPixels(column.name, { width: EDGE, height: NAME, size: 15, align: 'center' });
    placed.push({ picture: name, left: left(i), top: MARGIN + EDGE });
  }
  for (const [j, row] of rows.entries()) {
    const words = textPixels(row.caption, { width: WORDS - GAP, height: EDGE, size: 18, align: 'left' });
    placed.push({ picture: words, left: MARGIN, top: top(j) });
    for (const [i, column] of columns.entries()) {
      const cell = cellOf(row, column);
      if (cell) placed.push({ picture: large(cell.picture.pixels), left: left(i), top: top(j) });
    }
  }
  const size = { width: left(columns.length) - GAP + MARGIN, height: top(rows.length) - GAP + MARGIN };
  const png = await encodePng(sheetOf(size, placed, [250, 248, 244]));
  return new Blob([png], { type: 'image/png' });
}
