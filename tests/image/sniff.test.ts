import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LimnError, type Failure } from '../../src/failure.ts';
import { sniff } from '../../src/image/sniff.ts';

const file = (name: string) => new Uint8Array(readFileSync(`tests/fixtures/pictures/${name}`));
const bytesOf = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

function refusal(bytes: Uint8Array<ArrayBuffer>): Failure {
  try {
    sniff(bytes, 'a.png');
  } catch (thrown) {
    if (thrown instanceof LimnError) return thrown.failure;
    throw thrown;
  }
  throw new Error('it was taken');
}

const box = (type: string, content: string) => {
  const length = 8 + content.length;
  return String.fromCharCode(length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255) + type + content;
};
const u32 = (n: number) => String.fromCharCode(n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
const image = (brand: string, ...sizes: [number, number][]) =>
  bytesOf(
    box('ftyp', `${brand}\0\0\0\0mif1miaf`) +
      box(
        'meta',
        u32(0) +
          box('hdlr', 'x') +
          box('iprp', box('ipco', sizes.map(([w, h]) => box('ispe', u32(0) + u32(w) + u32(h))).join(''))),
      ),
  );

describe('what a file holds', () => {
  it.each([
    ['plain.jpg', 'jpeg', 24, 16],
    ['turned.jpg', 'jpeg', 24, 16],
    ['cmyk.jpg', 'jpeg', 24, 16],
    ['plain.bmp', 'bmp', 24, 16],
    ['plain.webp', 'webp', 24, 16],
    ['lossy.webp', 'webp', 24, 16],
    ['film.webp', 'webp', 24, 16],
    ['film.gif', 'gif', 24, 16],
    ['plain.avif', 'avif', 24, 16],
    ['sixteen-bit.png', 'png', 24, 16],
    ['alpha.png', 'png', 24, 16],
    ['one.png', 'png', 1, 1],
  ])('%s is %s, %d × %d', (name, format, width, height) => {
    expect(sniff(file(name), 'misnamed.txt')).toEqual({ format, width, height });
  });

  it('of several images in one, the largest counts', () => {
    expect(sniff(image('heic', [512, 512], [4032, 3024], [320, 240]), 'x')).toEqual({
      format: 'heic',
      width: 4032,
      height: 3024,
    });
    expect(sniff(image('avif', [64, 64]), 'x').format).toBe('avif');
  });

  it('a bitmap may stand on its head', () => {
    const bytes = file('plain.bmp');
    new DataView(bytes.buffer).setInt32(22, -16, true);
    expect(sniff(bytes, 'x')).toEqual({ format: 'bmp', width: 24, height: 16 });
  });
});

describe('refusals say what to do', () => {
  it.each([
    ['nothing', new Uint8Array(0), /empty/],
    ['a text', bytesOf('hello, I am a picture'), /not a picture/],
    ['a drawing', file('drawing.svg'), /a drawing.*Save it as PNG/],
    ['a drawing with a mark before it', bytesOf('\xef\xbb\xbf  <svg onload="x">'), /a drawing/],
    ['30,000 × 30,000', file('huge.png'), /30,000 × 30,000 pixels.*smaller/],
    ['a long strip', image('avif', [20_000, 10]), /16,384 along an edge/],
    ['none at all', image('heic'), /size cannot be read/],
    ['no width', image('heic', [0, 10]), /size cannot be read/],
    ['a photograph’s first bytes', file('plain.jpg').slice(0, 30), /ends in the middle/],
    ['a photograph without a frame', bytesOf('\xff\xd8\xff\xda\0\x02'), /size cannot be read/],
    ['a segment of no length', bytesOf('\xff\xd8\xff\xe0\0\0\0\0\0\0'), /size cannot be read/],
    ['a PNG’s first bytes', file('alpha.png').slice(0, 20), /ends in the middle/],
    ['more than fits', new Uint8Array(64 * 2 ** 20 + 1), /larger than 64 MB/],
  ])('%s', (_, bytes, words) => {
    const failure = refusal(bytes);
    expect(failure).toMatchObject({ kind: 'bad-image', file: 'a.png', wanted: 'picture' });
    expect(failure.kind === 'bad-image' && failure.detail).toMatch(words);
  });

  it('whatever the bytes are, they are sniffed or refused, and nothing too large gets through', () => {
    const heads = [
      '',
      '\x89PNG\r\n\x1a\n',
      '\xff\xd8\xff',
      'GIF89a',
      'RIFF\0\0\0\0WEBPVP8 ',
      'RIFF\0\0\0\0WEBPVP8X',
      'BM',
      '\0\0\0\x18ftypavif',
      '\0\0\0\x10ftypheic\0\0\0\0\0\0\0\xffmeta',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 200 }), (head, tail) => {
        try {
          const { width, height } = sniff(new Uint8Array([...bytesOf(head), ...tail]), 'x');
          expect(width * height).toBeLessThanOrEqual(50e6);
          expect(Math.max(width, height)).toBeLessThanOrEqual(16_384);
        } catch (thrown) {
          if (!(thrown instanceof LimnError)) throw thrown;
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('a good file with any byte changed or its end cut off throws nothing else, either', () => {
    const names = ['plain.jpg', 'plain.avif', 'film.webp', 'plain.bmp', 'film.gif', 'alpha.png'];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(400), fc.nat(255), fc.nat(400), (name, at, byte, cut) => {
        const bytes = file(name).slice(0, cut + 1);
        if (at < bytes.length) bytes[at] = byte;
        try {
          sniff(bytes, 'x');
        } catch (thrown) {
          if (!(thrown instanceof LimnError)) throw thrown;
        }
      }),
      { numRuns: 2000 },
    );
  });
});
