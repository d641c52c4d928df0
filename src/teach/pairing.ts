/** Which of the files that came together are pictures, and which words belong to which. */
import { parseCsv, parseJsonLines, type List } from './metadata.ts';
import { nameOf, tidied, type Fault } from './names.ts';

export interface Pair {
  /** Of the picture. */
  readonly path: string;
  /** '' where nobody said anything. */
  readonly caption: string;
}

export interface Paired {
  readonly pairs: readonly Pair[];
  readonly faults: readonly Fault[];
}

type Kind = 'picture' | 'list' | 'words' | 'chaff' | 'other';

const PICTURE = /\.(png|jpe?g|jfif|webp|gif|bmp|avif|heic|heif)$/i;
const LIST = /(^|\/)(metadata|captions)\.(jsonl|csv)$/i;
/** What systems leave behind in folders and archives. */
const CHAFF = /(^|\/)(__MACOSX\/|\.[^/]*$|\.[^/]*\/|thumbs\.db$|desktop\.ini$)/i;
/** Beside pictures in many data sets; not words about any of them. */
const ABOUT = /(^|\/)(readme|licen[cs]e|notice|changelog|about)(\.[a-z]+)?$/i;

/** By name alone: whether a picture can be read shows when it is opened. */
export function kindOf(path: string): Kind {
  if (CHAFF.test(path)) return 'chaff';
  if (LIST.test(path)) return 'list';
  if (PICTURE.test(path)) return 'picture';
  if (ABOUT.test(path)) return 'chaff';
  return /\.txt$/i.test(path) ? 'words' : 'other';
}

/** paths of everything that came, and the text of the lists and text files among them → pictures with their captions. */
export function pair(paths: readonly string[], texts: ReadonlyMap<string, string>): Paired {
  const faults: Fault[] = [];
  const pictures = paths.filter((path) => kindOf(path) === 'picture');
  const find = finder(pictures);
  const captions = new Map<string, string>();

  for (const path of paths.filter((path) => kindOf(path) === 'list')) {
    const list = parseList(path, texts.get(path) ?? '');
    for (const why of list.faults) faults.push({ name: path, why });
    const missing: string[] = [];
    for (const { file, caption } of list.lines) {
      const picture = find(folderOf(path), file);
      if (picture === undefined) missing.push(file);
      else if (caption !== '') captions.set(picture, tidied(caption));
    }
    if (missing.length > 0) faults.push({ name: path, why: missingWords(missing) });
  }
  // Words of a picture's own stand above a list's.
  for (const path of paths.filter((path) => kindOf(path) === 'words')) {
    const stem = path.replace(/\.txt$/i, '');
    const own = pictures.filter((picture) => picture.replace(PICTURE, '') === stem);
    if (own.length === 0) faults.push({ name: path, why: 'there is no picture of the same name' });
    // One caption a line in some data sets: the first is taken.
    const [line = ''] = (texts.get(path) ?? '')
      .replace(/^\ufeff/, '')
      .trim()
      .split(/\r\n|\n|\r/);
    for (const picture of own) if (line !== '') captions.set(picture, tidied(line));
  }
  for (const path of paths.filter((path) => kindOf(path) === 'other')) {
    faults.push({ name: path, why: 'it is neither a picture nor a list of captions' });
  }
  return { pairs: pictures.map((path) => ({ path, caption: captions.get(path) ?? '' })), faults };
}

function parseList(path: string, text: string): List {
  return /\.csv$/i.test(path) ? parseCsv(text) : parseJsonLines(text);
}

/** By path from the list's folder; else by the file's bare name, where only one has it. */
function finder(pictures: readonly string[]): (folder: string, file: string) => string | undefined {
  const byPath = new Map(pictures.map((path) => [path, path]));
  const byName = new Map<string, string | null>();
  for (const path of pictures) byName.set(nameOf(path), byName.has(nameOf(path)) ? null : path);
  return (folder, file) => {
    const relative = file.replaceAll('\\', '/').replace(/^(\.?\/)+/, '');
    return byPath.get(folder + relative) ?? byPath.get(relative) ?? byName.get(nameOf(relative)) ?? undefined;
  };
}

function missingWords(missing: readonly string[]): string {
  const [first = ''] = missing;
  const others = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
  return `it names ${first.slice(0, 80)}${others}, which did not come with it`;
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
