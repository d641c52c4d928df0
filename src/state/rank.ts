/** The best of many: the mirror reads each picture as it is painted, and those that show the caption best come first. */
import type { Engine } from '../engine/client.ts';
import type { Input, LoadProgress, Match, Picture } from '../engine/protocol.ts';
import type { BestOf } from '../permalink.ts';
import { captionerOf, modelOf } from './catalogue.ts';
import type { Painted } from './history.ts';
import type { State } from './store.ts';

/** What is known of a ranking: it grows while pictures come. */
export interface Best {
  readonly of: number;
  /** By the picture's id. */
  readonly matches: ReadonlyMap<number, Match>;
  /** The mirror is on its way. */
  readonly fetching?: LoadProgress;
}

/** Where a painting puts its pictures. */
export interface Easel {
  readonly signal: AbortSignal;
  readonly named: (picture: Picture) => Painted;
  /** All places, whenever one of them changes; null for what is still to come. */
  readonly show: (pictures: readonly (Painted | null)[], best?: Best) => void;
}

export interface Painting {
  readonly pictures: number;
  /** Milliseconds a picture, where nothing but painting was done. */
  readonly pace?: number;
}

/** What the next press on Paint will do: a model without a mirror cannot choose. */
export function bestOfNow(state: State): BestOf {
  const model = modelOf(state, state.form.recipe.model);
  return model && captionerOf(model) ? state.form.bestOf : 0;
}

interface Ranked {
  readonly picture: Painted;
  readonly match: Match;
}

/** Paints `count` pictures; those that are there stand before the empty places, best first. */
export async function rankPictures(engine: Engine, input: Input<'rank'>, easel: Easel): Promise<Painting> {
  const { count } = input;
  const ranked = new Map<number, Ranked>();
  function show(order: readonly Ranked[], fetching?: LoadProgress) {
    const empty = Array<null>(count - order.length).fill(null);
    const matches = new Map(order.map(({ picture, match }) => [picture.id, match]));
    easel.show([...order.map(({ picture }) => picture), ...empty], {
      of: count,
      matches,
      ...(fetching && { fetching }),
    });
  }
  const { order } = await engine.call('rank', input, {
    signal: easel.signal,
    report: (report) => {
      if (report.stage !== 'picture') return show(byMatch(ranked), report);
      const { index, picture, loss, similarity } = report;
      if (index < 0 || index >= count) return;
      ranked.set(index, { picture: easel.named(picture), match: { loss, similarity } });
      show(byMatch(ranked));
    },
  });
  // The engine has the last word.
  const best = order.map((index) => ranked.get(index)).filter((r) => r !== undefined);
  show(best.length === ranked.size ? best : byMatch(ranked));
  return { pictures: ranked.size };
}

/** As the engine will order all of them (engine/tasks/rank.ts): little surprise and much likeness, each as it varies. */
function byMatch(ranked: ReadonlyMap<number, Ranked>): Ranked[] {
  const all = [...ranked.values()];
  const losses = standardised(all.map(({ match }) => -match.loss));
  const similarities = standardised(all.map(({ match }) => match.similarity));
  const scored = all.map((r, i) => ({ r, score: (losses[i] ?? 0) + (similarities[i] ?? 0) }));
  return scored.sort((a, b) => b.score - a.score).map(({ r }) => r);
}

/** values → mean 0, deviation 1; all 0 where they are alike */
function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
  return values.map((v) => (deviation > 1e-9 ? (v - mean) / deviation : 0));
}
