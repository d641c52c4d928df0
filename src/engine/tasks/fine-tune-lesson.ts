/** What a run learns from, as bytes in the store and as tensors, and the networks that learn. */
import { dispose, tensor, tensor2d, type Rank, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import type { GanState, Networks } from '../../learn/gan-step.ts';
import { beginLearner } from '../../learn/learner.ts';
import type { Material } from '../../learn/trainer.ts';
import type { Critic } from '../parts/critic.ts';
import type { PlainGenerator } from '../parts/generator.ts';
import type { Pixels } from '../protocol.ts';
import type { Moves } from '../protocol-teaching.ts';
import { decodeTensors } from '../weights/decode.ts';
import { rawFloat32 } from '../weights/encode.ts';
import { badWeights } from '../weights/header.ts';
import { parseSafetensors, writeSafetensors } from '../weights/safetensors.ts';
import { tensorOf } from './pixels.ts';

/** Plain data, as it is kept. */
export interface Lesson {
  readonly pictures: readonly Pixels[];
  /** Of the pictures' captions, [pictures·D]; and of what the model knew before, [K·D]. */
  readonly sentences: Float32Array;
  readonly known: Float32Array;
  /** Of the captions that are kept back, [kept back·D], as the mirror compares them; absent where these are the same. */
  readonly compared?: Float32Array;
  readonly sentenceLength: number;
}

export function encodeLesson({
  pictures,
  sentences,
  known,
  compared,
  sentenceLength,
}: Lesson): Uint8Array<ArrayBuffer> {
  const [{ width, height } = { width: 0, height: 0 }] = pictures;
  const rgb = new Uint8Array(pictures.length * width * height * 3);
  for (const [i, { data }] of pictures.entries()) {
    for (let at = 0; at < width * height; at++) {
      for (let c = 0; c < 3; c++) rgb[3 * (i * width * height + at) + c] = data[4 * at + c] ?? 0;
    }
  }
  return writeSafetensors(
    new Map([
      ['pictures', { dtype: 'U8', shape: [pictures.length, height, width, 3], bytes: rgb }],
      ['sentences', rawFloat32([pictures.length, sentenceLength], sentences)],
      ['known', rawFloat32([known.length / sentenceLength, sentenceLength], known)],
      ...(compared
        ? [['compared', rawFloat32([compared.length / sentenceLength, sentenceLength], compared)] as const]
        : []),
    ]),
  );
}

/** Throws LimnError bad-weights. */
export function decodeLesson(bytes: Uint8Array, file: string): Lesson {
  const decoded = decodeTensors(parseSafetensors(bytes, file), file);
  const [rgb, sentences, known] = ['pictures', 'sentences', 'known'].map((name) => decoded.get(name));
  const [count = 0, height = 0, width = 0] = rgb?.shape ?? [];
  const sentenceLength = sentences?.shape[1] ?? 0;
  if (!rgb || !sentences || !known || sentences.shape[0] !== count || known.shape[1] !== sentenceLength) {
    throw badWeights(file, 'it is not what a run learns from');
  }
  const pictures = Array.from({ length: count }, (_, i): Pixels => {
    const data = new Uint8ClampedArray(4 * width * height).fill(255);
    for (let at = 0; at < width * height; at++) {
      for (let c = 0; c < 3; c++) data[4 * at + c] = rgb.values[3 * (i * width * height + at) + c] ?? 0;
    }
    return { width, height, data };
  });
  const compared = decoded.get('compared');
  if (compared && compared.shape[1] !== sentenceLength) throw badWeights(file, 'it is not what a run learns from');
  return {
    pictures,
    sentences: sentences.values,
    known: known.values,
    ...(compared && { compared: compared.values }),
    sentenceLength,
  };
}

/** On the device; `dispose` frees it. */
export interface Desk {
  readonly networks: Networks;
  readonly material: Material;
  /** As the run begins: the parent, of which copies move; the caller's. */
  begin(moves: Moves): GanState;
  dispose(): void;
}

/** The first `learnt` pictures of the lesson are learnt from. */
export function openDesk(lesson: Lesson, learnt: number, generator: PlainGenerator, critic: Critic): Desk {
  const { pictures, sentences, known, sentenceLength } = lesson;
  const tensors = {
    pictures: tensorOf(pictures.slice(0, learnt)),
    sentences: tensor2d(sentences.subarray(0, learnt * sentenceLength), [learnt, sentenceLength]),
    known: tensor<Rank.R2>(known, [known.length / sentenceLength, sentenceLength]),
  };
  return {
    networks: { paint: generator.paint, look: critic.look, features: critic.features },
    material: {
      ...tensors,
      zLength: generator.zLength,
      paintOld: (z: Tensor2D, sentence: Tensor2D): Tensor4D => generator.paint(generator.p, z, sentence),
    },
    begin: (moves) => ({
      generator: beginLearner(generator.p, (name) => generator.moves(moves, name)),
      critic: beginLearner(critic.p, () => true),
    }),
    dispose: () => dispose(tensors),
  };
}
