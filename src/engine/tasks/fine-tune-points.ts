/** The curve of a run: means over some steps each, so that the longest run has some hundred points. */
import type { Stand } from '../../learn/trainer.ts';
import type { Point, TeachSettings } from '../protocol-teaching.ts';

const MOST_POINTS = 500;

export interface Points {
  /** One step's figures → a point, where one is due, where captions kept back were tried, or where training `ends`. */
  add(step: number, seen: Stand['seen'], heldOut: number | null, ends: boolean): Point | undefined;
  history(): readonly Point[];
}

/** `known`: of the steps before. `now` in milliseconds. */
export function pointsOf({ steps, batch }: TeachSettings, known: readonly Point[], now: () => number): Points {
  const all = [...known];
  const every = Math.ceil(steps / MOST_POINTS);
  let since: Stand['seen'][] = [];
  let began = now();
  return {
    add(step, seen, heldOut, ends) {
      since.push(seen);
      if (!ends && heldOut === null && step % every !== 0) return undefined;
      const mean = (name: keyof Stand['seen']): number =>
        Number((since.reduce((sum, one) => sum + one[name], 0) / since.length).toPrecision(4));
      const seconds = Math.max(1e-3, (now() - began) / 1000);
      const point: Point = {
        step,
        lossCritic: mean('lossCritic'),
        lossGenerator: mean('lossGenerator'),
        anchor: mean('anchor'),
        realRight: mean('realRight'),
        fakeRight: mean('fakeRight'),
        wrongRight: Number.isNaN(seen.wrongRight) ? null : mean('wrongRight'),
        heldOut: heldOut === null ? null : Number(heldOut.toPrecision(4)),
        picturesPerSecond: Number(((since.length * batch) / seconds).toPrecision(4)),
      };
      all.push(point);
      since = [];
      began = now();
      return point;
    },
    history: () => all,
  };
}
