/** Small things that every part of a set's way in needs. */
import { cleanCaption } from '../recipe.ts';
import { MAX_CAPTION } from '../text/alphabet.ts';

export interface Fault {
  /** A path, or a list's own. */
  readonly name: string;
  /** A clause: "no file of this name came with it". */
  readonly why: string;
}

/** Storable and not longer than the longest. */
export function tidied(caption: string): string {
  return cleanCaption(caption).slice(0, MAX_CAPTION).trim();
}

/** "set/deep/a.png" → "a.png" */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
