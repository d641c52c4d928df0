import { expect, it } from 'vitest';
import { readerTable, UNKNOWN, wordsRead } from '../../src/text/reader-tokens.ts';

const table = readerTable(['a', 'red', 'flower']);

it.each([
  ['A red flower!', 8, ['a', 'red', 'flower'], [2, 3, 4]],
  ['a lemony flower', 8, ['a', 'lemony', 'flower'], [2, UNKNOWN, 4]],
  ['a red flower', 2, ['a', 'red'], [2, 3]],
  // One unknown word stands for none, so that there is something to read.
  ['!?', 8, [], [UNKNOWN]],
])('reads %j, %i words at the most', (caption, longest, words, tokens) => {
  expect(wordsRead(caption, table, longest)).toEqual({ words, tokens });
});
