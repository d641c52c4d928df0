/** Sentences of the captions that were read last: a slider between two captions reads them once, not at every step. */
import { keep, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Painter } from './catalogue.ts';

/** An 8 × 8 grid has 8 captions; a tour has as many as a person types. */
const KEPT = 32;

export interface Sentences {
  /** caption → sentence [1,D], which stays this object's own; throws LimnError bad-caption */
  of(caption: string): Tensor2D;
  dispose(): void;
}

export function rememberSentences(painter: Pick<Painter, 'read'>): Sentences {
  const known = new Map<string, Tensor2D>();
  return {
    of(caption) {
      const sentence = known.get(caption) ?? keep(painter.read(caption));
      // The latest stands last, the oldest goes first.
      known.delete(caption);
      known.set(caption, sentence);
      const [oldest] = known;
      if (known.size > KEPT && oldest) {
        known.delete(oldest[0]);
        oldest[1].dispose();
      }
      return sentence;
    },
    dispose() {
      for (const sentence of known.values()) sentence.dispose();
      known.clear();
    },
  };
}
