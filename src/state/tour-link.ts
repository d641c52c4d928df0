/**
 * A tour in the page's address: `r=7:a+red+flower;12:a+blue+flower`, with a style's z and strength behind the caption;
 * and the two ends that stand beside it there and in files.
 */
import { decode, decodeZ, encode, encodeZ, number } from '../permalink.ts';
import { cleanCaption } from '../recipe.ts';
import type { State } from './store.ts';
import { checkStops, ringOf } from './tour.ts';
import { ready, type End, type Walk } from './walk.ts';

const KEY = 'r=';

/**
 * The walk that a link or a file holds; null where there is none that can be painted. A tour needs no A and B: where
 * they cannot be painted, its first two stops are the ends.
 */
export function soundWalk({ walk, touring, stops }: Pick<State, 'walk' | 'touring' | 'stops'>): Walk | null {
  if (ready(walk)) return walk;
  const [a, b] = touring ? ringOf(stops) : [];
  return a && b ? { ...walk, a, b } : null;
}

/** stops → `r=…`, without those that cannot be painted */
export function tourPart(stops: readonly End[]): string {
  const parts = ringOf(stops).map(({ seed, caption, style }) =>
    [seed, encode(cleanCaption(caption)), ...(style ? [encodeZ(style.z), style.strength] : [])].join(':'),
  );
  return KEY + parts.join(';');
}

/** A hash → its stops; [] where it names none, null where it names some that cannot be read. */
export function tourOf(hash: string): readonly End[] | null {
  const part = hash.split(/[#&]/).find((part) => part.startsWith(KEY));
  if (part === undefined) return [];
  const stops = part
    .slice(KEY.length)
    .split(';')
    .map((stop) => {
      const [seed = '', caption = '', z, strength = ''] = stop.split(':');
      const style = z === undefined ? {} : { style: { z: decodeZ(z), strength: number(strength) } };
      return { seed: number(seed), caption: decode(caption), ...style };
    });
  const checked = checkStops(stops);
  return checked.length > 0 ? checked : null;
}
