/** How a picture came about, stage by stage and word by word; and what becomes of it when one word is another. */
import type { AttentionMaps, LoadProgress, Pixels } from '../engine/protocol.ts';
import type { Failure } from '../failure.ts';
import { captionFault } from '../text/alphabet.ts';
import { exchangeWord } from '../text/vocabulary.ts';
import { modelOf } from './catalogue.ts';
import type { Painted } from './history.ts';
import { aborted, done, failed, running, type Job } from './job.ts';
import type { Get, Set, State, World } from './store.ts';

/** One stage: a picture, and by which words its places were drawn; the first is drawn from the sentence alone. */
export interface Layer {
  readonly pixels: Pixels;
  readonly attention: AttentionMaps | null;
}

export interface Cascade {
  /** The smallest first. */
  readonly layers: readonly Layer[];
  /** As the model reads them; the maps have as many columns. */
  readonly words: readonly string[];
}

/** Stages that have come so far. */
export interface Coming {
  readonly layers: readonly Layer[];
  readonly fetching: LoadProgress | null;
}

/** The same noise with one word exchanged. */
export interface Change {
  /** Which word, and what stands there now; '' where it was left out. */
  readonly at: number;
  readonly word: string;
  readonly job: Job<Coming, { readonly cascade: Cascade; readonly picture: Painted }>;
}

export interface CascadeSlice {
  readonly inside: {
    readonly of: Painted;
    readonly job: Job<Coming, Cascade>;
    readonly change: Change | null;
  } | null;
  readonly lookInside: (picture: Painted) => Promise<void>;
  /** Answers with what is wrong with the caption that would come of it. */
  readonly changeWord: (at: number, word: string) => Failure | null;
  readonly dropChange: () => void;
  /** Goes on with the changed picture, which is kept among the earlier ones. */
  readonly keepChange: () => void;
  readonly stopLookingInside: () => void;
}

export function cascadeSlice(set: Set, get: Get, { engine }: World): CascadeSlice {
  let abort: AbortController | null = null;

  /** What was running before is nobody's any more. */
  function begin(): AbortController {
    abort?.abort();
    return (abort = new AbortController());
  }

  async function look(
    { recipe }: Pick<Painted, 'recipe'>,
    signal: AbortSignal,
    tell: (coming: Coming) => void,
  ): Promise<Cascade> {
    let coming: Coming = { layers: [], fetching: null };
    tell(coming);
    await Promise.race([get().load(recipe.model), aborted(signal)]);
    const { words } = await engine.call(
      'look',
      { recipe },
      {
        signal,
        report(at) {
          if (at.stage !== 'picture') coming = { ...coming, fetching: at };
          else {
            // A replay begins anew; what it reports again takes the place of what was there.
            const layer: Layer = { pixels: at.pixels, attention: at.attention ?? null };
            coming = { layers: [...coming.layers.slice(0, at.index), layer], fetching: null };
          }
          tell(coming);
        },
      },
    );
    return { layers: coming.layers, words };
  }

  async function paintChange(of: Painted, caption: string, at: number, word: string): Promise<void> {
    const controller = begin();
    const tell = (job: Change['job']) => {
      const { inside } = get();
      if (abort === controller && inside) set({ inside: { ...inside, change: { at, word, job } } });
    };
    const recipe = { ...of.recipe, caption };
    try {
      const cascade = await look({ recipe }, controller.signal, (coming) => tell(running(coming)));
      const pixels = cascade.layers.at(-1)?.pixels;
      if (pixels) tell(done({ cascade, picture: get().named({ recipe, pixels }) }));
    } catch (thrown) {
      tell(failed(thrown));
    }
  }

  return {
    inside: null,
    async lookInside(of) {
      const controller = begin();
      const tell = (job: Job<Coming, Cascade>) => {
        if (abort === controller) set({ inside: { of, job, change: null } });
      };
      try {
        tell(done(await look(of, controller.signal, (coming) => tell(running(coming)))));
      } catch (thrown) {
        tell(failed(thrown));
      }
    },
    changeWord(at, text) {
      const { inside } = get();
      if (inside?.job.state !== 'done') return null;
      const word = text.trim();
      const caption = exchangeWord(inside.of.recipe.caption, at, word);
      // What no word is read of would be left out in silence.
      const fault = captionFault(word || caption) ?? captionFault(caption);
      if (!fault) void paintChange(inside.of, caption, at, word);
      return fault;
    },
    dropChange() {
      begin();
      const { inside } = get();
      if (inside) set({ inside: { ...inside, change: null } });
    },
    keepChange() {
      const { inside, keepPictures } = get();
      if (inside?.change?.job.state !== 'done') return;
      begin();
      const { cascade, picture } = inside.change.job.result;
      keepPictures([picture]);
      set({ inside: { of: picture, job: done(cascade), change: null } });
    },
    stopLookingInside() {
      begin();
      set({ inside: null });
    },
  };
}

/** Whether the picture's model paints in stages and tells of its words. */
export function canLookInside(state: Pick<State, 'catalogue'>, { recipe }: Painted): boolean {
  return looksInside(state, recipe.model);
}

/** The same of a model, by its id. */
export function looksInside(state: Pick<State, 'catalogue'>, model: string): boolean {
  return modelOf(state, model)?.abilities?.includes('look') ?? false;
}

/** Between two captions there is no one word to exchange. */
export const canChangeWords = ({ recipe }: Painted): boolean => !recipe.towards;

/** Shares of one word over the places, [height,width]. */
export function mapOf({ values }: AttentionMaps, words: number, word: number): Float32Array {
  return Float32Array.from({ length: values.length / words }, (_, place) => values[place * words + word] ?? 0);
}

/** Shares of all words at one place. */
export function wordsAt({ values, width }: AttentionMaps, words: number, x: number, y: number): Float32Array {
  const place = y * width + x;
  return values.slice(place * words, (place + 1) * words);
}
