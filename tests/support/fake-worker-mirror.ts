/** The fake worker's mirror: what it reads in a picture, how it ranks pictures, and how it betters one. */
import type { LoadProgress, Picture, ReadWord, Reflection } from '../../src/engine/protocol.ts';
import type { Part } from './fake-worker-parts.ts';

export const mirroring: Part = ({ options, cancelled, post, wait, flower }) => {
  let mirrorIsHere = false;
  let mirrorStopped = false;
  let { readFails } = options;

  /** The first task that looks into the mirror fetches it; the first fetching may stop for good. */
  async function fetchMirror(id: number, report: (progress: LoadProgress) => void): Promise<void> {
    const total = 3_409_000;
    for (let step = 0; !mirrorIsHere && step <= 4; step++) {
      report({ stage: 'download', loaded: (total * step) / 4, total, cached: 0 });
      await wait(options.readStep);
      while (step === options.readStops && !mirrorStopped && !cancelled.has(id)) await wait(20);
      if (cancelled.has(id)) mirrorStopped = true;
      if (cancelled.has(id)) return;
    }
    mirrorIsHere = true;
  }

  /** Longer words are rarer, and 'lemony' nobody knows. */
  const likely = (word: string): ReadWord => ({
    word,
    logProbability: word === 'lemony' ? null : -0.1 - Math.max(0, word.length - 3) * 0.4,
  });
  const lossOf = (words: readonly ReadWord[]) => 0.2 - words.reduce((sum, w) => sum + (w.logProbability ?? 0), 0);
  /** Better for a seed that ends in 9. */
  const matchOf = ({ seed }: Picture['recipe']) => ({ loss: 20 - (seed % 10), similarity: 0.1 + (seed % 10) / 20 });

  return {
    async mirror(id, { caption }) {
      await fetchMirror(id, (report) => post({ type: 'report', id, task: 'mirror', report }));
      await wait(options.readStep);
      if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
      if (readFails) {
        post({ type: 'failed', id, failure: readFails });
        if (options.failsOnce) readFails = null;
        return;
      }
      const words = options.reads.split(' ').map(likely);
      const asked = caption?.split(' ').map(likely);
      const read = new Set(options.reads.split(' '));
      const shared = asked && asked.filter(({ word }) => read.has(word)).length / asked.length;
      const output: Reflection = {
        caption: options.reads,
        words,
        logProbability: -lossOf(words),
        ...(asked &&
          shared !== undefined && {
            asked: {
              words: asked,
              read: asked.length,
              end: -0.2,
              loss: lossOf(asked),
              similarity: shared / 2,
              agreement: shared,
              verdict: shared > 0.6 ? 'agrees' : shared > 0.35 ? 'partly' : 'differs',
            },
          }),
        milliseconds: 12,
      };
      return post({ type: 'done', id, task: 'mirror', output });
    },
    async rank(id, { recipe, count }) {
      await fetchMirror(id, (report) => post({ type: 'report', id, task: 'rank', report }));
      const matches = [];
      for (let index = 0; index < count; index++) {
        await wait(options.paintStep);
        while (index === options.paintStops && !cancelled.has(id)) await wait(20);
        if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
        const mine = { ...recipe, seed: (recipe.seed + index) % 2 ** 32 };
        const match = matchOf(mine);
        matches.push({ index, ...match });
        const picture = { recipe: mine, pixels: flower(mine) };
        post({ type: 'report', id, task: 'rank', report: { stage: 'picture', index, picture, ...match } });
      }
      const order = matches.sort((a, b) => a.loss - b.loss).map(({ index }) => index);
      return post({ type: 'done', id, task: 'rank', output: { order, milliseconds: count } });
    },
    async improve(id, { recipe, steps }) {
      await fetchMirror(id, (report) => post({ type: 'report', id, task: 'improve', report }));
      for (let step = 0; step <= steps; step++) {
        while (step === options.improveStops && !cancelled.has(id)) await wait(20);
        if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
        await wait(options.readStep);
        const loss = 12 + 10 / (step + 1);
        const pixels = step % 5 === 0 ? { picture: flower({ ...recipe, seed: recipe.seed + step / 10 }) } : {};
        post({ type: 'report', id, task: 'improve', report: { stage: 'search', step, steps, loss, ...pixels } });
      }
      const better = { ...recipe, style: { z: [0.5, -0.25, 1], strength: 1 } };
      const output = {
        picture: { recipe: better, pixels: flower({ ...recipe, seed: recipe.seed + 2 }) },
        before: { picture: { recipe, pixels: flower(recipe) }, loss: 22 },
        loss: 12 + 10 / (steps + 1),
        milliseconds: steps,
      };
      return post({ type: 'done', id, task: 'improve', output });
    },
  };
};
