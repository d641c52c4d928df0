/** What of a caption a network that reads letters cannot read. */
import { normalise } from '../text/alphabet.ts';
import type { UnseenWord } from '../text/vocabulary.ts';

/** Runs of signs of which nothing is read, white space aside: "日本" in "日本 tulip". Same shape as unseen words. */
export function unreadSigns(caption: string): UnseenWord[] {
  const unread: UnseenWord[] = [];
  let at = 0;
  for (const sign of caption) {
    const [start, end] = [at, at + sign.length];
    at = end;
    // Accents and joiners say nothing alone; with their letter they are read or not.
    if (/^[\s\p{M}\p{Cf}]$/u.test(sign) || normalise(sign) !== '') continue;
    const last = unread.at(-1);
    if (last?.end === start) unread[unread.length - 1] = { word: last.word + sign, start: last.start, end };
    else unread.push({ word: sign, start, end });
  }
  return unread;
}
