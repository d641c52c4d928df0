/** MirrorGAN (Qiao et al. 2019): STEM reads the words, GLAM paints in stages and attends to them. */
import {
  avgPool,
  dispose,
  reshape,
  tensor2d,
  tidy,
  type Rank,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import {
  accelerated,
  cascade,
  firstStage,
  glamShapes,
  nextStage,
  pictureOf,
  pictureSizes,
  type GlamConfig,
} from '../../models/glam.ts';
import { parameterCount, type Parameters } from '../../models/parameters.ts';
import { readWords, stemShapes, type StemConfig } from '../../models/stem.ts';
import { captionFault } from '../../text/alphabet.ts';
import { PADDING, readerTable, SPECIAL, wordsRead } from '../../text/reader-tokens.ts';
import type { Architecture, InStages } from '../catalogue.ts';
import { faulty, field, openAfter, parametersFrom, whole, wholes, wordsOf } from '../config.ts';
import type { ModelEntry } from '../weights/manifest.ts';
import { mixRows, packed, rowLength, unpacked } from './said.ts';

/** Words are read in such numbers, so that captions of all lengths have few shapes between them. */
const STEP = 8;
/** Edge of the maps that leave the engine, at most; finer ones are averaged. */
const MAP = 32;

export const mirrorGan: Architecture = {
  roles: ['generator', 'encoder', 'vocabulary'],
  open(entry, files, backend) {
    const config = glamConfig(entry);
    const stem = stemConfig(entry, config);
    const sizes = pictureSizes(config);
    if (entry.sizes.join() !== sizes.join()) throw faulty(entry, `it paints ${sizes.join(', ')} px`);
    const vocabulary = wordsOf(entry, files, 'vocabulary');
    if (SPECIAL + vocabulary.length !== stem.vocabulary) {
      const wanted = stem.vocabulary - SPECIAL;
      throw faulty(entry, `its vocabulary has ${vocabulary.length} words, the weights want ${wanted}`);
    }
    const table = readerTable(vocabulary);
    const paints = glamShapes(config);
    const reads = stemShapes(stem);
    const plain = parametersFrom(entry, files, 'generator', paints);
    // Fewer products for more launches: a bargain where a processor multiplies, none on a GPU.
    const p = backend === 'wasm' || backend === 'cpu' ? accelerated(plain, config) : plain;
    const q = openAfter(p, () => parametersFrom(entry, files, 'encoder', reads));
    return {
      zLength: config.z,
      sentenceLength: rowLength(config, stem.longest),
      sizes,
      parameters: parameterCount(paints) + parameterCount(reads),
      read(caption) {
        const fault = captionFault(caption);
        if (fault) throw new LimnError(fault);
        const { tokens } = wordsRead(caption, table, stem.longest);
        const steps = Math.min(stem.longest, STEP * Math.ceil(tokens.length / STEP));
        const padded = Array.from({ length: steps }, (_, t) => tokens[t] ?? PADDING);
        return tidy(() => packed(readWords(q, tensor2d(padded, [1, steps], 'int32')), tokens.length, stem.longest));
      },
      mix: (a, b, t) => mixRows(config, a, b, t),
      // Without ε: what a caption leaves open is z's alone, and so a style that was found says all of it.
      paint: (z, said, size) => tidy(() => cascade(p, config, { z, ...unpacked(config, said) }, sizes.indexOf(size))),
      ...(sizes.length > 1 && {
        stages: {
          slots: stem.longest,
          words: (caption) => wordsRead(caption, table, stem.longest).words,
          paint: (z, said) => paintStages(p, config, z, said),
        },
      }),
      dispose: () => dispose([...p.values(), ...q.values()]),
    };
  },
};

/** One stage after another, each when it is asked for. */
function* paintStages(p: Parameters, config: GlamConfig, z: Tensor2D, said: Tensor2D): ReturnType<InStages['paint']> {
  const told = tidy(() => ({ z, ...unpacked(config, said) }));
  let stage = firstStage(p, config, told);
  try {
    yield { pictures: pictureOf(stage) };
    for (let i = 1; i <= config.stages.length; i++) {
      const { attention, ...next } = nextStage(p, config, i, stage, told);
      dispose([stage.f, stage.drawn]);
      stage = next;
      const maps = tidy(() => mapsOf(attention));
      attention.dispose();
      yield { pictures: pictureOf(stage), maps };
    }
  } finally {
    dispose({ ...stage });
    dispose([told.sentence, told.words, told.weight]);
  }
}

/** attention [B,H·W,T] → [B,h,w,T], h and w of MAP at the most */
function mapsOf(attention: Tensor3D): Tensor4D {
  const [batch, places, slots] = attention.shape;
  const edge = Math.sqrt(places);
  const maps = reshape<Rank.R4>(attention, [batch, edge, edge, slots]);
  const times = Math.ceil(edge / MAP);
  return times > 1 ? avgPool(maps, times, times, 'valid') : maps;
}

function glamConfig(entry: ModelEntry): GlamConfig {
  const { generator } = entry.config;
  const sentenceAttention = field(entry, generator, 'sentenceAttention');
  if (typeof sentenceAttention !== 'boolean') throw faulty(entry, 'its config\'s "sentenceAttention" is neither');
  return {
    z: whole(entry, generator, 'z', 1, 1024),
    sentence: whole(entry, generator, 'sentence', 1, 4096),
    word: whole(entry, generator, 'word', 1, 4096),
    condition: whole(entry, generator, 'condition', 1, 4096),
    channels: wholes(entry, generator, 'channels', 2, 8, 2048),
    stages: stagesOf(entry, generator),
    residuals: whole(entry, generator, 'residuals', 0, 8),
    sentenceAttention,
  };
}

/** Pairs of whole numbers, at most three of them. */
function stagesOf(entry: ModelEntry, generator: unknown): GlamConfig['stages'] {
  const value = field(entry, generator, 'stages');
  const good = (n: unknown): boolean => Number.isInteger(n) && Number(n) >= 1 && Number(n) <= 2048;
  const pair = (n: unknown): n is [number, number] => Array.isArray(n) && n.length === 2 && n.every(good);
  if (Array.isArray(value) && value.length <= 3 && value.every(pair)) return value;
  throw faulty(entry, `its config's "stages" is no list of up to 3 pairs of whole numbers`);
}

function stemConfig(entry: ModelEntry, { sentence, word }: GlamConfig): StemConfig {
  const { encoder } = entry.config;
  const hidden = whole(entry, encoder, 'hidden', 1, 2048);
  if (2 * hidden !== word) throw faulty(entry, `its encoder says words of ${2 * hidden} numbers, not of ${word}`);
  return {
    vocabulary: whole(entry, encoder, 'vocabulary', SPECIAL + 1, 100_000),
    word: whole(entry, encoder, 'word', 1, 4096),
    hidden,
    sentence: whole(entry, encoder, 'sentence', sentence, sentence),
    longest: whole(entry, encoder, 'longest', 1, 200),
  };
}
