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

/** In which ninth of the picture the most of a map lies: "at the top left", "in the middle". */
export function whereMost(values: Float32Array, width: number, height: number): string {
  const ninths = Array<number>(9).fill(0);
  for (const [place, value] of values.entries()) {
    const [x, y] = [place % width, Math.floor(place / width)];
    const ninth = 3 * Math.floor((3 * y) / height) + Math.floor((3 * x) / width);
    ninths[ninth] = (ninths[ninth] ?? 0) + value;
  }
  const most = ninths.indexOf(Math.max(...ninths));
  const [down, across] = [DOWN[Math.floor(most / 3)] ?? '', ACROSS[most % 3] ?? ''];
  if (across === '') return down;
  return down === 'in the middle' ? `on the ${across}` : `${down} ${across}`;
}

/** Of all that places hear, each word's part; they sum to 1. */
export function partsOf({ attention }: Listening, words: number): Float32Array {
  const places = attention.width * attention.height;
  return Float32Array.from({ length: words }, (_, word) => {
    return mapOf(attention, words, word).reduce((sum, value) => sum + value, 0) / places;
  });
}
