/** The text encoder that reads characters, from a model's files: of a painter, or of a captioner that brings its own. */
import { tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { charCnnRnnShapes, encodeSentence, SHORTEST, type CharCnnRnnConfig } from '../models/char-cnn-rnn.ts';
import type { Parameters } from '../models/parameters.ts';
import { ALPHABET, encodeCharacters } from '../text/alphabet.ts';
import { parametersFrom, whole, wholes } from './config.ts';
import type { ModelEntry } from './weights/manifest.ts';
import type { ModelFiles } from './weights/source.ts';

export interface CharReader {
  /** The caller's. */
  readonly parameters: Parameters;
  /** caption → sentence [1,embedding]; throws LimnError bad-caption */
  readonly read: (caption: string) => Tensor2D;
}

/** `of`: its part of the entry's config; `sentence`: numbers that its sentences must have. */
export function charReader(
  entry: ModelEntry,
  files: ModelFiles,
  role: string,
  of: unknown,
  sentence: number,
): CharReader {
  const [c1 = 0, c2 = 0, c3 = 0] = wholes(entry, of, 'channels', 3, 3, 4096);
  const config: CharCnnRnnConfig = {
    length: whole(entry, of, 'length', SHORTEST, 4096),
    alphabet: whole(entry, of, 'alphabet', ALPHABET.length, ALPHABET.length),
    channels: [c1, c2, c3],
    embedding: whole(entry, of, 'embedding', sentence, sentence),
  };
  const parameters = parametersFrom(entry, files, role, charCnnRnnShapes(config));
  return {
    parameters,
    read(caption) {
      const characters = encodeCharacters(caption, config.length);
      return tidy(() => encodeSentence(parameters, config, tensor2d(characters, [1, config.length], 'int32')));
    },
  };
}
