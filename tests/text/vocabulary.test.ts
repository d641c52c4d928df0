import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangeWord, parseVocabulary, unseenWords, words } from '../../src/text/vocabulary.ts';

const known = new Set(['this', 'flower', 'is', 'red', "don't", 'petals', 'cafe', '1', '2']);
const unseen = (caption: string) => unseenWords(caption, known).map(({ word }) => word);

describe('words that a model never saw', () => {
  it.each([
    ['this flower is red', []],
    ['This FLOWER is\u00a0RED!', []],
    ['this flouer is red', ['flouer']],
    ['red-petals, blue-petals', ['blue']],
    ['don’t don\u02bct do n’t', ['do', 'n’t']],
    ['café cafe\u0301 Caffè', ['Caffè']],
    ['pe\u200btals', []],
    ['½ ⅓', ['⅓']],
    ['red 赤い花', ['赤い花']],
    ['red \u{1f338} \u{1f468}\u200d\u{1f469}\u200d\u{1f467}', ['\u{1f338}', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}']],
    ['\ud800 red \u0000 \u200b \u0301 !?', []],
    ['__proto__ constructor', ['proto', 'constructor']],
    ['', []],
  ])('%j → %j', (caption, expected) => {
    expect(unseen(caption)).toEqual(expected);
  });

  it('says where each stands in the caption as typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (caption) => {
        let last = 0;
        for (const { word, start, end } of unseenWords(caption, new Set())) {
          expect(caption.slice(start, end)).toBe(word);
          expect(start).toBeGreaterThanOrEqual(last);
          last = end;
        }
      }),
    );
    expect(unseenWords('\u{1f338} a flouer', known)).toEqual([
      { word: '\u{1f338}', start: 0, end: 2 },
      { word: 'a', start: 3, end: 4 },
      { word: 'flouer', start: 5, end: 11 },
    ]);
  });

  it('marks nothing where every word that is read is known', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...known), { maxLength: 20 }), (list) => {
        expect(unseen(list.join(' '))).toEqual([]);
        expect(words(list.join(', '))).toEqual(list);
      }),
    );
  });
});

describe('exchanging a word', () => {
  it.each([
    ['a red flower', 1, 'blue', 'a blue flower'],
    ['A  Red-petaled flower, “large”!', 1, 'white', 'A white-petaled flower, “large”!'],
    ['A Red-petaled flower, “large”!', 4, 'small', 'A Red-petaled flower, “small”!'],
    ['a red flower', 1, '', 'a flower'],
    ['a red flower', 2, '', 'a red'],
    ['a flower with 🌼 petals', 3, 'leaves', 'a flower with 🌼 leaves'],
    // Two words are read of one that is seen.
    ['a ½ red flower', 2, '3', 'a 1 3 red flower'],
    ['red red red', 1, 'blue', 'red blue red'],
  ])('%j, word %i by %j', (caption, at, word, expected) => {
    expect(exchangeWord(caption, at, word)).toBe(expected);
  });

  it('keeps all the other words, whatever the caption', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(), (caption, n) => {
        const before = words(caption);
        fc.pre(before.length > 0);
        const at = n % before.length;
        expect(words(exchangeWord(caption, at, 'zebra'))).toEqual(before.map((w, i) => (i === at ? 'zebra' : w)));
      }),
    );
  });
});

describe('vocabulary.json', () => {
  it('gives its words', () => {
    expect(parseVocabulary({ words: ['red', 'blue'] }, 'v.json')).toEqual(new Set(['red', 'blue']));
  });
  it.each([
    [null, 'expected { "words": […] }'],
    ['red', 'expected { "words": […] }'],
    [{}, 'expected { "words": […] }'],
    [Object.create({ words: ['red'] }) as unknown, 'expected { "words": […] }'],
    [{ words: 'red' }, 'expected a list'],
    [{ words: ['red', 7] }, 'words[1]'],
    [{ words: [''] }, 'words[0]'],
    [{ words: ['a'.repeat(65)] }, 'words[0]'],
    [{ words: ['red', 'red'] }, 'twice'],
    [{ words: Array.from({ length: 100_001 }, String) }, 'more than 100000'],
  ])('refuses %j', (json, told) => {
    expect(() => parseVocabulary(json, 'v.json')).toThrow(told);
  });
});
