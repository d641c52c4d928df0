/**
 * Beam search for the caption that a decoder finds most likely; in plain numbers, whatever computes them.
 * `training/beam_search.py` is the same line by line.
 *
 * The beam holds hypotheses, best first. In every turn one that has ended (`</s>`) stays as it is, and each other one
 * is continued by every word; the best `width` of all of these are the next beam. Score = Σ log p / length^α, where
 * length counts the words said, `</s>` among them. It ends when all in the beam have ended, or at `longest` words.
 */
import { BEGIN, END, UNKNOWN } from '../text/tokens.ts';

export interface Hypothesis {
  /** What is said; the last is `</s>` if it has ended. */
  readonly tokens: readonly number[];
  /** log p of each of them, after those before it. */
  readonly logProbabilities: readonly number[];
  readonly score: number;
}

/**
 * The decoder's next step for R hypotheses. rows [R]: which row of the call before each one goes on from (the first
 * call: row 0 of what was there at the start); tokens [R]: the last that each said → logits [R·V] of what comes next
 */
export type Next = (rows: readonly number[], tokens: readonly number[]) => Promise<Float32Array>;

export interface BeamOptions {
  readonly width: number;
  /** Words, `</s>` among them. */
  readonly longest: number;
  /** How much a long caption is forgiven its length: 0 not at all, 1 wholly. */
  readonly alpha?: number;
}

interface Open {
  readonly tokens: readonly number[];
  readonly logs: readonly number[];
  /** Sum of `logs`. */
  readonly total: number;
  /** Of the call that its last word came from. */
  readonly row: number;
}

/**
 * → the beam, best first; empty where the logits were no numbers. Where two score the same, the one from the better
 * hypothesis comes first, then the lower word.
 */
export async function beamSearch(next: Next, { width, longest, alpha = 0.7 }: BeamOptions): Promise<Hypothesis[]> {
  const score = ({ tokens, total }: Open): number => total / tokens.length ** alpha;
  let beam: Open[] = [{ tokens: [], logs: [], total: 0, row: 0 }];
  for (let turn = 0; turn < longest; turn++) {
    const open = beam.filter((h) => !hasEnded(h));
    if (open.length === 0) break;
    const logits = await next(
      open.map((h) => h.row),
      open.map((h) => h.tokens.at(-1) ?? BEGIN),
    );
    const size = logits.length / open.length;
    const found = beam.flatMap((h) => {
      if (hasEnded(h)) return [h];
      const row = open.indexOf(h);
      const logs = logSoftmax(logits.subarray(row * size, (row + 1) * size));
      return likeliest(logs, forbidden(h.tokens), width).map((word): Open => {
        const log = logs[word] ?? NaN;
        return { tokens: [...h.tokens, word], logs: [...h.logs, log], total: h.total + log, row };
      });
    });
    // Sorting is stable.
    beam = found.sort((a, b) => score(b) - score(a)).slice(0, width);
  }
  return beam.map((h) => ({ tokens: h.tokens, logProbabilities: h.logs, score: score(h) }));
}

const hasEnded = ({ tokens }: Open): boolean => tokens.at(-1) === END;

/** What must not come next: the two that are no words, and whatever would say three words for a second time. */
export function forbidden(tokens: readonly number[]): ReadonlySet<number> {
  const barred = new Set([BEGIN, UNKNOWN]);
  for (let i = 2; i < tokens.length; i++) {
    const [third] = tokens.slice(i);
    if (third !== undefined && tokens[i - 2] === tokens.at(-2) && tokens[i - 1] === tokens.at(-1)) barred.add(third);
  }
  return barred;
}

/** logits [V] → log p [V]; what is forbidden counts in the sum, so that the others stay what the decoder says */
function logSoftmax(logits: Float32Array): Float64Array {
  let most = -Infinity;
  for (const logit of logits) most = Math.max(most, logit);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  const norm = most + Math.log(sum);
  return Float64Array.from(logits, (logit) => logit - norm);
}

/** logs [V] → the `count` highest places that are not barred, best first, of equals the lower one first */
function likeliest(logs: Float64Array, barred: ReadonlySet<number>, count: number): number[] {
  const best: number[] = [];
  for (const [word, log] of logs.entries()) {
    const last = best.length < count ? -Infinity : (logs[best.at(-1) ?? 0] ?? NaN);
    // Also false for NaN.
    if (!(log > last) || barred.has(word)) continue;
    const at = best.findIndex((other) => log > (logs[other] ?? NaN));
    best.splice(at < 0 ? best.length : at, 0, word);
    best.length = Math.min(best.length, count);
  }
  return best;
}
