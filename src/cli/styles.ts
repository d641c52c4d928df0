/** Styles as files: what `limn invert` writes and `restyle` and `interpolate` read. */
import { access, open } from 'node:fs/promises';
import { describe, toFailure } from '../failure.ts';
import { parseStyle, type Style } from '../recipe.ts';
import { messageOf, readOrRefuse, UsageError } from './options.ts';

/** What a style's file holds; `z` alone would do. */
export interface StyleFile {
  readonly model: string;
  readonly file: string;
  /** What the picture was said to show. */
  readonly caption: string;
  readonly steps: number;
  readonly restarts: number;
  readonly seed: number;
  readonly z: readonly number[];
  /** Root mean square difference of what z paints under that caption from the picture, in levels of 255. */
  readonly distance: number;
  /** Whether the sentence moved along; then the distance is less under where it went, which is not kept. */
  readonly moveSentence?: true;
  readonly moved?: number;
  /** The same for what the style encoder alone found. */
  readonly first: number;
  readonly milliseconds: number;
}

/** Whether a file is a style rather than a picture: it begins with a brace, which no picture does. */
export async function isStyleFile(file: string): Promise<boolean> {
  try {
    const handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64).finally(() => handle.close());
    return /^\ufeff?\s*\{/.test(buffer.toString('utf8', 0, bytesRead));
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${messageOf(error)}`);
  }
}

export async function readStyle(file: string, model: string, strength: number): Promise<Style> {
  const text = (await readOrRefuse(file, file)).toString('utf8').replace(/^\ufeff/, '');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} holds no style: ${messageOf(error)}`);
  }
  const { z, model: found } = (typeof json === 'object' && json !== null ? json : {}) as {
    z?: unknown;
    model?: unknown;
  };
  if (typeof found === 'string' && found !== model) {
    throw new UsageError(`${file} is a style of the model ${found}, not of ${model}`);
  }
  try {
    return parseStyle({ z, strength });
  } catch (error) {
    throw new UsageError(`${file} holds no style: ${describe(toFailure(error))}`);
  }
}

/** "a.json..b.json", or one name for both ends. A name may hold two dots itself: the split with two files is meant. */
export async function stylePair(text: string, model: string): Promise<{ from: Style; to: Style }> {
  const there = (file: string): Promise<boolean> => access(file).then(() => true, () => false); // prettier-ignore
  for (let at = text.indexOf('..'); at >= 0; at = text.indexOf('..', at + 1)) {
    const [from, to] = [text.slice(0, at), text.slice(at + 2)];
    if ((await there(from)) && (await there(to))) {
      return { from: await readStyle(from, model, 1), to: await readStyle(to, model, 1) };
    }
  }
  if (!(await there(text))) throw new UsageError(`--style ${text}: expected FILE..FILE, two that limn invert wrote`);
  const both = await readStyle(text, model, 1);
  return { from: both, to: both };
}
