/** The fake worker's eye for style: what it understands of a picture at once, and after some steps. */
import type { LoadProgress } from '../../src/engine/protocol.ts';
import type { Part } from './fake-worker-parts.ts';

export const inverting: Part = ({ options, cancelled, post, wait }) => {
  let eyeIsHere = false;

  return {
    async invert(id, { pixels, steps }) {
      const total = 1_600_000;
      for (let step = 0; !eyeIsHere && step <= 4; step++) {
        const report: LoadProgress = { stage: 'download', loaded: (total * step) / 4, total, cached: 0 };
        post({ type: 'report', id, task: 'invert', report });
        await wait(options.readStep);
      }
      eyeIsHere = true;
      if (options.invertFails) return post({ type: 'failed', id, failure: options.invertFails });
      /** The picture with its colours dulled: the more, the less was understood. */
      const dulled = (share: number) => {
        const data = pixels.data.map((v, i) => (i % 4 === 3 ? 255 : v + (128 - v) * share));
        const off = pixels.data.reduce((sum, v, i) => sum + (i % 4 === 3 ? 0 : (v - (data[i] ?? 0)) ** 2), 0);
        const distance = Math.sqrt(off / (0.75 * data.length));
        return { pixels: { ...pixels, data }, distance };
      };
      for (let step = 0; steps > 0 && step <= steps; step++) {
        while (step === options.invertStops && !cancelled.has(id)) await wait(20);
        if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
        await wait(options.readStep);
        const share = 0.2 + 0.4 / (1 + step / 10);
        const picture = step % 10 === 0 ? { picture: dulled(share).pixels } : {};
        const report = { stage: 'search' as const, step, steps, loss: share / 3, ...picture };
        post({ type: 'report', id, task: 'invert', report });
      }
      // The middle's colour, in the recipe's steps; a search ends a little beside it.
      const middle = 4 * (32 * pixels.width + 32);
      const z = [0, 1, 2].map((c) => (pixels.data[middle + c] ?? 0) / 64 + (steps > 0 ? 0.25 : 0));
      const [first, found] = [dulled(0.6), dulled(steps > 0 ? 0.2 : 0.6)];
      return post({ type: 'done', id, task: 'invert', output: { z, first, found, milliseconds: 5 } });
    },
  };
};
