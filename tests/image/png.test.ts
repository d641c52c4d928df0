import { crc32 as zlibCrc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LimnError } from '../../src/failure.ts';
import { crc32, readChunks, readHeader, writeChunks, type Chunk } from '../../src/image/chunks.ts';
import type { Rgba } from '../../src/image/pixels.ts';
import { encodePng, readRecipe } from '../../src/image/png.ts';
import { defaultRecipe } from '../../src/recipe.ts';
import { decodePng as decode } from '../support/png-reader.ts';
import { recipes } from '../support/recipes.ts';

const text = (s: string) => Uint8Array.from(Buffer.from(s, 'latin1'));
const chunk = (type: string, data: Uint8Array<ArrayBuffer> = new Uint8Array(0)): Chunk => ({ type, data });
const iTXt = (content: string, head = 'limn\0\0\0\0\0') => chunk('iTXt', text(head + content));

const pictures: fc.Arbitrary<Rgba> = fc
  .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }), opaque: fc.boolean() })
  .chain(({ width, height, opaque }) =>
    fc.uint8ClampedArray({ minLength: 4 * width * height, maxLength: 4 * width * height }).map((bytes) => ({
      width,
      height,
      data: bytes.map((b, i) => (opaque && i % 4 === 3 ? 255 : b)),
    })),
  );
const grey: Rgba = { width: 2, height: 2, data: new Uint8ClampedArray(16).fill(255) };

/** The file with another chunk in place of `limn`'s. */
async function withChunk(...extra: Chunk[]) {
  const [header, ...rest] = readChunks(await encodePng(grey), 'x.png');
  return writeChunks([header!, ...extra, ...rest]);
}
function headed(width: number, height: number) {
  const data = new Uint8Array(13);
  new DataView(data.buffer).setUint32(0, width);
  new DataView(data.buffer).setUint32(4, height);
  data.set([8, 2], 8);
  return chunk('IHDR', data);
}

describe('writing', () => {
  it('gives back every pixel, read by the specification', async () => {
    await fc.assert(
      fc.asyncProperty(pictures, async (picture) => {
        expect(decode(await encodePng(picture))).toEqual(picture);
      }),
    );
  });

  it('leaves alpha out where every pixel is opaque', async () => {
    expect(readHeader(await encodePng(grey), 'x.png')).toEqual({ width: 2, height: 2, bitDepth: 8, colourType: 2 });
    const pale = { ...grey, data: new Uint8ClampedArray(16) };
    expect(readHeader(await encodePng(pale), 'x.png').colourType).toBe(6);
  });

  it('has the CRC-32 of zlib', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => crc32(bytes) === referenceCrc(bytes)));
  });
});

describe('the recipe', () => {
  it('comes back from the file', async () => {
    await fc.assert(
      fc.asyncProperty(recipes, async (recipe) => {
        expect(await readRecipe(await encodePng(grey, recipe), 'x.png')).toEqual(recipe);
      }),
    );
  });

  it('stands before the pixels', async () => {
    const types = readChunks(await encodePng(grey, defaultRecipe()), 'x.png').map(({ type }) => type);
    expect(types).toEqual(['IHDR', 'iTXt', 'IDAT', 'IEND']);
  });

  it('is null in a file of another program', async () => {
    expect(await readRecipe(await encodePng(grey), 'x.png')).toBeNull();
    const strangers = [
      chunk('tEXt', text('limn\0{}')),
      iTXt('{}', 'limner\0\0\0\0\0'),
      iTXt('{}', 'Comment\0\0\0\0\0'),
    ];
    expect(await readRecipe(await withChunk(...strangers), 'x.png')).toBeNull();
  });

  it('is read compressed, and with a language', async () => {
    const json = JSON.stringify(defaultRecipe());
    const packed = chunk('iTXt', Uint8Array.of(...text('limn\0\x01\0en\0Rezept\0'), ...deflateSync(json)));
    expect(await readRecipe(await withChunk(packed), 'x.png')).toEqual(defaultRecipe());
  });
});

