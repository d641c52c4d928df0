/** A face on its way up from 4×4: the same recipe at every size, and wherever between two of them one stands. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LoadProgress, Pixels } from '../engine/protocol.ts';
import { modelOf } from './catalogue.ts';
import type { Growing } from './growth.ts';
import { growthAt, onGrain } from './growth-place.ts';
import { aborted, done, failed, IDLE, running, type Job } from './job.ts';
import { createLane } from './lane.ts';
import type { Store } from './store.ts';

/** Seconds from size to size, played. */
const PACE = 2;
/** Who comes back to a tab that slept goes on from where they were. Seconds. */
const LONGEST_FRAME = 0.25;

/** A picture, and how far it has grown. */
export interface Grown {
  readonly place: number;
  readonly pixels: Pixels;
}

export interface GrowthState {
  /** Edges in pixels, the smallest first. */
  readonly sizes: readonly number[];
  /** The picture of each size; null until it came. */
  readonly stops: readonly (Pixels | null)[];
  /** Where one stands; see `growth-place.ts`. */
  readonly place: number;
  /** The picture there, or the last one that came; null until there is any. */
  readonly shown: Grown | null;
  /** null until somebody decides. */
  readonly playing: boolean | null;
  /** Running while anything is painted. */
  readonly job: Job<LoadProgress | null>;
  /** Paints what is missing; after a failure it goes on. */
  readonly begin: () => void;
  readonly stop: () => void;
  /** Goes there and stays; the newest wins. */
  readonly moveTo: (place: number) => void;
  /** Where nothing is left to grow, playing begins anew. */
  readonly play: (playing: boolean) => void;
  /** A frame of the screen: so many seconds have passed. */
  readonly travel: (seconds: number) => void;
}

export function createGrowth(store: Store, { of: { recipe }, world }: Growing): StoreApi<GrowthState> {
  const sizes = modelOf(store.getState(), recipe.model)?.sizes ?? [];
  const last = sizes.length - 1;
  return createStore<GrowthState>((set, get) => {
    const known = new Map<number, Grown>();
    /** Where a play has got to, between two steps of the grain. */
    let exact = last;
    /** What a job failed with, which the lane forgets where something newer waits. */
    let missed: unknown;
    /** What is missing was asked for once more by itself. */
    let again = false;

    /** Works on places: all sizes at first, then one at a time. */
    const lane = createLane<readonly number[]>({
      rest: 0,
      async work(wishes, signal) {
        const places = wishes.flat();
        const tell = (progress: LoadProgress | null) => set({ job: running(progress) });
        if (get().job.state !== 'running') tell(null);
        try {
          await Promise.race([store.getState().load(recipe.model), aborted(signal)]);
          const input = { recipe, at: places.map(growthAt) };
          await world.engine.call('grow', input, {
            signal,
            report(now) {
              const place = now.stage === 'picture' ? places[now.index] : undefined;
              if (now.stage !== 'picture') tell(now);
              else if (place !== undefined) arrive({ place, pixels: now.pixels });
            },
          });
        } catch (thrown) {
          missed = thrown;
          throw thrown;
        }
      },
      spare: () => [],
      fail,
      idle() {
        if (get().stops.every((stop) => stop !== null)) return set({ job: done(null) });
        // All sizes failed, or gave way, while another place was wished for.
        if (again) return fail(missed);
        again = true;
        paintMissing();
      },
    });

    function fail(thrown: unknown): void {
      set({ job: failed(thrown), playing: false });
    }

    function paintMissing(): void {
      const wanted = [...sizes.keys(), get().place];
      const missing = [...new Set(wanted)].filter((place) => !known.has(place));
      if (missing.length > 0) lane.ask(missing);
    }

    function arrive(grown: Grown): void {
      known.set(grown.place, grown);
      const { stops, place } = get();
      set({
        stops: stops.map((stop, i) => (i === grown.place ? grown.pixels : stop)),
        // What was on its way when a known place was chosen would be a step back.
        shown: known.get(place) ?? grown,
      });
    }

    function go(place: number): void {
      if (place === get().place) return;
      const shown = known.get(place);
      set({ place, ...(shown && { shown }) });
      if (shown) lane.more();
      else lane.ask([place]);
    }

    return {
      sizes,
      stops: sizes.map(() => null),
      place: last,
      shown: null,
      playing: null,
      job: IDLE,
      begin() {
        again = false;
        paintMissing();
      },
      stop: lane.stop,
      moveTo(place) {
        exact = onGrain(place, last);
        set({ playing: false });
        go(exact);
      },
      play(playing) {
        const { place } = get();
        exact = playing && place === last ? 0 : place;
        set({ playing });
        go(exact);
      },
      travel(seconds) {
        if (!get().playing) return;
        exact = Math.min(last, exact + Math.min(seconds, LONGEST_FRAME) / PACE);
        go(onGrain(exact, last));
        if (exact === last) set({ playing: false });
      },
    };
  });
}
