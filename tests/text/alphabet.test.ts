import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LimnError } from '../../src/failure.ts';
import {
  ALPHABET,
  CAPTION_LENGTH,
  captionFault,
  encodeCharacters,
  indices,
  normalise,
} from '../../src/text/alphabet.ts';
import { words } from '../../src/text/vocabulary.ts';

interface Case {
  caption: string;
  normalised: string;
  repeat?: number;
  indices?: number[];
  words?: string[];
}

// Not by `import`: Vite's JSON reader knows no lone surrogates.
const cases = JSON.parse(readFileSync(new URL('../golden/text-cases.json', import.meta.url), 'utf8')) as Case[];

const any = fc.string({ unit: 'binary', maxLength: 300 });

describe('the cases shared with training/text.py', () => {
  it.each(cases)('$caption', ({ caption, normalised, repeat = 1, ...expected }) => {
    const [long, read] = [caption.repeat(repeat), normalised.repeat(repeat)];
    expect(normalise(long)).toBe(read);
    const codes = indices(read);
    expect(codes).toHaveLength(CAPTION_LENGTH);
    const shown = [...codes].map((i) => (i === 0 ? '' : ALPHABET[i - 1])).join('');
    expect(shown).toBe(read.slice(0, CAPTION_LENGTH));
    if (expected.indices) expect([...codes].slice(0, expected.indices.length)).toEqual(expected.indices);
    if (expected.words) expect(words(long)).toEqual(expected.words);
  });
});

it("has Reed's 70 slots, '-' twice", () => {
  expect(ALPHABET).toHaveLength(70);
  expect([...ALPHABET].flatMap((sign, i) => (sign === '-' ? [i + 1] : []))).toEqual([37, 60]);
});

it('writes slots 1 to 70 and never the second hyphen, for any text', () => {
  fc.assert(
    fc.property(any, (caption) => {
      const codes = indices(normalise(caption));
      const end = codes.indexOf(0) === -1 ? codes.length : codes.indexOf(0);
      expect(codes.every((i, at) => (at < end ? i >= 1 && i <= 70 && i !== 60 : i === 0))).toBe(true);
    }),
  );
});

it('changes nothing the second time', () => {
  fc.assert(fc.property(any, (caption) => normalise(normalise(caption)) === normalise(caption)));
});

it('is blind to case and to accents', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z ]{0,40}$/), (caption) => {
      const accented = caption.replace(/[a-z]/g, (letter) => `${letter}\u0301`);
      expect(normalise(accented.toUpperCase())).toBe(normalise(caption));
    }),
  );
});

describe('captions that cannot be painted', () => {
  const reason = (caption: string) => captionFault(caption)?.reason;

  it.each(['', '   ', '\n\t', '\u00a0\u3000', ' '.repeat(102_400)])('empty: %j', (caption) => {
    expect(reason(caption)).toBe('empty');
  });
  it.each(['\u{1f338}\u{1f33a}', '这是一朵白花', 'פרח לבן', '\ud800', '\u0000', '!!! ...', '\u200b'])(
    'unreadable: %j',
    (caption) => {
      expect(reason(caption)).toBe('unreadable');
    },
  );
  it('too long: more than 1,000 characters between the white space', () => {
    expect(reason('a'.repeat(1000))).toBeUndefined();
    expect(reason(`${' '.repeat(500)}${'a'.repeat(1000)} `)).toBeUndefined();
    expect(reason('a'.repeat(1001))).toBe('too-long');
    expect(reason('flower '.repeat(15_000))).toBe('too-long');
  });
  it('encodeCharacters throws the same, as a Failure', () => {
    expect(() => encodeCharacters('')).toThrow(LimnError);
    expect(() => encodeCharacters('花')).toThrow(/no letter or digit/);
    expect([...encodeCharacters('red', 5)]).toEqual([18, 5, 4, 0, 0]);
  });
});
