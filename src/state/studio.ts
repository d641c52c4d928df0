/** The painter of the room Between: shows the place where a person is, and paints the rest while they rest. */
import type { Picture, Pixels } from '../engine/protocol.ts';
import type { Recipe } from '../recipe.ts';
import { aborted, done, failed, running, type Job } from './job.ts';
import { rememberPictures } from './known.ts';
import { createLane } from './lane.ts';
import type { Get, Set, World } from './store.ts';

/** Spare pictures of one job: a full batch of the engine's, so that a wish never waits for more. */
const FEW = 4;
/** Milliseconds that a hand must rest before the strip and the plane are painted. */
const REST = 200;

export interface StudioSlice {
  /** The picture where one stands, or the last one that came. */
  readonly standing: Picture | null;
  /** Running while anything is painted for the room; done when nothing of it is missing. */
  readonly walking: Job;
}

export interface Studio {
  /** The newest wins; what is known already is shown at once. */
  readonly show: (recipe: Recipe) => void;
  readonly find: (recipe: Recipe) => Pixels | undefined;
  readonly stop: () => void;
}

interface Wanted {
  readonly missing: () => readonly Recipe[];
  readonly urgent: () => readonly Recipe[];
  readonly arrived: () => void;
}

interface Wish {
  readonly recipe: Recipe;
  /** The later, the higher; 0 for what nobody waits for. */
  readonly turn: number;
}

/**
 * `missing`: what is good to have, in order. `urgent`: what of it must not wait for a rest that never comes; it goes with
 * the wishes, one each. `arrived`: a picture more is known.
 */
export function createStudio(set: Set, get: Get, { engine }: World, { missing, urgent, arrived }: Wanted): Studio {
  const known = rememberPictures();
  let turn = 0;
  let shown = 0;

  function stand(picture: Picture, at: number): void {
    // A picture that comes after a newer one was shown would be a step back.
    if (at <= shown) return;
    shown = at;
    set({ standing: picture });
  }

  const idly = (recipe: Recipe): Wish => ({ recipe, turn: 0 });
  const lane = createLane<Wish>({
    rest: REST,
    async work(wishes, signal) {
      const recipes = wishes.map(({ recipe }) => recipe);
      const [first] = recipes;
      if (!first) return;
      begin();
      await Promise.race([get().load(first.model), aborted(signal)]);
      await engine.call(
        'paint',
        { recipes },
        {
          signal,
          report({ index, picture }) {
            const wish = wishes[index];
            if (!wish || signal.aborted) return;
            known.keep(wish.recipe, picture.pixels);
            if (wish.turn > 0) stand(picture, wish.turn);
            arrived();
          },
        },
      );
    },
    urgent: () => urgent().slice(0, 1).map(idly),
    spare: () => missing().slice(0, FEW).map(idly),
    fail: (thrown) => set({ walking: failed(thrown) }),
    idle() {
      if (get().walking.state !== 'done') set({ walking: done(null) });
    },
  });

  function begin(): void {
    if (get().walking.state !== 'running') set({ walking: running(null) });
  }

  return {
    show(recipe) {
      turn += 1;
      const pixels = known.find(recipe);
      if (!pixels) return lane.ask({ recipe, turn });
      stand({ recipe: { ...recipe, size: pixels.width }, pixels }, turn);
      lane.more();
    },
    find: known.find,
    stop() {
      lane.stop();
      // What was running is nobody's business any more.
      turn += 1;
      shown = turn;
      if (get().walking.state !== 'done') set({ walking: { state: 'idle' } });
    },
  };
}
