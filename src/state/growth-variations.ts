/** What a description leaves open: nine draws of ε with the same words and the same z, σ·ε each (Zhang et al. 2017). */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LoadProgress, Picture } from '../engine/protocol.ts';
import { isTruncation, type Recipe } from '../recipe.ts';
import { aborted, done, failed, IDLE, running, type Job } from './job.ts';
import { createLane } from './lane.ts';
import type { Growing } from './growth.ts';
import type { Store } from './store.ts';

export const VARIATIONS = 9;

export interface VariationsState {
  /** How far ε may stray from the words, 0 to 1.5. */
  readonly sigma: number;
  /** One an ε; null until it came, and until the next comes that of an earlier σ. */
  readonly tiles: readonly (Picture | null)[];
  readonly job: Job<LoadProgress | null>;
  /** Paints what is wanted now; after a failure it tries again. */
  readonly begin: () => void;
  readonly stop: () => void;
  readonly chooseSigma: (sigma: number) => void;
  readonly drawOthers: () => void;
  /** Paint paints this very picture: its z and ε are the recipe's style, as links and files hold it. */
  readonly take: (variation: Picture) => void;
}

interface Wish {
  readonly sigma: number;
  readonly seeds: readonly number[];
}

export function createVariations(store: Store, { of: { recipe }, world }: Growing): StoreApi<VariationsState> {
  const drawSeeds = () => Array.from({ length: VARIATIONS }, world.drawSeed);
  return createStore<VariationsState>((set, get) => {
    let seeds = drawSeeds();
    let newest: Wish | null = null;

    const lane = createLane<Wish>({
      rest: 0,
      async work([wish], signal) {
        if (!wish) return;
        if (get().job.state !== 'running') set({ job: running(null) });
        await Promise.race([store.getState().load(recipe.model), aborted(signal)]);
        // Nine pictures are too many to wait for where a newer σ is asked for; but some of them are shown.
        const own = new AbortController();
        const stop = () => own.abort();
        signal.addEventListener('abort', stop, { once: true });
        await world.engine.call(
          'vary',
          { recipe, ...wish },
          {
            signal: own.signal,
            report(now) {
              if (now.stage !== 'picture') return set({ job: running(now) });
              set({ tiles: get().tiles.map((tile, i) => (i === now.index ? now.picture : tile)) });
              if (newest !== wish) stop();
            },
          },
        );
      },
      spare: () => [],
      fail: (thrown) => set({ job: failed(thrown) }),
      idle: () => set({ job: done(null) }),
    });

    function ask(): void {
      newest = { sigma: get().sigma, seeds };
      lane.ask(newest);
    }

    return {
      sigma: 1,
      tiles: seeds.map(() => null),
      job: IDLE,
      begin: ask,
      stop: lane.stop,
      chooseSigma(sigma) {
        if (!isTruncation(sigma) || sigma === get().sigma) return;
        set({ sigma });
        ask();
      },
      drawOthers() {
        seeds = drawSeeds();
        ask();
      },
      take({ recipe, pixels }) {
        const { style } = recipe;
        if (!style) return;
        const { arrange, paintMoreLike, stopWatching } = store.getState();
        stopWatching();
        store.setState({ worn: { name: 'A variation', z: style.z, thumbnail: pixels } });
        // At strength 1 all seeds paint the same picture.
        arrange({ count: 1 });
        void paintMoreLike(recipe);
      },
    };
  });
}

/** Between two descriptions there is none whose ε could be another. */
export const canVary = ({ towards }: Recipe): boolean => !towards;
