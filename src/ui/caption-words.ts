/** What is said of a caption under its field. */
import { CAPTION_LENGTH, captionFault, MAX_CAPTION, normalise } from '../text/alphabet.ts';
import { words } from '../text/vocabulary.ts';
import { whole } from './format.ts';

/**
 * One quiet sentence about the caption, or none. `unseen`: its words that the model never saw; `longest`: how many words
 * it reads, null where it reads letters; `learns`: whether it is about to be taught.
 */
export function captionWords(
  caption: string,
  unseen: readonly string[],
  longest: number | null,
  learns = false,
): string {
  if (caption.length > MAX_CAPTION) {
    return `${whole(caption.length)} characters; at most ${whole(MAX_CAPTION)} can be painted.`;
  }
  const most = longest ?? CAPTION_LENGTH;
  if (caption.length > most && (longest ? words(caption) : normalise(caption)).length > most) {
    return `Only the first ${most} ${longest ? 'words' : 'characters'} are read.`;
  }
  if (captionFault(caption)?.reason === 'unreadable') return 'This model reads English words in Latin letters.';
  const [first, ...others] = [...new Set(unseen)].map((word) => `“${word.slice(0, 40)}”`);
  if (first === undefined) return '';
  const does = learns ? 'will learn' : 'passes over';
  const reads = longest ? `${does} ${others.length ? 'them' : 'it'}` : 'reads the letters';
  if (others.length === 0) return `${first} is new to this model; it ${reads}.`;
  const named = others.length > 2 ? `${others.length} other words` : others.join(' and ');
  return `${first} and ${named} are new to this model; it ${reads}.`;
}
