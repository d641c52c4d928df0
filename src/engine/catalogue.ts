/**
 * Which architectures this program runs. A new one is a model file, an entry here, a manifest entry and a golden
 * file; tasks know only what `Painter` says.
 */
import { dispose, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { LimnError } from '../failure.ts';
import { accelerated, ganIntClsShapes, generate, pictureSize } from '../models/gan-int-cls.ts';
import { parameterCount } from '../models/parameters.ts';
import type { Growth } from '../models/t2f.ts';
import { charReader } from './char-reader.ts';
import { faulty, openAfter, parametersFrom } from './config.ts';
import { mirrorGan } from './painters/mirror-gan.ts';
import { t2f } from './painters/t2f.ts';
import { ganIntClsConfig } from './parts/generator.ts';
import type { BackendName } from './protocol.ts';
import type { ModelEntry } from './weights/manifest.ts';
import type { ModelFiles } from './weights/source.ts';

/** A model in memory, ready to paint. Callers dispose of what it returns. */
export interface Painter {
  readonly zLength: number;
  /** Where z ends in the ε of conditioning augmentation: how many of its last numbers. */
  readonly conditionLength?: number;
  /** Numbers of what `read` says of a caption; zeros say nothing in particular. */
  readonly sentenceLength: number;
  readonly sizes: readonly number[];
  readonly parameters: number;
  /**
   * caption → sentence [1,D], and where a model attends to words, these behind it; throws LimnError bad-caption. `taught`:
   * words outside its vocabulary that are heard as well, beside those that it was taught itself.
   */
  readonly read: (caption: string, taught?: ReadonlySet<string>) => Tensor2D;
  /** Only where whole words are read and new ones can be taught: a caption's words outside the vocabulary. */
  readonly newWords?: (caption: string) => string[];
  /** And there: as `read`, but deaf to all that was taught, which no mirror has learnt of. */
  readonly readPlain?: (caption: string) => Tensor2D;
  /** Between a and b, each [B,D], t in [0,1] a row [B,1]; without it they mix as sentences do. */
  readonly mix?: (a: Tensor2D, b: Tensor2D, t: Tensor2D) => Tensor2D;
  /** z [B,zLength], sentence [B,D] → pictures [B,size,size,3] in [-1,1]; has a gradient in both */
  paint(z: Tensor2D, sentence: Tensor2D, size: number): Tensor4D;
  /** Only where it paints in more than one stage, and attends to words. */
  readonly stages?: InStages;
  /** Only where it was grown: as `paint`, at a depth (0 for the smallest size), the last doubling faded in by α. */
  grow?(z: Tensor2D, sentence: Tensor2D, growth: Growth): Tensor4D;
  dispose(): void;
}

export interface InStages {
  /** Words that are read of a caption at the most; between two captions the second one's words come after so many. */
  readonly slots: number;
  /** caption → its words, as they are read */
  readonly words: (caption: string) => readonly string[];
  /**
   * z [B,zLength], sentence [B,D] → stage by stage: pictures [B,S,S,3] in [-1,1]; and from the second stage on how much
   * each place listened to each word [B,h,w,T], sums of 1 over T. Callers dispose of these, and end the iteration.
   */
  paint(
    z: Tensor2D,
    sentence: Tensor2D,
  ): Generator<{ readonly pictures: Tensor4D; readonly maps?: Tensor4D }, void, undefined>;
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
    const { encoder: e } = entry.config;
    const config = ganIntClsConfig(entry);
    const size = pictureSize(config);
    if (entry.sizes.length !== 1 || entry.sizes[0] !== size) throw faulty(entry, `it paints ${size} px only`);
    const paints = ganIntClsShapes(config);
    const plain = parametersFrom(entry, files, 'generator', paints);
    // Fewer products for more launches: a bargain where a processor multiplies, none on a GPU.
    const p = backend === 'wasm' || backend === 'cpu' ? accelerated(plain, config) : plain;
    const { parameters: q, read } = openAfter(p, () => charReader(entry, files, 'encoder', e, config.sentence));
    return {
      zLength: config.z,
      sentenceLength: config.sentence,
      sizes: entry.sizes,
      parameters: parameterCount(paints) + [...q.values()].reduce((sum, { size }) => sum + size, 0),
      read,
      paint: (z, sentence) => generate(p, config, { z, sentence }),
      dispose: () => dispose([...p.values(), ...q.values()]),
    };
  },
};

const ARCHITECTURES: ReadonlyMap<string, Architecture> = new Map([
  ['gan-int-cls', ganIntCls],
  ['mirror-gan', mirrorGan],
  ['t2f', t2f],
]);
