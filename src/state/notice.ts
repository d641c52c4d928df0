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
  /** Earlier notices whose way back its own action has taken over. */
  readonly also?: number;
  /**
   * Goes away by itself after so many milliseconds, but not from under a pointer or the keyboard; troubles stay until
   * dismissed. With an action it is never less than `TO_ACT`.
   */
  readonly lasts?: number;
}

export interface NoticeSlice {
  readonly notices: readonly Notice[];
  readonly notify: (notice: Omit<Notice, 'id'>) => number;
  readonly dismiss: (id: number) => void;
}

const MAX_NOTICES = 3;
/** The least time to find a way back and press it. Milliseconds. */
const TO_ACT = 20_000;

/** The notices with a new one. The same words twice would only push others out, but no way back may be lost. */
function withNotice(notices: readonly Notice[], notice: Notice): readonly Notice[] {
  const same = (n: Notice) => n.text === notice.text && n.failure?.kind === notice.failure?.kind;
  const others = notices.filter((n) => n.action || !same(n));
  const surplus = others.length + 1 - MAX_NOTICES;
  if (surplus <= 0) return [...others, notice];
  // Those without a way back make room first, then those whose way back the new one can take over.
  const idle = others.filter((n) => !n.action).slice(0, surplus);
  const { action } = notice;
  const taken = others.filter((n) => action && n.action?.label === action.label).slice(0, surplus - idle.length);
  const stay = others.filter((n) => !idle.includes(n) && !taken.includes(n));
  if (!action || taken.length === 0) return [...stay, notice];
  // The latest is undone first.
  const runs = [...taken.flatMap((n) => n.action?.run ?? []), action.run].reverse();
  const also = taken.reduce((sum, n) => sum + 1 + (n.also ?? 0), 0);
  const text = `${notice.text} “${action.label}” is for ${also} before it as well.`;
  return [...stay, { ...notice, text, also, action: { ...action, run: () => runs.forEach((run) => run()) } }];
}

export function noticeSlice(set: Set, get: Get): NoticeSlice {
  let next = 1;
  return {
    notices: [],
    notify(notice) {
      const id = next++;
      const { action, lasts } = notice;
      const least = action && lasts !== undefined && { lasts: Math.max(lasts, TO_ACT) };
      set({ notices: withNotice(get().notices, { ...notice, ...least, id }) });
      return id;
    },
    dismiss(id) {
      set({ notices: get().notices.filter((n) => n.id !== id) });
    },
  };
}
