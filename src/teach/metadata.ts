/**
 * Captions as data sets write them down: `metadata.jsonl` and `metadata.csv` (Hugging Face's imagefolder: a column
 * `file_name` and others), or a text file beside each picture.
 */

export interface Line {
  /** Of the picture, relative to the list's own folder. */
  readonly file: string;
  /** '' where none was given. */
  readonly caption: string;
}

export interface List {
  readonly lines: readonly Line[];
  /** Lines that could not be read, as clauses: "line 3 is no JSON". */
  readonly faults: readonly string[];
}

const FILE = ['file_name', 'filename', 'file', 'image', 'path'];
const CAPTION = ['text', 'caption', 'captions', 'description', 'prompt', 'sentence'];
const MAX_FAULTS = 20;

/** One object a line. */
export function parseJsonLines(text: string): List {
  const lines: Line[] = [];
  const faults: string[] = [];
  for (const [i, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (line.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      faults.push(`line ${i + 1} is no JSON`);
      continue;
    }
    const read = lineOf((name) => own(value, name));
    if (read) lines.push(read);
    else faults.push(`line ${i + 1} names no file`);
  }
  return { lines, faults: faults.slice(0, MAX_FAULTS) };
}

/** A header, then a row a picture (RFC 4180: quotes, doubled quotes, line ends within quotes). */
export function parseCsv(text: string): List {
  const [header, ...rows] = csvRows(text.replace(/^\ufeff/, ''));
  const columns = header?.map((name) => name.trim().toLowerCase()) ?? [];
  if (!FILE.some((name) => columns.includes(name))) {
    return { lines: [], faults: [`it has no column named ${FILE[0] ?? ''}`] };
  }
  const lines: Line[] = [];
  const faults: string[] = [];
  for (const [i, row] of rows.entries()) {
    if (row.every((cell) => cell.trim() === '')) continue;
    const read = lineOf((name) => {
      const at = columns.indexOf(name);
      return at < 0 ? undefined : row[at];
    });
    if (read) lines.push(read);
    else faults.push(`row ${i + 2} names no file`);
  }
  return { lines, faults: faults.slice(0, MAX_FAULTS) };
}

function lineOf(field: (name: string) => unknown): Line | null {
  const file = first(FILE, field);
  return file === '' ? null : { file, caption: first(CAPTION, field) };
}

/** The first of these fields that holds words; of several captions the first. */
function first(names: readonly string[], field: (name: string) => unknown): string {
  for (const name of names) {
    const value = field(name);
    const one: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof one === 'string' && one.trim() !== '') return one.trim();
  }
  return '';
}

function own(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endRow = () => {
    rows.push([...row, cell]);
    [row, cell] = [[], ''];
  };
  for (let i = 0; i < text.length; i++) {
    const sign = text.charAt(i);
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text.charAt(i + 1) === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (sign === '"' && cell === '') quoted = true;
    else if (sign === ',') {
      row.push(cell);
      cell = '';
    } else if (sign === '\n') endRow();
    else if (sign !== '\r' || text.charAt(i + 1) !== '\n') cell += sign === '\r' ? ' ' : sign;
  }
  if (cell !== '' || row.length > 0) endRow();
  return rows;
}
