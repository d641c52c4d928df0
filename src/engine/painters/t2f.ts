/** T2F (Karnewar 2018): an LSTM reads the description, and a progressively grown generator paints the face. */
import { dispose, slice, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { parameterCount } from '../../models/parameters.ts';
import { readDescription, t2fEncoderShapes, type T2fEncoderConfig } from '../../models/t2f-encoder.ts';
import {
  acceleratedFace,
  generateFace,
  pictureSizes,
  t2fShapes,
  type FaceCondition,
  type T2fConfig,
} from '../../models/t2f.ts';
import { captionFault } from '../../text/alphabet.ts';
import { PADDING, readerTable, SPECIAL, wordsRead } from '../../text/reader-tokens.ts';
import type { Architecture } from '../catalogue.ts';
import { faulty, parametersFrom, whole, wholes, wordsOf } from '../config.ts';
import type { ModelEntry } from '../weights/manifest.ts';

/** Words are read in such numbers, so that captions of all lengths have few shapes between them. */
const STEP = 8;

export const t2f: Architecture = {
  roles: ['generator', 'encoder', 'vocabulary'],
  open(entry, files, backend) {
    const { generator } = entry.config;
    const config: T2fConfig = {
      z: whole(entry, generator, 'z', 1, 4096),
      sentence: whole(entry, generator, 'sentence', 1, 4096),
      condition: whole(entry, generator, 'condition', 1, 4096),
      channels: wholes(entry, generator, 'channels', 2, 8, 2048),
    };
    const reader = readerConfig(entry, config);
    const sizes = pictureSizes(config);
    if (entry.sizes.join() !== sizes.join()) throw faulty(entry, `it paints ${sizes.join(', ')} px`);
    const vocabulary = wordsOf(entry, files, 'vocabulary');
    if (SPECIAL + vocabulary.length !== reader.vocabulary) {
      const wanted = reader.vocabulary - SPECIAL;
      throw faulty(entry, `its vocabulary has ${vocabulary.length} words, the weights want ${wanted}`);
    }
    const table = readerTable(vocabulary);
    const paints = t2fShapes(config);
    const reads = t2fEncoderShapes(reader);
    const plain = parametersFrom(entry, files, 'generator', paints);
    // Fewer products for more launches: a bargain where a processor multiplies, none on a GPU.
    const p = backend === 'wasm' || backend === 'cpu' ? acceleratedFace(plain, config) : plain;
    const q = parametersFrom(entry, files, 'encoder', reads);
    return {
      // z, and ε behind it: how the condition strays from the sentence is a part of what a seed draws.
      zLength: config.z + config.condition,
      conditionLength: config.condition,
      sentenceLength: config.sentence,
      sizes,
      parameters: parameterCount(paints) + parameterCount(reads),
      read(caption) {
        const fault = captionFault(caption);
        if (fault) throw new LimnError(fault);
        const { tokens } = wordsRead(caption, table, reader.longest);
        const steps = Math.min(reader.longest, STEP * Math.ceil(tokens.length / STEP));
        const padded = Array.from({ length: steps }, (_, t) => tokens[t] ?? PADDING);
        return tidy(() => readDescription(q, tensor2d(padded, [1, steps], 'int32')));
      },
      paint: (z, sentence, size) =>
        tidy(() => generateFace(p, config, drawn(config, z, sentence), { depth: sizes.indexOf(size), alpha: 1 })),
      grow: (z, sentence, growth) => tidy(() => generateFace(p, config, drawn(config, z, sentence), growth)),
      dispose: () => dispose([...p.values(), ...q.values()]),
    };
  },
};

/** both [B,z+condition] → z and ε apart */
function drawn(config: T2fConfig, both: Tensor2D, sentence: Tensor2D): FaceCondition {
  const z = slice(both, [0, 0], [-1, config.z]);
  return { z, sentence, noise: slice(both, [0, config.z], [-1, config.condition]) };
}

function readerConfig(entry: ModelEntry, { sentence }: T2fConfig): T2fEncoderConfig {
  const { encoder } = entry.config;
  return {
    vocabulary: whole(entry, encoder, 'vocabulary', SPECIAL + 1, 100_000),
    word: whole(entry, encoder, 'word', 1, 4096),
    hidden: whole(entry, encoder, 'hidden', 1, 2048),
    sentence: whole(entry, encoder, 'sentence', sentence, sentence),
    longest: whole(entry, encoder, 'longest', 1, 200),
  };
}
