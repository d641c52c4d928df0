import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/options.ts';
import { readPicture, writePng } from '../../src/cli/pictures.ts';
import { toFailure } from '../../src/failure.ts';
import type { Rgba } from '../../src/image/pixels.ts';

const home = mkdtempSync(join(tmpdir(), 'limn-pictures-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const fixture = (name: string) => join('tests/fixtures/pictures', name);
const made = (name: string, bytes: Uint8Array | string) => {
  const file = join(home, name);
  writeFileSync(file, bytes);
  return file;
};
const failureOf = (run: Promise<unknown>) => run.then(() => 'no failure', toFailure);

const RED = [220, 30, 30];
const GREEN = [30, 180, 40];
const BLUE = [30, 60, 220];
const WHITE = [245, 245, 245];

/** The colour near each corner: top left, top right, bottom left, bottom right. */
function corners({ width, data }: Rgba): number[][] {
  const far = width - 2;
  return [width + 1, width + far, far * width + 1, far * width + far].map((at) => [...data.slice(4 * at, 4 * at + 3)]);
}

describe('readPicture', () => {
  // In CMYK without a profile the colours are anybody's guess, but red is still the reddest.
  it.each<[string, number[][], number]>([
    ['plain.jpg', [RED, GREEN, BLUE, WHITE], 10],
    ['plain.webp', [RED, GREEN, BLUE, WHITE], 2],
    ['lossy.webp', [RED, GREEN, BLUE, WHITE], 5],
    ['plain.avif', [RED, GREEN, BLUE, WHITE], 5],
    ['cmyk.jpg', [RED, GREEN, BLUE, WHITE], 100],
    ['sixteen-bit.png', [RED, GREEN, BLUE, WHITE], 2],
    ['film.gif', [RED, GREEN, BLUE, WHITE], 2],
    ['film.webp', [RED, GREEN, BLUE, WHITE], 2],
    // Nearly transparent above, nearly opaque below.
    ['alpha.png', [[252, 235, 235], [235, 248, 236], [50, 78, 223], [246, 246, 246]], 2], // prettier-ignore
    // EXIF says that it lies on its side.
    ['turned.jpg', [BLUE, RED, WHITE, GREEN], 10],
  ])('reads %s', async (name, expected, most) => {
    const picture = await readPicture(fixture(name), 16);
    expect([picture.width, picture.height, picture.data.length]).toEqual([16, 16, 1024]);
    expect(picture.data.every((byte, i) => i % 4 !== 3 || byte === 255)).toBe(true);
    for (const [i, colour] of corners(picture).entries()) {
      for (const [c, value] of colour.entries()) expect(Math.abs(value - expected[i]![c]!)).toBeLessThanOrEqual(most);
    }
  });

  it('reads a single pixel', async () => {
    expect((await readPicture(fixture('one.png'), 16)).data).toHaveLength(1024);
  });

  it('reads what it wrote, to the byte', async () => {
    const data = Uint8ClampedArray.from({ length: 4 * 64 }, (_, i) => (i % 4 === 3 ? 255 : (i * 37) % 256));
    const file = join(home, 'own.png');
    await writePng(file, { width: 8, height: 8, data });
    expect((await readPicture(file, 8)).data).toEqual(data);
  });

  it('shrinks a large one, and cuts out its middle', async () => {
    const [width, height] = [1500, 1100];
    const data = new Uint8ClampedArray(4 * width * height).fill(255);
    // The middle square is red, what is left and right of it blue.
    for (let i = 0; i < width * height; i++) {
      const inside = i % width >= 200 && i % width < 1300;
      data.set(inside ? [255, 0, 0] : [0, 0, 255], 4 * i);
    }
    const file = join(home, 'large.png');
    await writePng(file, { width, height, data });
    const picture = await readPicture(file, 16);
    expect(corners(picture)).toEqual(Array(4).fill([255, 0, 0]));
  });

  it.each<[string, string, RegExp]>([
    ['a drawing', fixture('drawing.svg'), /drawing/],
    ['a picture that would fill the memory', fixture('huge.png'), /At most 50 million fit/],
    ['nothing', made('empty.png', ''), /empty/],
    ['junk', made('junk.jpg', 'no picture at all'), /not a picture/],
    [
      'a picture cut off',
      made('cut.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])),
      /ends in the middle/,
    ],
    ['a bitmap', fixture('plain.bmp'), /no BMP/],
  ])('refuses %s', async (_what, file, words) => {
    const failure = await failureOf(readPicture(file, 16));
    expect(failure).toMatchObject({ kind: 'bad-image', file, detail: expect.stringMatching(words) as string });
  });

  it('refuses a picture whose data are damaged', async () => {
    const bytes = new Uint8Array(readFileSync(fixture('sixteen-bit.png')));
    bytes.fill(0, 60);
    expect(await failureOf(readPicture(made('damaged.png', bytes), 16))).toMatchObject({ kind: 'bad-image' });
  });

  it('names a file that is not there', async () => {
    await expect(readPicture(join(home, 'none.png'), 16)).rejects.toThrow(UsageError);
    await expect(readPicture(home, 16)).rejects.toThrow(/cannot be read/);
  });
});
