/** What the mirror's figures mean, in words. */
import type { ReadWord, Reflection, Verdict } from '../../engine/protocol.ts';

export type Asked = NonNullable<Reflection['asked']>;

export const VERDICTS: Readonly<Record<Verdict, string>> = {
  agrees: 'Agrees with the caption',
  partly: 'Agrees in part',
  differs: 'Does not agree',
};

/** log p → "0.83" */
export function probability({ logProbability }: ReadWord): string {
  if (logProbability === null) return 'not known';
  const p = Math.exp(logProbability);
  return p < 0.005 ? '< 0.01' : p.toFixed(2);
}

/** −log p in nats; 0 for a word that does not count. */
export function surprise({ logProbability }: ReadWord): number {
  return logProbability === null ? 0 : Math.max(0, -logProbability);
}

/** Nats; a bar is not longer than this, unless a word is harder still. */
const LONGEST = 6;

/** How long each word's bar is, 0 to 1. */
export function bars(words: readonly ReadWord[]): number[] {
  const nats = words.map(surprise);
  const longest = Math.max(LONGEST, ...nats);
  return nats.map((value) => value / longest);
}

/** Of all the words and the end, which the surprises add up to. */
export function shareOfLoss(nats: number, { loss }: Asked): string {
  return `${loss > 0 ? Math.round((100 * nats) / loss) : 0} %`;
}

/** Nats; what is expected one time in five is nothing to speak of. */
const HARD = Math.log(5);
/** Words that hold a sentence together; nobody looks for them in a picture. */
const FRAME = new Set(
  'a an the this that these those is are was has have had with without and or but of in on at to from by for as it its their them they there which who while some very more most also all'.split(
    ' ',
  ),
);

/** The word that was least to be seen; null where all were. */
export function hardest({ words }: Asked): string | null {
  const seen = words.filter(({ word }) => !FRAME.has(word));
  const [worst] = seen.sort((a, b) => surprise(b) - surprise(a));
  return worst && surprise(worst) > HARD ? worst.word : null;
}

/** Nats a word, so that captions of any length compare; the end counts as one, where the mirror came to it. */
export function perWord({ words, end, loss }: Asked): number {
  return loss / Math.max(1, [end, ...words.map((w) => w.logProbability)].filter((log) => log !== null).length);
}

/** What was not held against the picture, and why. */
export function notCounted({ words, read }: Asked): string {
  const unknown = words.slice(0, read).filter(({ logProbability }) => logProbability === null);
  const names = [...new Set(unknown.map(({ word }) => word))];
  const are = names.length === 1 ? 'is' : 'are';
  return [
    ...(names.length > 0 ? [`${quoted(names)} ${are} not known to the mirror and not counted.`] : []),
    ...(read < words.length ? [`The mirror reads the first ${read} words.`] : []),
  ].join(' ');
}

/** As people quote: “a”, “b” and “c”. */
function quoted(words: readonly string[]): string {
  const marked = words.slice(0, 4).map((word) => `“${word.slice(0, 40)}”`);
  const last = marked.pop() ?? '';
  return marked.length > 0 ? `${marked.join(', ')} and ${last}` : last;
}

/** Why a picture cannot be read back: its model has no mirror, or is not here. */
export const WITHOUT = 'This model came without a mirror, so its pictures cannot be read back.';
export const GONE = 'The model that painted this is not here any more, and its mirror went with it.';
