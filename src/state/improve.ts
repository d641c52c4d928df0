/** Steering by the mirror: small steps on the noise that a picture was painted from, until it shows its caption better. */
import type { LoadProgress, Pixels } from '../engine/protocol.ts';
import type { Painted } from './history.ts';
import { aborted, done, failed, running, type Job } from './job.ts';
import type { Get, Set, World } from './store.ts';

export const STEPS = [30, 60, 120, 200] as const;
export type Steps = (typeof STEPS)[number];

export interface Improving {
  /** The mirror is on its way; null once steps are taken. */
  readonly fetching: LoadProgress | null;
  /** Before the first step and after each: how much the mirror is surprised by the caption. */
  readonly losses: readonly number[];
  /** As it looks now; null before the first step. */
  readonly pixels: Pixels | null;
}

export interface Improved {
  readonly before: number;
  readonly after: number;
  readonly losses: readonly number[];
  readonly picture: Painted;
}

export interface ImproveSlice {
  readonly improvement: { readonly of: Painted; readonly steps: Steps; readonly job: Job<Improving, Improved> } | null;
  readonly improve: (picture: Painted, steps: Steps) => Promise<void>;
  readonly cancelImproving: () => void;
  /** Puts what was found among the pictures, and holds it up to the mirror. */
  readonly keepImproved: () => void;
  /** Back to the picture as it was. */
  readonly dropImproved: () => void;
}

const NOTHING_YET: Improving = { fetching: null, losses: [], pixels: null };

export function improveSlice(set: Set, get: Get, { engine }: World): ImproveSlice {
  let abort: AbortController | null = null;

  return {
    improvement: null,
    async improve(of, steps) {
      abort?.abort();
      const controller = new AbortController();
      const { signal } = controller;
      abort = controller;
      const tell = (job: Job<Improving, Improved>) => {
        if (abort === controller) set({ improvement: { of, steps, job } });
      };
      let now = NOTHING_YET;
      tell(running(now));
      try {
        await Promise.race([get().load(of.recipe.model), aborted(signal)]);
        const found = await engine.call(
          'improve',
          { recipe: of.recipe, steps },
          {
            signal,
            report: (at) => {
              if (at.stage !== 'search') now = { ...now, fetching: at };
              else {
                // A replay begins anew; what it reports again takes the place of what was there.
                const losses = [...now.losses.slice(0, at.step), at.loss];
                now = { fetching: null, losses, pixels: at.picture ?? now.pixels };
              }
              tell(running(now));
            },
          },
        );
        tell(
          done({
            before: found.before.loss,
            after: found.loss,
            losses: now.losses,
            picture: get().named(found.picture),
          }),
        );
      } catch (thrown) {
        tell(failed(thrown));
      }
    },
    cancelImproving() {
      abort?.abort();
    },
    keepImproved() {
      const { improvement, keepPictures, hold, notify } = get();
      if (improvement?.job.state !== 'done') return;
      const { picture } = improvement.job.result;
      keepPictures([picture]);
      hold(picture);
      notify({
        tone: 'good',
        text: 'Kept: it stands first among the earlier pictures.',
        action: {
          label: 'Undo',
          run: () => {
            get().forgetPicture(picture.id);
            hold(improvement.of);
            set({ improvement });
          },
        },
        lasts: 10_000,
      });
    },
    dropImproved() {
      abort?.abort();
      abort = null;
      set({ improvement: null });
    },
  };
}
