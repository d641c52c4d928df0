/**
 * Which architectures this program runs. A new one is a model file, an entry here, a manifest entry and a golden
 * file; tasks know only what `Painter` says.
 */
import { dispose, tensor2d, tidy, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { LimnError } from '../failure.ts';
import { charCnnRnnShapes, encodeSentence, SHORTEST, type CharCnnRnnConfig } from '../models/char-cnn-rnn.ts';
import { accelerated, ganIntClsShapes, generate, pictureSize, type GanIntClsConfig } from '../models/gan-int-cls.ts';
import { parameterCount } from '../models/parameters.ts';
import { ALPHABET, encodeCharacters } from '../text/alphabet.ts';
import { faulty, parametersFrom, whole, wholes } from './config.ts';
import type { BackendName } from './protocol.ts';
import type { ModelEntry } from './weights/manifest.ts';
import type { ModelFiles } from './weights/source.ts';

/** A model in memory, ready to paint. Callers dispose of what it returns. */
export interface Painter {
  readonly zLength: number;
  readonly sentenceLength: number;
  readonly sizes: readonly number[];
  readonly parameters: number;
  /** caption → sentence [1,D]; throws LimnError bad-caption */
  read(caption: string): Tensor2D;
  /** z [B,zLength], sentence [B,D] → pictures [B,size,size,3] in [-1,1]; has a gradient in both */
  paint(z: Tensor2D, sentence: Tensor2D, size: number): Tensor4D;
  dispose(): void;
}

export interface Architecture {
  /** Roles of the files that painting needs. */
  readonly roles: readonly string[];
  /** Throws LimnError bad-weights where config or weights do not hold. */
  open(entry: ModelEntry, files: ModelFiles, backend: BackendName): Painter;
}

export function architectureOf(entry: ModelEntry): Architecture {
  const found = ARCHITECTURES.get(entry.architecture);
  if (found) return found;
  const detail = `this version knows no architecture "${entry.architecture}"; a newer one may`;
  throw new LimnError({ kind: 'bad-weights', file: entry.id, detail });
}

const ganIntCls: Architecture = {
  roles: ['generator', 'encoder'],
  open(entry, files, backend) {
    const { generator: g, encoder: e } = entry.config;
    const config: GanIntClsConfig = {
      z: whole(entry, g, 'z', 1, 4096),
      sentence: whole(entry, g, 'sentence', 1, 4096),
      text: whole(entry, g, 'text', 1, 4096),
      channels: wholes(entry, g, 'channels', 2, 8, 2048),
    };
    const [c1 = 0, c2 = 0, c3 = 0] = wholes(entry, e, 'channels', 3, 3, 4096);
    const reader: CharCnnRnnConfig = {
      length: whole(entry, e, 'length', SHORTEST, 4096),
      alphabet: whole(entry, e, 'alphabet', ALPHABET.length, ALPHABET.length),
      channels: [c1, c2, c3],
      embedding: whole(entry, e, 'embedding', config.sentence, config.sentence),
    };
    const size = pictureSize(config);
    if (entry.sizes.length !== 1 || entry.sizes[0] !== size) throw faulty(entry, `it paints ${size} px only`);
    const paints = ganIntClsShapes(config);
    const reads = charCnnRnnShapes(reader);
    const plain = parametersFrom(entry, files, 'generator', paints);
    // Fewer products for more launches: a bargain where a processor multiplies, none on a GPU.
    const p = backend === 'wasm' || backend === 'cpu' ? accelerated(plain, config) : plain;
    const q = parametersFrom(entry, files, 'encoder', reads);
    return {
      zLength: config.z,
      sentenceLength: config.sentence,
      sizes: entry.sizes,
      parameters: parameterCount(paints) + parameterCount(reads),
      read: (caption) => {
        const characters = encodeCharacters(caption, reader.length);
        return tidy(() => encodeSentence(q, reader, tensor2d(characters, [1, reader.length], 'int32')));
      },
      paint: (z, sentence) => generate(p, config, { z, sentence }),
      dispose: () => dispose([...p.values(), ...q.values()]),
    };
  },
};

const ARCHITECTURES: ReadonlyMap<string, Architecture> = new Map([['gan-int-cls', ganIntCls]]);
