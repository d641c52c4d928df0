/** What is said under a caption's field. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkManifest } from '../../src/engine/weights/manifest.ts';
import { wordsReadBy } from '../../src/state/catalogue.ts';
import { captionWords } from '../../src/ui/caption-words.ts';

describe('captionWords', () => {
  it('says nothing of a caption that is understood', () => {
    expect(captionWords('a red flower', [], null)).toBe('');
    expect(captionWords('', [], 64)).toBe('');
  });

  it('tells what becomes of a new word, by what the model reads', () => {
    expect(captionWords('lemony', ['lemony'], null)).toBe('“lemony” is new to this model; it reads the letters.');
    expect(captionWords('a dress', ['dress'], 64)).toBe('“dress” is new to this model; it passes over it.');
    expect(captionWords('a dress', ['dress'], 64, true)).toBe('“dress” is new to this model; it will learn it.');
    expect(captionWords('a dress', ['dress'], null, true)).toBe('“dress” is new to this model; it reads the letters.');
    expect(captionWords('x', ['dress', 'sash'], 64)).toBe(
      '“dress” and “sash” are new to this model; it passes over them.',
    );
    expect(captionWords('x', ['a', 'b', 'c', 'd'], null)).toBe(
      '“a” and 3 other words are new to this model; it reads the letters.',
    );
  });

  it('tells where reading ends: letters by their number, words by theirs', () => {
    const long = 'red '.repeat(51); // 204 characters, 51 words
    expect(captionWords(long, [], null)).toBe('Only the first 201 characters are read.');
    expect(captionWords(long, [], 64)).toBe('');
    expect(captionWords(long, [], 50)).toBe('Only the first 50 words are read.');
    expect(captionWords(`${'red'.repeat(30)} one`, [], 64)).toBe('');
    expect(captionWords('red '.repeat(500), ['red'], 64)).toContain('2,000 characters; at most');
  });

  it('tells of signs that no model reads', () => {
    expect(captionWords('花が咲く', [], 64)).toBe('This model reads English words in Latin letters.');
  });
});

describe('wordsReadBy', () => {
  it('knows of every model that ships whether it reads words', () => {
    const text = readFileSync(new URL('../../public/models/manifest.json', import.meta.url), 'utf8');
    const result = checkManifest(JSON.parse(text), 'manifest.json');
    const reads = (model: string, other?: string) => {
      const state = { catalogue: { state: 'done', result }, form: { recipe: { model } } };
      return wordsReadBy(state as Parameters<typeof wordsReadBy>[0], other);
    };
    const models = ['flowers', 'faces', 'mirrorgan', 'gone'];
    expect(models.map((model) => reads(model))).toEqual([null, 64, 32, null]);
    expect(models.map((other) => reads('flowers', other))).toEqual([null, 64, 32, null]);
  });
});
