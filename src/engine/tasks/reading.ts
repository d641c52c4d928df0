/** What the mirror makes of pictures: the caption that it reads, and how well they show one that was asked for. */
import { avgPool, gather, tensor1d, tensor2d, tidy, tile, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { beamSearch, type Hypothesis, type Next } from '../../models/beam-search.ts';
import { firstState, imageFeatures, pictureSentence, step, teacherForced } from '../../models/stream.ts';
import { encodeWords, UNKNOWN } from '../../text/tokens.ts';
import { words } from '../../text/vocabulary.ts';
import { breathe } from '../breathe.ts';
import type { Captioner } from '../parts/captioner.ts';
import type { Match, Pixels } from '../protocol.ts';
import type { Loaded } from '../session.ts';
import { tensorOf } from './pixels.ts';

/** pictures of an edge that `reads` → f [B,F], the caller's */
export function featuresOf(captioner: Captioner, pictures: readonly Pixels[]): Tensor2D {
  return tidy(() => seenBy(captioner, tensorOf(pictures)));
}

/** As `featuresOf`, pictures [B,S,S,3] in [-1,1]; has a gradient in them */
export function seenBy({ p, config }: Captioner, pictures: Tensor4D): Tensor2D {
  const times = pictures.shape[1] / config.size;
  // The photographs that it learnt from were made smaller by averaging, too. A smaller picture is enlarged as they are.
  return imageFeatures(p, config, times > 1 ? avgPool(pictures, times, times, 'valid') : pictures);
}

/** Whether the captioner reads pictures of that edge, in pixels: of the model's, multiples of its own and what divides it. */
export const reads = ({ painter }: Loaded, { config }: Captioner, edge: number): boolean =>
  painter.sizes.includes(edge) && (edge % config.size === 0 || config.size % edge === 0);

/** caption → the sentence that the captioner compares with */
export async function sentenceFor(
  { painter, sentences }: Loaded,
  captioner: Captioner,
  caption: string,
): Promise<Float32Array> {
  const read = captioner.read ?? painter.readPlain;
  if (!read) return sentences.of(caption).data<'float32'>();
  const sentence = read(caption);
  try {
    return await sentence.data<'float32'>();
  } finally {
    sentence.dispose();
  }
}

/** f [1,F] → the caption that is found; hears the signal between words */
export async function describePicture(
  { p, config }: Captioner,
  f: Tensor2D,
  width: number,
  signal: AbortSignal,
): Promise<Hypothesis> {
  // Always `width` rows: others would be other shapes for shaders and the buffer pool.
  const full = (numbers: readonly number[]) =>
    tensor1d(
      Array.from({ length: width }, (_, i) => numbers[i] ?? 0),
      'int32',
    );
  let state = firstState(p, f);
  const next: Next = async (rows, tokens) => {
    await breathe();
    if (signal.aborted) throw new LimnError({ kind: 'cancelled' });
    const after = tidy(() => step(p, gather(state, full(rows)), full(tokens)));
    state.dispose();
    state = after.state;
    try {
      return (await after.logits.data<'float32'>()).subarray(0, rows.length * config.vocabulary);
    } finally {
      after.logits.dispose();
    }
  };
  try {
    const [best] = await beamSearch(next, { width, longest: config.longest });
    if (best) return best;
    throw new LimnError({ kind: 'wrong-numbers', detail: 'the mirror found no word at all' });
  } finally {
    state.dispose();
  }
}

/** A caption as the mirror is asked for it. */
export interface Asked {
  readonly words: readonly string[];
  /** Of the words, and `</s>`; fewer where the caption is too long for the mirror. */
  readonly tokens: readonly number[];
  /** The sentence that the captioner compares with. */
  readonly sentence: Float32Array;
}

/** Throws LimnError bad-caption. */
export async function ask(loaded: Loaded, captioner: Captioner, caption: string): Promise<Asked> {
  const sentence = await sentenceFor(loaded, captioner, caption);
  const split = words(caption);
  return { words: split, tokens: encodeWords(split, captioner.tokens, captioner.config.longest), sentence };
}

/** A match, and log p of each of the caption's tokens; null where the mirror does not know the word. */
export interface Judged extends Match {
  readonly logProbabilities: readonly (number | null)[];
}

/** f [B,F] → how well each of the B pictures shows the caption */
export async function judge({ p }: Captioner, f: Tensor2D, { tokens, sentence }: Asked): Promise<Judged[]> {
  const [count] = f.shape;
  const said = tidy(() => teacherForced(p, f, tile(tensor2d([...tokens], [1, tokens.length], 'int32'), [count, 1])));
  const seen = pictureSentence(p, f);
  try {
    const [logs, sentences] = await Promise.all([said.data<'float32'>(), seen.data<'float32'>()]);
    return Array.from({ length: count }, (_, i) => {
      const logProbabilities = tokens.map((token, t) =>
        token === UNKNOWN ? null : (logs[i * tokens.length + t] ?? NaN),
      );
      const loss = 0 - logProbabilities.reduce<number>((sum, log) => sum + (log ?? 0), 0);
      const similarity = likeness(sentences.subarray(i * sentence.length, (i + 1) * sentence.length), sentence);
      if (!Number.isFinite(loss + similarity)) {
        throw new LimnError({ kind: 'wrong-numbers', detail: 'what the mirror makes of a picture is no number' });
      }
      return { loss, similarity, logProbabilities };
    });
  } finally {
    said.dispose();
    seen.dispose();
  }
}

/** Cosine of a [n] and b [n], 0 where one of them is zero. */
export function likeness(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? NaN;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}
