/** T2F (Karnewar 2018): an LSTM reads the description, and a progressively grown generator paints the face. */
import { add, dispose, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { parameterCount } from '../../models/parameters.ts';
import { readDescription, t2fEncoderShapes, type T2fEncoderConfig } from '../../models/t2f-encoder.ts';
import {
  acceleratedFace,
  drawn,
  generateFace,
  pictureSizes,
  t2fShapes,
  type Growth,
  type T2fConfig,
} from '../../models/t2f.ts';
import { captionFault } from '../../text/alphabet.ts';
import { shiftOf } from '../../text/new-words.ts';
import { PADDING, readerTable, SPECIAL, wordsRead } from '../../text/reader-tokens.ts';
import type { Architecture } from '../catalogue.ts';
import { faulty, openAfter, parametersFrom, whole, wordsOf } from '../config.ts';
import { t2fConfig } from '../parts/generator.ts';
import { newWordsOf, type ModelEntry } from '../weights/manifest.ts';

/** Words are read in such numbers, so that captions of all lengths have few shapes between them. */
const STEP = 8;

export const t2f: Architecture = {
  roles: ['generator', 'encoder', 'vocabulary'],
  open(entry, files, backend) {
    const config = t2fConfig(entry);
    const reader = readerConfig(entry, config);
    const grown = pictureSizes(config);
    // What was taught in the tab has learnt to paint its largest size, and has forgotten how it grew.
    const grows = entry.sizes.join() === grown.join();
    if (!grows && entry.sizes.join() !== String(grown.at(-1))) throw faulty(entry, `it paints ${grown.join(', ')} px`);
    const vocabulary = wordsOf(entry, files, 'vocabulary');
    if (SPECIAL + vocabulary.length !== reader.vocabulary) {
      const wanted = reader.vocabulary - SPECIAL;
      throw faulty(entry, `its vocabulary has ${vocabulary.length} words, the weights want ${wanted}`);
    }
    const table = readerTable(vocabulary);
    const own = new Set(newWordsOf(entry));
    const paints = t2fShapes(config);
    const reads = t2fEncoderShapes(reader);
    const plain = parametersFrom(entry, files, 'generator', paints);
    // Fewer products for more launches: a bargain where a processor multiplies, none on a GPU.
    const p = backend === 'wasm' || backend === 'cpu' ? acceleratedFace(plain, config) : plain;
    const q = openAfter(p, () => parametersFrom(entry, files, 'encoder', reads));
    const readPlain = (caption: string): Tensor2D => {
      const fault = captionFault(caption);
      if (fault) throw new LimnError(fault);
      const { tokens } = wordsRead(caption, table, reader.longest);
      const steps = Math.min(reader.longest, STEP * Math.ceil(tokens.length / STEP));
      const padded = Array.from({ length: steps }, (_, t) => tokens[t] ?? PADDING);
      return tidy(() => readDescription(q, tensor2d(padded, [1, steps], 'int32')));
    };
    const newWords = (caption: string): string[] =>
      wordsRead(caption, table, reader.longest).words.filter((word) => !table.has(word));
    return {
      // z, and ε behind it: how the condition strays from the sentence is a part of what a seed draws.
      zLength: config.z + config.condition,
      conditionLength: config.condition,
      sentenceLength: config.sentence,
      sizes: entry.sizes,
      parameters: parameterCount(paints) + parameterCount(reads),
      newWords,
      readPlain,
      read: (caption, taught) =>
        tidy(() => {
          const sentence = readPlain(caption);
          const heard = newWords(caption).filter((word) => own.has(word) || taught?.has(word));
          if (heard.length === 0) return sentence;
          return add(sentence, tensor2d(shiftOf(heard, config.sentence), [1, config.sentence]));
        }),
      paint: (z, sentence, size) =>
        tidy(() => generateFace(p, config, drawn(config, z, sentence), { depth: grown.indexOf(size), alpha: 1 })),
      ...(grows && {
        grow: (z: Tensor2D, sentence: Tensor2D, growth: Growth) =>
          tidy(() => generateFace(p, config, drawn(config, z, sentence), growth)),
      }),
      dispose: () => dispose([...p.values(), ...q.values()]),
    };
  },
};

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
