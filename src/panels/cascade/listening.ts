/** What there is to say of the maps, in numbers and in words. */
import type { AttentionMaps } from '../../engine/protocol.ts';
import { mapOf, type Cascade, type Layer } from '../../state/cascade.ts';

type Listening = Layer & { readonly attention: AttentionMaps };

/** The last stage that listened to words: the finest. */
export function finest({ layers }: Cascade): Listening | null {
  return layers.findLast((layer): layer is Listening => layer.attention !== null) ?? null;
}

const DOWN = ['at the top', 'in the middle', 'at the bottom'] as const;
const ACROSS = ['left', '', 'right'] as const;

/** Ninths that differ by less from the whole picture are the same to the eye. */
const EVEN = 1.05;

/** In which ninth of the picture a map is strongest: "most at the top left", "most in the middle", "about evenly". */
export function whereHeard(values: Float32Array, width: number, height: number): string {
  const sums = Array<number>(9).fill(0);
  const places = Array<number>(9).fill(0);
  for (const [place, value] of values.entries()) {
    const [x, y] = [place % width, Math.floor(place / width)];
    const ninth = 3 * Math.floor((3 * y) / height) + Math.floor((3 * x) / width);
    sums[ninth] = (sums[ninth] ?? 0) + value;
    places[ninth] = (places[ninth] ?? 0) + 1;
  }
  // Ninths of 32×32 have 100 to 121 places: their sums do not compare.
  const means = sums.map((sum, i) => sum / Math.max(1, places[i] ?? 0));
  const best = Math.max(...means);
  if (best * values.length <= EVEN * sums.reduce((a, b) => a + b, 0)) return 'about evenly';
  const most = means.indexOf(best);
  const [down, across] = [DOWN[Math.floor(most / 3)] ?? '', ACROSS[most % 3] ?? ''];
  if (across === '') return `most ${down}`;
  return down === 'in the middle' ? `most on the ${across}` : `most ${down} ${across}`;
}

/** Of all that places hear, each word's part; they sum to 1. */
export function partsOf({ attention }: Listening, words: number): Float32Array {
  const places = attention.width * attention.height;
  return Float32Array.from({ length: words }, (_, word) => {
    return mapOf(attention, words, word).reduce((sum, value) => sum + value, 0) / places;
  });
}
