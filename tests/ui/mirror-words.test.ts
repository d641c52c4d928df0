/** What the Mirror room says of a caption that was asked for, beside its words. */
import { describe, expect, it } from 'vitest';
import { bars, notCounted, perWord, shareOfLoss, surprise, type Asked } from '../../src/panels/mirror/words.ts';

/** Words with these log p; the end as given. */
function asked(logs: readonly (number | null)[], end: number | null, read = logs.length): Asked {
  const words = logs.map((logProbability, i) => ({ word: `word${i}`, logProbability }));
  const loss = [...logs, end].reduce<number>((sum, log) => sum - (log ?? 0), 0);
  return { words, read, end, loss, similarity: 0, agreement: 0, verdict: 'differs' };
}

describe('what was not counted', () => {
  it('is nothing where all words are known and were read', () => {
    expect(notCounted(asked([-1, -2], -1))).toBe('');
  });

  it('are words that the mirror does not know, each once', () => {
    expect(notCounted(asked([-1, null], -1))).toBe('“word1” is not known to the mirror and not counted.');
    const { words, ...rest } = asked([null, null, -1, null], -1);
    const twice = { ...rest, words: [...words.slice(0, 3), words[0]!] };
    expect(notCounted(twice)).toBe('“word0” and “word1” are not known to the mirror and not counted.');
  });

  it('are words that it never came to, which nobody calls unknown', () => {
    expect(notCounted(asked([-1, -2, null, null], null, 2))).toBe('The mirror reads the first 2 words.');
    expect(notCounted(asked([-1, null, null, null], null, 2))).toBe(
      '“word1” is not known to the mirror and not counted. The mirror reads the first 2 words.',
    );
  });
});

it('is so many nats a word; the end counts where the mirror came to it', () => {
  expect(perWord(asked([-1, null, -2], -3))).toBeCloseTo(2);
  expect(perWord(asked([-1, -3, null], null, 2))).toBeCloseTo(2);
  expect(perWord(asked([null], null))).toBe(0);
});

it('says what share of the surprise each word bears, and the end has the rest', () => {
  const one = asked([-1, -6, null], -3);
  expect(one.words.map((word) => shareOfLoss(surprise(word), one))).toEqual(['10 %', '60 %', '0 %']);
  expect(shareOfLoss(3, one)).toBe('30 %');
  expect(shareOfLoss(0, asked([0], 0))).toBe('0 %');
});

it('draws bars that tell 6 nats from 12, and make no mountain of a little surprise', () => {
  expect(bars(asked([-3, -6, -12, null], null).words)).toEqual([0.25, 0.5, 1, 0]);
  expect(bars(asked([-1.5, -3], null).words)).toEqual([0.25, 0.5]);
  expect(bars([])).toEqual([]);
});
