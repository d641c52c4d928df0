/** What the Teach room says in numbers and sentences. */
import type { Moves, Run } from '../../engine/protocol-teaching.ts';

/** "40 seconds", "7 minutes", "3 hours": as rough as the guess that it is. */
export function duration(seconds: number): string {
  if (seconds < 10) return 'a few seconds';
  if (seconds < 90) return `${5 * Math.round(seconds / 5)} seconds`;
  if (seconds < 90 * 60) return plural(Math.round(seconds / 60), 'minute');
  if (seconds < 36 * 3600) return plural(Number((seconds / 3600).toFixed(seconds < 36_000 ? 1 : 0)), 'hour');
  return plural(Math.round(seconds / 86_400), 'day');
}

export const plural = (count: number, what: string) => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;

/** What else is lost with a model; undefined where nothing is: a run goes on only from the very model that it began with. */
export function costOf(model: string, runs: readonly Run[] | null): string | undefined {
  const resting = runs?.filter(({ parent }) => parent === model) ?? [];
  const [first] = resting;
  if (!first) return undefined;
  if (resting.length === 1) return `The run “${first.name}” rests on it and could not go on.`;
  return `${plural(resting.length, 'run')} rest on it and could not go on.`;
}

export const MOVES_WORDS: Readonly<Record<Moves, { readonly label: string; readonly says: string }>> = {
  all: { label: 'Everything', says: 'The whole painter learns: shapes, colours and what words mean.' },
  'last-blocks': {
    label: 'Last layers',
    says: 'Only the layers nearest to the picture learn: surface and colour, less so form.',
  },
  text: {
    label: 'Words only',
    says: 'Only the way from words to the painter learns: it finds new uses for what it can paint already.',
  },
};

/** "1.3 M", "260 K" */
export function count(numbers: number): string {
  if (numbers >= 999_500) return `${(numbers / 1e6).toFixed(1)} M`;
  return numbers >= 1000 ? `${Math.round(numbers / 1000)} K` : String(numbers);
}

/** Seconds a step: "0.4 s". */
export const stepTime = (seconds: number) =>
  seconds >= 10
    ? `${Math.round(seconds)} s`
    : seconds >= 0.1
      ? `${seconds.toFixed(1)} s`
      : `${Math.round(1000 * seconds)} ms`;

/** What an offer changes: "batches of 4", "the last layers only". */
export function offerWords(change: {
  readonly moves?: Moves;
  readonly batch?: number;
  readonly steps?: number;
}): string {
  const parts = [
    change.steps !== undefined && plural(change.steps, 'step'),
    change.batch !== undefined && `batches of ${change.batch}`,
    change.moves === 'last-blocks' && 'the last layers only',
    change.moves === 'text' && 'the words only',
    change.moves === 'all' && 'everything',
  ].filter((part) => part !== false);
  return parts.join(', ');
}
