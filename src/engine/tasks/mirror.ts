/** A picture → what it shows, in words (Qiao et al. 2019), and how that agrees with what was asked for. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { decodeWords } from '../../text/tokens.ts';
import type { Captioner } from '../parts/captioner.ts';
import type { Input, Output, Pixels, ReadWord, Reflection, Verdict } from '../protocol.ts';
import type { Loaded } from '../session.ts';
import { ask, describePicture, featuresOf, judge, likeness, reads, sentenceFor, type Asked } from './reading.ts';

/** Hypotheses that are followed side by side. */
export const MAX_WIDTH = 5;

export async function mirrorTask(
  loaded: Loaded,
  captioner: Captioner,
  { pixels, caption, width }: Input<'mirror'>,
  { signal, now }: { readonly signal: AbortSignal; readonly now: () => number },
): Promise<Output<'mirror'>> {
  const begun = now();
  if (!Number.isInteger(width) || width < 1 || width > MAX_WIDTH) {
    throw new LimnError({ kind: 'bad-recipe', detail: `the beam's width is no whole number from 1 to ${MAX_WIDTH}` });
  }
  checkPixels(loaded, captioner, pixels);
  // Refused before anything is computed.
  const wanted = caption === undefined ? undefined : await ask(loaded, captioner, caption);
  const f = featuresOf(captioner, [pixels]);
  try {
    const { tokens, logProbabilities } = await describePicture(captioner, f, width, signal);
    const read = decodeWords(tokens, captioner.vocabulary);
    const reflection = {
      caption: read.join(' '),
      words: read.map((word, i): ReadWord => ({ word, logProbability: logProbabilities[i] ?? null })),
      logProbability: logProbabilities.reduce((sum, log) => sum + log, 0),
    };
    const asked = wanted && (await compare(loaded, captioner, f, wanted, reflection.caption));
    return { ...reflection, ...(asked && { asked }), milliseconds: now() - begun };
  } finally {
    f.dispose();
  }
}

/** The page and the command line bring a picture to the right size; here it only must be. */
function checkPixels(loaded: Loaded, captioner: Captioner, { width, height, data }: Pixels): void {
  if (reads(loaded, captioner, width) && height === width && data.length === 4 * width * width) return;
  const { size } = captioner.config;
  const detail = `the mirror reads pictures of ${size} × ${size} pixels, this one has ${width} × ${height}`;
  throw new LimnError({ kind: 'bad-image', file: 'the picture', detail });
}

async function compare(
  loaded: Loaded,
  captioner: Captioner,
  f: Tensor2D,
  asked: Asked,
  read: string,
): Promise<NonNullable<Reflection['asked']>> {
  const [judged] = await judge(captioner, f, asked);
  if (!judged) throw new Error('one picture has one match');
  // A mirror that says nothing agrees with nothing.
  const agreement = read === '' ? 0 : likeness(asked.sentence, await sentenceFor(loaded, captioner, read));
  const verdict: Verdict =
    agreement >= captioner.agrees ? 'agrees' : agreement >= captioner.partly ? 'partly' : 'differs';
  const { logProbabilities: logs, loss, similarity } = judged;
  const words = asked.words.map((word, i): ReadWord => ({ word, logProbability: logs[i] ?? null }));
  const reached = { read: Math.min(words.length, logs.length), end: logs[words.length] ?? null };
  return { words, ...reached, loss, similarity, agreement, verdict };
}
