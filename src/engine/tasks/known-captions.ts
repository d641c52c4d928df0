/**
 * What a model knows, in words: without its training captions at hand, it is asked itself. Pictures are painted for
 * sentences at random, which lie where captions do (mean 0, deviation 1 a dimension), and its mirror says what they
 * show, each word drawn by its probability, so that it also says what is rarer.
 */
import { tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { imageFeatures, firstState, step } from '../../models/stream.ts';
import { stream, type Stream } from '../../random.ts';
import { BEGIN, decodeWords, END, SPECIAL } from '../../text/tokens.ts';
import { breathe } from '../breathe.ts';
import type { Captioner } from '../parts/captioner.ts';
import type { Loaded } from '../session.ts';

/** Captions that are asked for; of those that are said twice one is left. */
export const ASKED = 64;
const BATCH = 16;

/** → captions, each once; hears the signal between words */
export async function knownCaptions(
  loaded: Loaded,
  captioner: Captioner,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<string[]> {
  const draws = stream(seed);
  const found = new Set<string>();
  for (let i = 0; i < ASKED; i += BATCH) {
    for (const caption of await say(loaded, captioner, draws, signal)) if (caption !== '') found.add(caption);
  }
  return [...found];
}

async function say({ painter }: Loaded, captioner: Captioner, draws: Stream, signal: AbortSignal): Promise<string[]> {
  const { p, config, vocabulary } = captioner;
  const normals = (count: number): Float32Array => Float32Array.from({ length: count }, draws.normal);
  const [z, sentence] = [normals(BATCH * painter.zLength), normals(BATCH * painter.sentenceLength)];
  let state = tidy(() => {
    const said = tensor2d(sentence, [BATCH, painter.sentenceLength]);
    const pictures = painter.paint(tensor2d(z, [BATCH, painter.zLength]), said, config.size);
    return firstState(p, imageFeatures(p, config, pictures));
  });
  let last = Array<number>(BATCH).fill(BEGIN);
  const tokens = last.map((): number[] => []);
  try {
    for (let word = 0; word < config.longest && last.some((token) => token !== END); word++) {
      await breathe();
      if (signal.aborted) throw new LimnError({ kind: 'cancelled' });
      const heard = last;
      const next = tidy(() => step(p, state, tensor1d(heard, 'int32')));
      state.dispose();
      state = next.state;
      try {
        const logits = await next.logits.data<'float32'>();
        last = last.map((token, i) =>
          token === END ? END : drawn(logits.subarray(i * config.vocabulary, (i + 1) * config.vocabulary), draws),
        );
      } finally {
        next.logits.dispose();
      }
      for (const [i, token] of last.entries()) tokens[i]?.push(token);
    }
  } finally {
    state.dispose();
  }
  return tokens.map((said) => decodeWords(said, vocabulary).join(' '));
}

/** A token by its probability; of those that are no words only the end. */
function drawn(logits: Float32Array, { uniform }: Stream): number {
  const most = Math.max(...logits);
  const weights = logits.map((logit, token) => (token === END || token >= SPECIAL ? Math.exp(logit - most) : 0));
  let rest = uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [token, weight] of weights.entries()) {
    rest -= weight;
    if (rest < 0) return token;
  }
  return END;
}
