/** What is seen on the way up, in words. */
import { growthAt } from '../../state/growth-place.ts';
import { share } from '../../ui/format.ts';

/** "32 px, 40% of the new details"; "64 px, fully grown" */
export function placeWords(place: number, sizes: readonly number[]): string {
  const { depth, alpha } = growthAt(place);
  const size = `${sizes[depth] ?? 0} px`;
  if (alpha < 1) return `${size}, ${share(alpha)} of the new details`;
  if (depth === 0) return `${size}, where it begins`;
  return depth === sizes.length - 1 ? `${size}, fully grown` : `${size}, all of its details`;
}

/** How far ε strays, in words. */
export function sigmaWords(sigma: number): string {
  if (sigma === 0) return 'Nothing is left open: all nine are the face that the words mean on average.';
  if (sigma > 1) return 'Farther than the model ever strayed while it learned: some faces may fall apart.';
  return 'Same words, same z; only what the words do not say is drawn anew.';
}
