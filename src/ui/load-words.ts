/** How far a part of a model has come, in plain words. */
import type { LoadProgress } from '../engine/protocol.ts';
import { megabytesOf } from './format.ts';

/** What is being fetched, as a person may call it. */
export type Who = 'painter' | 'mirror' | 'eye for style' | 'critic';

export interface WaitWords {
  readonly title: string;
  readonly detail: string;
  /** 0 to 1; null while nobody knows. */
  readonly value: number | null;
}

const FITTING: Readonly<Record<Who, string>> = {
  painter: 'Mixing the colours',
  mirror: 'Hanging the mirror',
  'eye for style': 'Opening the eye for style',
  critic: 'Seating the critic',
};

/** null: nothing was heard of it yet. */
export function loadWords(progress: LoadProgress | null, who: Who = 'painter'): WaitWords {
  if (progress?.stage === 'download') {
    const { loaded, total, cached } = progress;
    const fromHere = cached >= total;
    return {
      title: fromHere ? `Unpacking the ${who}` : `Fetching the ${who}: ${megabytesOf(loaded, total)}`,
      detail: fromHere ? 'It was kept from your last visit.' : 'Only this once. Nothing you write leaves this tab.',
      value: total > 0 ? loaded / total : null,
    };
  }
  if (progress?.stage === 'compile') {
    return {
      title: FITTING[who],
      detail: `The ${who} is being fitted to this device; on a slow one that takes a while.`,
      value: null,
    };
  }
  const title = progress?.stage === 'device' ? 'Looking for a graphics device' : `Waking the ${who}`;
  return { title, detail: 'It works in this tab; nothing you write leaves it.', value: null };
}
