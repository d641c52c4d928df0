import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeApng } from '../../src/image/apng.ts';
import type { Rgba } from '../../src/image/pixels.ts';
import { readNote, readRecipe, textChunk } from '../../src/image/png.ts';
import { defaultRecipe } from '../../src/recipe.ts';
import { decodeApng } from '../support/png-reader.ts';

const recipe = defaultRecipe();
const opaque = (width: number, height: number, bytes: Uint8ClampedArray): Rgba => ({
  width,
  height,
  data: bytes.map((b, i) => (i % 4 === 3 ? 255 : b)),
});
const films: fc.Arbitrary<Rgba[]> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 7 }))
  .chain(([width, height, count]) => {
    const length = 4 * width * height;
    const picture = fc
      .uint8ClampedArray({ minLength: length, maxLength: length })
      .map((bytes) => opaque(width, height, bytes));
    return fc.array(picture, { minLength: count, maxLength: count });
  });
const grey = opaque(2, 2, new Uint8ClampedArray(16).fill(128));

describe('an animated PNG', () => {
  it('gives back every pixel of every frame, in order, and plays over and over', async () => {
    await fc.assert(
      fc.asyncProperty(films, async (pictures) => {
        const file = await encodeApng({
          frames: pictures.map((_, i) => i),
          picture: (i) => pictures[i]!,
          delay: 83,
          recipe,
        });
        const { frames, plays } = decodeApng(file);
        expect(frames.map(({ picture }) => picture)).toEqual(pictures);
        expect(frames.map(({ milliseconds }) => milliseconds)).toEqual(pictures.map(() => 83));
        expect(plays).toBe(0);
      }),
    );
  });

  it('holds its recipe, and what else it is given, before the pixels', async () => {
    const others = [textChunk('limn-tour', '[1,2]')];
    const file = await encodeApng({ frames: [0, 1], picture: () => grey, delay: 100, recipe, others });
    expect(decodeApng(file).types).toEqual([
      ...['IHDR', 'acTL', 'iTXt', 'iTXt'],
      ...['fcTL', 'IDAT', 'fcTL', 'fdAT', 'IEND'],
    ]);
    expect(await readRecipe(file, 'x.png')).toEqual(recipe);
    expect(await readNote(file, 'limn-tour', 'x.png')).toEqual([1, 2]);
    expect(await readNote(file, 'limn-tours', 'x.png')).toBeUndefined();
  });

  it('tells how far it is, and ends when it is told to', async () => {
    const told: number[] = [];
    const controller = new AbortController();
    const report = (done: number) => {
      told.push(done);
      if (done === 3) controller.abort();
    };
    const film = { frames: [0, 1, 2, 3, 4, 5], picture: () => grey, delay: 50, recipe };
    await expect(encodeApng(film, { signal: controller.signal, report })).rejects.toThrow(/abort/);
    expect(told).toEqual([1, 2, 3]);
  });

  it('refuses no frames, and frames of two sizes', async () => {
    await expect(encodeApng({ frames: [], picture: () => grey, delay: 50, recipe })).rejects.toThrow('no frames');
    const picture = (i: number) => (i === 0 ? grey : opaque(1, 1, new Uint8ClampedArray(4)));
    await expect(encodeApng({ frames: [0, 1], picture, delay: 50, recipe })).rejects.toThrow('picture 1 is 1 × 1');
  });

  it('packs a picture once, however often it is shown', async () => {
    const asked: number[] = [];
    const picture = (i: number) => {
      asked.push(i);
      return opaque(2, 2, new Uint8ClampedArray(16).fill(i));
    };
    const file = await encodeApng({ frames: [0, 1, 2, 1], picture, delay: 50, recipe });
    // The first once more, for its size.
    expect(asked).toEqual([0, 0, 1, 2]);
    expect(decodeApng(file).frames.map((frame) => frame.picture.data[0])).toEqual([0, 1, 2, 1]);
  });
});
