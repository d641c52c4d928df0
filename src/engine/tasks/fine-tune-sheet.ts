/** What a run shows of itself: fixed captions × fixed z, how much those differ, and how captions kept back come out. */
import {
  abs,
  concat,
  dispose,
  div,
  mean,
  mul,
  norm,
  slice,
  sub,
  sum,
  tensor2d,
  tidy,
  tile,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { Parameters } from '../../models/parameters.ts';
import { imageFeatures, pictureSentence } from '../../models/stream.ts';
import { normal, stream } from '../../random.ts';
import type { Captioner } from '../parts/captioner.ts';
import type { PlainGenerator } from '../parts/generator.ts';
import type { Sheet } from '../protocol-teaching.ts';
import type { Lesson } from './fine-tune-lesson.ts';
import { readPixels } from './pixels.ts';

/** Captions of the new, and pictures of each. */
const ROWS = 4;
const COLUMNS = 3;

export interface Easel {
  /** The sheet, and the mean difference of two pictures of one caption (levels of 2 from black to white). */
  sheet(p: Parameters, step: number): Promise<{ readonly sheet: Sheet; readonly variety: number }>;
  /** Mean cosine of captions kept back and what is painted for them, by the mirror; null where there is none. */
  heldOut(p: Parameters): Promise<number | null>;
  dispose(): void;
}

export function openEasel(
  lesson: Lesson,
  {
    captions,
    keptBack,
    seed,
  }: { readonly captions: readonly string[]; readonly keptBack: number; readonly seed: number },
  generator: PlainGenerator,
  captioner: Captioner | undefined,
): Easel {
  const { sentences, sentenceLength } = lesson;
  const learnt = captions.length - keptBack;
  const rows = spread(distinct(captions.slice(0, learnt)), ROWS);
  const rowsOf = (indices: readonly number[]): Tensor2D => {
    const values = indices.flatMap((i) => [...sentences.subarray(i * sentenceLength, (i + 1) * sentenceLength)]);
    return tensor2d(values, [indices.length, sentenceLength]);
  };
  const { bits } = stream(seed);
  const drawn = (count: number): Tensor2D =>
    tensor2d(normal(bits(), count * generator.zLength), [count, generator.zLength]);
  const shown = { z: drawn(COLUMNS), sentences: rowsOf(rows) };
  const back = keptBack > 0 ? Array.from({ length: keptBack }, (_, i) => learnt + i) : [];
  const held =
    captioner && back.length > 0
      ? {
          z: drawn(back.length),
          sentences: rowsOf(back),
          compared: lesson.compared ? tensor2d(lesson.compared, [back.length, sentenceLength]) : rowsOf(back),
        }
      : undefined;

  return {
    async sheet(p, step) {
      const pictures: Sheet['pictures'][number][] = [];
      let apart = 0;
      for (let row = 0; row < rows.length; row++) {
        const painted = tidy(() => {
          const one = slice(shown.sentences, [row, 0], [1, -1]);
          return generator.paint(p, shown.z, tile(one, [COLUMNS, 1]));
        });
        const variety = varietyOf(painted);
        try {
          pictures.push(...(await readPixels(painted)));
          apart += ((await variety.data<'float32'>())[0] ?? NaN) / rows.length;
        } finally {
          dispose([painted, variety]);
        }
      }
      const said = rows.map((i) => captions[i] ?? '');
      return { sheet: { stage: 'sheet', step, captions: said, columns: COLUMNS, pictures }, variety: apart };
    },
    async heldOut(p) {
      if (!captioner || !held) return null;
      const cosines = tidy(() => {
        const pictures = generator.paint(p, held.z, held.sentences);
        const seen = pictureSentence(captioner.p, imageFeatures(captioner.p, captioner.config, pictures));
        return mean(cosine(seen, held.compared));
      });
      const [score = NaN] = await cosines.data<'float32'>();
      cosines.dispose();
      return Number.isFinite(score) ? score : null;
    },
    dispose: () => dispose([shown.z, shown.sentences, ...(held ? [held.z, held.sentences, held.compared] : [])]),
  };
}

/** pictures [B,S,S,3] → the mean absolute difference of each and the one after it */
function varietyOf(pictures: Tensor4D): Tensor1D {
  return tidy(() => {
    const next = concat([slice(pictures, [1, 0, 0, 0]), slice(pictures, [0, 0, 0, 0], [1, -1, -1, -1])]);
    return mean<Tensor1D>(abs(sub(pictures, next)));
  });
}

/** a, b [B,D] → [B] */
const cosine = (a: Tensor2D, b: Tensor2D): Tensor1D =>
  tidy(() => div<Tensor1D>(sum(mul(a, b), 1), mul(norm(a, 'euclidean', 1), norm(b, 'euclidean', 1))));

/** Indices of captions, each caption once. */
const distinct = (captions: readonly string[]): number[] => [...new Map(captions.map((c, i) => [c, i])).values()];

/** At most `count` of them, evenly over the list. */
const spread = (list: readonly number[], count: number): number[] =>
  list.length <= count
    ? [...list]
    : Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)] ?? 0);