describe('files that do not hold', () => {
  const failing = async (bytes: Uint8Array<ArrayBuffer>) => {
    try {
      await readRecipe(bytes, 'x.png');
    } catch (error) {
      if (error instanceof LimnError)
        return `${error.failure.kind}: ${'detail' in error.failure ? error.failure.detail : ''}`;
      throw error;
    }
    return 'none';
  };

  it('nothing, something else, half a file', async () => {
    const whole = await encodePng(grey, defaultRecipe());
    expect(await failing(new Uint8Array(0))).toBe('bad-image: the file is empty');
    expect(await failing(text('<svg><script>alert(1)</script></svg>'))).toBe('bad-image: it is not a PNG file');
    for (let length = 1; length < whole.length; length++) {
      expect(await failing(whole.slice(0, length))).toMatch(/^bad-image/);
    }
  });

  it('any one byte changed', async () => {
    const whole = await encodePng(grey, defaultRecipe());
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = whole.slice();
        bytes[at]! ^= change;
        expect(await failing(bytes)).toMatch(/^bad-image/);
      }),
    );
  });

  it('a length beyond the end', async () => {
    const bytes = (await encodePng(grey)).slice();
    new DataView(bytes.buffer).setUint32(8 + 25, 0xffffffff);
    expect(await failing(bytes)).toBe('bad-image: it ends in the middle');
  });

  it('no header first; a chunk with no name; too many chunks', async () => {
    expect(await failing(writeChunks([chunk('IEND')]))).toBe('bad-image: it does not begin with a header');
    expect(await failing(writeChunks([headed(1, 1), chunk('\0\0\0\0'), chunk('IEND')]))).toMatch(/without a name/);
    const many = Array.from({ length: 10_001 }, () => chunk('tEXt'));
    expect(await failing(writeChunks([headed(1, 1), ...many, chunk('IEND')]))).toBe('bad-image: it has too many parts');
  });

  it.each([
    ['not JSON', iTXt('{'), 'bad-recipe: it is not JSON'],
    ['no recipe', iTXt('{"version":1}'), /^bad-recipe: model/],
    ['prototype keys', iTXt('{"__proto__":{"version":1}}'), /^bad-recipe: version/],
    ['not UTF-8', iTXt('\xff\xfe'), 'bad-image: its text is not UTF-8'],
    ['no text', chunk('iTXt', text('limn\0\0\0')), /has no beginning/],
    ['an unknown packing', iTXt('{}', 'limn\0\x02\0\0\0'), /unknown way/],
    ['a packing that does not unpack', iTXt('junk', 'limn\0\x01\0\0\0'), /does not unpack/],
    ['65 KB of text', iTXt(' '.repeat(65_537)), 'bad-image: its text is too long'],
  ])('a text chunk with %s', async (_, bad, told) => {
    expect(await failing(await withChunk(bad))).toMatch(told);
  });

  it('a bomb of 200 MB in 200 KB, given up long before it is unpacked', async () => {
    const bomb = Uint8Array.from(Buffer.concat([text('limn\0\x01\0\0\0'), deflateSync(Buffer.alloc(200 * 2 ** 20))]));
    const bytes = await withChunk(chunk('iTXt', bomb));
    const before = process.memoryUsage().arrayBuffers;
    expect(await failing(bytes)).toBe('bad-image: its text is too long');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 2 ** 20);
  });
});

describe('the size, before anything is decoded', () => {
  it('needs the header alone', () => {
    const file = writeChunks([headed(640, 480), chunk('IEND')]);
    expect(readHeader(file.slice(0, 33), 'x.png')).toMatchObject({ width: 640, height: 480 });
    expect(() => readHeader(file.slice(0, 32), 'x.png')).toThrow('ends in the middle');
  });
  it.each([
    [30_000, 30_000, '30000 × 30000 pixels'],
    [0xffffffff, 0xffffffff, 'pixels are more'],
    [0, 10, 'no pixels'],
    [10, 0, 'no pixels'],
  ])('refuses %d × %d', (width, height, told) => {
    expect(() => readHeader(writeChunks([headed(width, height), chunk('IEND')]), 'x.png')).toThrow(told);
  });
  it('refuses a header of another length', () => {
    const file = writeChunks([chunk('IHDR', new Uint8Array(12)), chunk('IEND'), chunk('tEXt', new Uint8Array(40))]);
    expect(() => readHeader(file, 'x.png')).toThrow(/x\.png cannot be used/);
  });
});

/** zlib's own where this Node has it (20.15), else bit by bit. */
function referenceCrc(bytes: Uint8Array): number {
  if (typeof zlibCrc32 === 'function') return zlibCrc32(bytes);
  let c = 0xffffffff;
  for (const byte of bytes) for (let k = 0; k < 8; k++) c = ((c ^ (byte >> k)) & 1 ? 0xedb88320 : 0) ^ (c >>> 1);
  return ~c >>> 0;
}
