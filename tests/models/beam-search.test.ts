import fc from 'fast-check';
import { expect, it } from 'vitest';
import { beamSearch, forbidden, type Next } from '../../src/models/beam-search.ts';
import { stream } from '../../src/random.ts';
import { BEGIN, END, SPECIAL, UNKNOWN } from '../../src/text/tokens.ts';

const V = 9;
const LONGEST = 12;

/** A decoder whose next word hangs on the last two: logits drawn once for every pair. `state` holds what rows said. */
function decoder(seed: number, { spread = 2, end = 0 } = {}): { next: Next; calls: number[] } {
  const calls: number[] = [];
  let states: (readonly number[])[] = [[]];
  const next: Next = (rows, tokens) => {
    states = rows.map((row, i) => [...(states[row] ?? []), tokens[i] ?? NaN]);
    calls.push(rows.length);
    return Promise.resolve(Float32Array.from(states.flatMap((said) => logitsAfter(said, seed, spread, end))));
  };
  return { next, calls };
}

function logitsAfter(said: readonly number[], seed: number, spread: number, end: number): number[] {
  const [a = 0, b = 0] = said.slice(-2);
  const { normal } = stream(seed * 1000 + a * V + b);
  return Array.from({ length: V }, (_, word) => spread * normal() + (word === END ? end : 0));
}

function logP(logits: readonly number[], word: number): number {
  return (logits[word] ?? NaN) - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
}

const decoders = fc.record({
  seed: fc.integer({ min: 0, max: 10_000 }),
  spread: fc.double({ min: 0.1, max: 5, noNaN: true }),
  end: fc.double({ min: -8, max: 3, noNaN: true }),
});
const widths = fc.integer({ min: 1, max: 5 });

it('follows the likeliest word at width 1', async () => {
  await fc.assert(
    fc.asyncProperty(decoders, async ({ seed, ...bent }) => {
      const greedy: number[] = [];
      while (greedy.length < LONGEST && greedy.at(-1) !== END) {
        const logits = logitsAfter([BEGIN, ...greedy], seed, bent.spread, bent.end);
        const barred = forbidden(greedy);
        const best = [...Float32Array.from(logits).entries()]
          .filter(([word]) => !barred.has(word))
          .reduce((a, b) => (b[1] > a[1] ? b : a));
        greedy.push(best[0]);
      }
      const [found] = await beamSearch(decoder(seed, bent).next, { width: 1, longest: LONGEST });
      expect(found?.tokens).toEqual(greedy);
    }),
  );
});

it('says no three words twice, nothing that is no word, nothing after the end, and not too much', async () => {
  await fc.assert(
    fc.asyncProperty(decoders, widths, async ({ seed, ...bent }, width) => {
      const { next, calls } = decoder(seed, bent);
      const beam = await beamSearch(next, { width, longest: LONGEST });
      expect(beam.length).toBeGreaterThan(0);
      expect(beam.length).toBeLessThanOrEqual(width);
      expect(Math.max(...calls)).toBeLessThanOrEqual(width);
      for (const { tokens } of beam) {
        const triples = tokens.slice(2).map((_, i) => tokens.slice(i, i + 3).join());
        expect(new Set(triples).size).toBe(triples.length);
        expect(tokens).not.toContain(BEGIN);
        expect(tokens).not.toContain(UNKNOWN);
        expect(tokens.slice(0, -1)).not.toContain(END);
        expect(tokens.at(-1) === END || tokens.length === LONGEST).toBe(true);
      }
    }),
  );
});

it('scores by the mean of log p, tempered by length, and puts the best first', async () => {
  await fc.assert(
    fc.asyncProperty(decoders, widths, async ({ seed, ...bent }, width) => {
      const beam = await beamSearch(decoder(seed, bent).next, { width, longest: LONGEST, alpha: 0.7 });
      const scores = beam.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(new Set(beam.map(({ tokens }) => tokens.join())).size).toBe(beam.length);
      for (const { tokens, logProbabilities, score } of beam) {
        for (const [t, word] of tokens.entries()) {
          const logits = logitsAfter([BEGIN, ...tokens.slice(0, t)], seed, bent.spread, bent.end);
          expect(logProbabilities[t]).toBeCloseTo(logP(logits, word), 4);
        }
        const total = logProbabilities.reduce((sum, log) => sum + log, 0);
        expect(score).toBeCloseTo(total / tokens.length ** 0.7, 9);
      }
    }),
  );
});

it('finds what greed passes by', async () => {
  const [a, b, c] = [SPECIAL, SPECIAL + 1, SPECIAL + 2];
  // a is likelier than b, but nothing likely follows it.
  const after = new Map([
    [BEGIN, { [a]: 0.6, [b]: 0.4 }],
    [a, { [a]: 0.3, [b]: 0.3, [c]: 0.3, [END]: 0.1 }],
    [b, { [END]: 0.98, [c]: 0.02 }],
    [c, { [END]: 1 }],
  ]);
  const next: Next = (_rows, tokens) =>
    Promise.resolve(
      Float32Array.from(
        tokens.flatMap((token) =>
          Array.from({ length: 6 }, (_, word) => Math.log((after.get(token) as Record<number, number>)[word] ?? 1e-9)),
        ),
      ),
    );
  const options = { longest: 4, alpha: 0 };
  expect((await beamSearch(next, { ...options, width: 1 }))[0]?.tokens[0]).toBe(a);
  const [best] = await beamSearch(next, { ...options, width: 2 });
  expect(best?.tokens).toEqual([b, END]);
  expect(best?.score).toBeCloseTo(Math.log(0.4 * 0.98), 5);
});

it('takes the lower word of two that are equal', async () => {
  const next: Next = (rows) => Promise.resolve(new Float32Array(rows.length * V));
  const beam = await beamSearch(next, { width: 3, longest: 1 });
  expect(beam.map(({ tokens }) => tokens)).toEqual([[END], [SPECIAL], [SPECIAL + 1]]);
});

it('finds nothing where the decoder answers no numbers', async () => {
  const next: Next = (rows) => Promise.resolve(new Float32Array(rows.length * V).fill(NaN));
  expect(await beamSearch(next, { width: 3, longest: 5 })).toEqual([]);
});
