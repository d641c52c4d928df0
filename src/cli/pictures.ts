/** Pictures from files and into files. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type sharp from 'sharp';
import type { Picture, Pixels } from '../engine/protocol.ts';
import { BATCH } from '../engine/warm-up.ts';
import { LimnError } from '../failure.ts';
import { MAX_FILE, MAX_PIXELS } from '../image/chunks.ts';
import { encodePng } from '../image/png.ts';
import { centreSquare, resizeSquare } from '../image/resize.ts';
import { badPicture, sniff } from '../image/sniff.ts';
import type { Recipe } from '../recipe.ts';
import type { Engine } from './engine.ts';
import { messageOf, readOrRefuse, UsageError } from './options.ts';

/** Pictures of one call: full batches, so that the shapes stay those that were compiled. */
const PORTION = 4 * BATCH;
/** Pixels along the shorter edge: enough to cut a small square out of, where a photograph has thousands. */
const KEPT = 1024;

/** `name`: of the option that asked for it */
export async function makeFolder(path: string, name = '--out'): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new UsageError(`${name} ${path} cannot be made a folder: ${messageOf(error)}`);
  }
}

export interface Written {
  readonly recipe: Recipe;
  readonly file: string;
}

/** Paints each recipe into a file of its own: 0001.png, 0002.png, … */
export async function paintAll(engine: Engine, recipes: readonly Recipe[], out: string): Promise<Written[]> {
  const written: Written[] = [];
  // A few at a time, so that files are there early and a write that fails ends the run.
  for (let from = 0; from < recipes.length; from += PORTION) {
    const pictures: Picture[] = [];
    const some = recipes.slice(from, from + PORTION);
    await engine.call('paint', { recipes: some }, ({ picture }) => pictures.push(picture));
    written.push(...(await writeAll(pictures, out, from, recipes.length)));
    sayProgress(written.length, recipes.length);
  }
  return written;
}

/** The pictures from number `from` (0, 1, …) on of `total`. */
export function writeAll(pictures: readonly Picture[], out: string, from: number, total: number): Promise<Written[]> {
  const digits = Math.max(4, String(total).length);
  return Promise.all(
    pictures.map(async ({ pixels, recipe }, i) => {
      const file = join(out, `${String(from + i + 1).padStart(digits, '0')}.png`);
      await writePng(file, pixels, recipe);
      return { recipe, file };
    }),
  );
}

export async function writePng(file: string, pixels: Pixels, recipe?: Recipe): Promise<void> {
  await writeFile(file, await encodePng(pixels, recipe));
}

export function sayProgress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(done === of ? '\r\x1b[K' : `\r${done} of ${of} `);
}

/** The middle of a file's picture at `size` × `size`: upright, in sRGB, the first frame, on white. */
export async function readPicture(file: string, size: number): Promise<Pixels> {
  const large = await stat(file).then(({ size }) => size > MAX_FILE, () => false); // prettier-ignore
  if (large) throw badPicture(file, `the file is larger than ${MAX_FILE / 2 ** 20} MB. Save it smaller first.`);
  const bytes = new Uint8Array(await readOrRefuse(file, file));
  const { format } = sniff(bytes, file);
  if (format === 'bmp' || format === 'heic') {
    throw badPicture(file, `the command line reads no ${format.toUpperCase()}. Save it as PNG or JPEG first.`);
  }
  const decode = decoder();
  try {
    const { data, info } = await decode(bytes, { limitInputPixels: MAX_PIXELS, pages: 1, failOn: 'error' })
      .autoOrient()
      .resize(KEPT, KEPT, { fit: 'outside', withoutEnlargement: true })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    return resizeSquare({ width, height, data: Uint8ClampedArray.from(data) }, centreSquare(width, height), size);
  } catch (error) {
    throw badPicture(file, `it is damaged (${messageOf(error)}). Fetch or save it anew.`);
  }
}

/** Loaded where a picture is read: painting wants no library of the machine's own. */
function decoder(): typeof sharp {
  try {
    return createRequire(import.meta.url)('sharp') as typeof sharp;
  } catch (cause) {
    const detail = `sharp, which reads pictures, is not installed for this machine (${messageOf(cause)})`;
    throw new LimnError({ kind: 'internal', detail }, { cause });
  }
}
