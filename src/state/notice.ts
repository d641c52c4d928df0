/** Short messages at the edge of the page: what became of a link, a dropped file, a copy. */
import type { Failure } from '../failure.ts';
import type { Get, Set } from './store.ts';

export interface Notice {
  readonly id: number;
  readonly tone: 'good' | 'plain' | 'trouble';
  /** Text only; whatever came from outside is shown as written. */
  readonly text: string;
  /** Shown in the words that ui/Failure has for it. */
  readonly failure?: Failure;
  /** What a press on its button does. */
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Goes away by itself after so many milliseconds; troubles stay until dismissed. */
  readonly lasts?: number;
}

export interface NoticeSlice {
  readonly notices: readonly Notice[];
  readonly notify: (notice: Omit<Notice, 'id'>) => number;
  readonly dismiss: (id: number) => void;
}

const MAX_NOTICES = 3;

export function noticeSlice(set: Set, get: Get): NoticeSlice {
  let next = 1;
  return {
    notices: [],
    notify(notice) {
      const id = next++;
      // The same words twice would only push others out.
      const others = get().notices.filter((n) => n.text !== notice.text || n.failure?.kind !== notice.failure?.kind);
      set({ notices: [...others, { ...notice, id }].slice(-MAX_NOTICES) });
      return id;
    },
    dismiss(id) {
      set({ notices: get().notices.filter((n) => n.id !== id) });
    },
  };
}
