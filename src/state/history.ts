/** Captions of all visits and pictures of this one. */
import type { Picture } from '../engine/protocol.ts';
import { MAX_CAPTION } from '../text/alphabet.ts';
import type { Get, Set, State, World } from './store.ts';

export const MAX_CAPTIONS = 100;
/** Pictures stay in memory, at 16 KB each for 64×64; more than this and the oldest go. */
export const MAX_PICTURES = 200;

/** A picture with a name of its own, for lists. */
export interface Painted extends Picture {
  readonly id: number;
  /** An earlier stage; the finished picture is on its way. */
  readonly draft?: true;
}

export interface HistorySlice {
  /** Newest first, each once. */
  readonly captions: readonly string[];
  /** Pictures of earlier paintings, newest first. */
  readonly earlier: readonly Painted[];
  readonly rememberCaption: (caption: string) => void;
  readonly keepPictures: (pictures: readonly Painted[]) => void;
  readonly forgetPicture: (id: number) => void;
  /** Gives a picture a name of its own. */
  readonly named: (picture: Picture) => Painted;
  /** Answers with the way back. */
  readonly clearEarlier: () => () => void;
}

const KEY = 'captions';

export function historySlice(set: Set, get: Get, { storage }: World): HistorySlice {
  let nextId = 1;
  return {
    captions: checkCaptions(storage.read(KEY)),
    earlier: [],
    rememberCaption(caption) {
      // Another tab may have kept some since; it would lose them.
      const known = [caption, ...checkCaptions(storage.read(KEY)), ...get().captions];
      const captions = [...new Set(known)].slice(0, MAX_CAPTIONS);
      set({ captions });
      storage.write(KEY, captions);
    },
    keepPictures(pictures) {
      if (pictures.length === 0) return;
      // A picture that was painted again (a locked seed, a link) would only stand there twice.
      const fresh = new Set(pictures.map(likeness));
      const others = get().earlier.filter((p) => !fresh.has(likeness(p)));
      set({ earlier: [...pictures, ...others].slice(0, MAX_PICTURES) });
    },
    forgetPicture(id) {
      set({ earlier: get().earlier.filter((p) => p.id !== id) });
    },
    named: (picture) => ({ ...picture, id: nextId++ }),
    clearEarlier() {
      const cleared = get().earlier;
      set({ earlier: [] });
      return () => {
        const { earlier, batch } = get();
        // A painting that was stopped may have taken some back.
        const gone = cleared.filter((p) => !batch?.pictures.includes(p));
        set({ earlier: [...earlier, ...gone].slice(0, MAX_PICTURES) });
      };
    },
  };
}

/** The pictures of the latest painting that are there already, in order. */
export function latestPictures(state: Pick<State, 'batch'>): readonly Painted[] {
  return state.batch?.pictures.filter((p) => p !== null) ?? [];
}

/** Equal for pictures that are equal. */
function likeness({ recipe, pixels }: Painted): string {
  const { model, caption, seed, truncation, style, towards } = recipe;
  return JSON.stringify([model, seed, truncation, pixels.width, caption, style, towards]);
}

function checkCaptions(kept: unknown): string[] {
  if (!Array.isArray(kept)) return [];
  const captions = kept.filter((c): c is string => typeof c === 'string' && c !== '' && c.length <= MAX_CAPTION);
  return [...new Set(captions)].slice(0, MAX_CAPTIONS);
}
