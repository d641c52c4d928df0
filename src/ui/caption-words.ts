/** What is said of a caption under its field. */
import { CAPTION_LENGTH, captionFault, MAX_CAPTION, normalise } from '../text/alphabet.ts';
import { whole } from './format.ts';

/** One quiet sentence about the caption, or none. `unseen`: its words that the model never saw, each once. */
export function captionWords(caption: string, unseen: readonly string[]): string {
  if (caption.length > MAX_CAPTION) {
    return `${whole(caption.length)} characters; at most ${whole(MAX_CAPTION)} can be painted.`;
  }
  if (caption.length > CAPTION_LENGTH && normalise(caption).length > CAPTION_LENGTH) {
    return `Only the first ${CAPTION_LENGTH} characters are read.`;
  }
  if (captionFault(caption)?.reason === 'unreadable') return 'This model reads English words in Latin letters.';
  const [first, ...others] = unseen.map((word) => `“${word.slice(0, 40)}”`);
  if (first === undefined) return '';
  if (others.length === 0) return `${first} is new to this model; it reads the letters.`;
  const named = others.length > 2 ? `${others.length} other words` : others.join(' and ');
  return `${first} and ${named} are new to this model; it reads the letters.`;
}
