import { dispose, tidy, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { ganIntClsShapes, generate, pictureSize, type GanIntClsConfig } from '../../models/gan-int-cls.ts';
import type { Parameters } from '../../models/parameters.ts';
import { drawn, generateFace, pictureSizes, t2fShapes, type T2fConfig } from '../../models/t2f.ts';
import { faulty, parametersFrom, whole, wholes } from '../config.ts';
import type { Moves } from '../protocol-teaching.ts';
import type { ModelEntry } from '../weights/manifest.ts';
import type { ModelFiles } from '../weights/source.ts';
import type { Part, PartKind } from './part.ts';

/** A generator with its parameters in the open, for training: the painter's own are laid out for speed. */
export interface PlainGenerator extends Part {
  readonly p: Parameters;
  readonly zLength: number;
  readonly sentenceLength: number;
  /** Edge of the pictures that it learns to paint: the largest that it can. */
  readonly size: number;
  /** z [B,zLength], sentence [B,D] → pictures [B,size,size,3] in [-1,1]; has a gradient in the parameters, too */
  readonly paint: (p: Parameters, z: Tensor2D, sentence: Tensor2D) => Tensor4D;
  /** Whether a parameter of this name is among those that move. */
  moves(which: Moves, name: string): boolean;
}

/** What the generator of a gan-int-cls model is built by; throws LimnError bad-weights. */
export function ganIntClsConfig(entry: ModelEntry): GanIntClsConfig {
  const { generator } = entry.config;
  return {
    z: whole(entry, generator, 'z', 1, 4096),
    sentence: whole(entry, generator, 'sentence', 1, 4096),
    text: whole(entry, generator, 'text', 1, 4096),
    channels: wholes(entry, generator, 'channels', 2, 8, 2048),
  };
}

/** What the generator of a t2f model is built by; throws LimnError bad-weights. */
export function t2fConfig(entry: ModelEntry): T2fConfig {
  const { generator } = entry.config;
  return {
    z: whole(entry, generator, 'z', 1, 4096),
    sentence: whole(entry, generator, 'sentence', 1, 4096),
    condition: whole(entry, generator, 'condition', 1, 4096),
    channels: wholes(entry, generator, 'channels', 2, 8, 2048),
  };
}

type Opens = (entry: ModelEntry, files: ModelFiles) => PlainGenerator;

const openGanIntCls: Opens = (entry, files) => {
  const config = ganIntClsConfig(entry);
  const p = parametersFrom(entry, files, 'generator', ganIntClsShapes(config));
  const last = lastBlocks(config.channels);
  return {
    p,
    zLength: config.z,
    sentenceLength: config.sentence,
    size: pictureSize(config),
    paint: (weights, z, sentence) => generate(weights, config, { z, sentence }),
    moves(which, name) {
      if (which === 'text') return name.startsWith('text.');
      return which === 'all' || name.startsWith('paint.') || last.some((block) => name.startsWith(block));
    },
    dispose: () => dispose([...p.values()]),
  };
};

const openT2f: Opens = (entry, files) => {
  const config = t2fConfig(entry);
  const p = parametersFrom(entry, files, 'generator', t2fShapes(config));
  const last = lastBlocks(config.channels);
  const paint = `paints.${config.channels.length - 1}.`;
  return {
    p,
    zLength: config.z + config.condition,
    sentenceLength: config.sentence,
    size: Math.max(...pictureSizes(config)),
    paint: (weights, z, sentence) => tidy(() => generateFace(weights, config, drawn(config, z, sentence))),
    moves(which, name) {
      if (which === 'text') return name.startsWith('augmentation.');
      // What painted the smaller pictures has no part in the large one, and so no gradient.
      if (name.startsWith('paints.')) return name.startsWith(paint);
      return which === 'all' || last.some((block) => name.startsWith(block));
    },
    dispose: () => dispose([...p.values()]),
  };
};

/** Names of the later half of the blocks begin with these. */
function lastBlocks({ length }: readonly number[]): string[] {
  const blocks = length - 1;
  return Array.from({ length: Math.ceil(blocks / 2) }, (_, i) => `blocks.${blocks - 1 - i}.`);
}

const TAUGHT: ReadonlyMap<string, Opens> = new Map([
  ['gan-int-cls', openGanIntCls],
  ['t2f', openT2f],
]);

export const generatorPart: PartKind<PlainGenerator> = {
  name: 'generator that can be taught',
  roles: ['generator'],
  open(entry, files) {
    const open = TAUGHT.get(entry.architecture);
    if (!open) throw faulty(entry, 'models of its kind cannot be taught here yet');
    return open(entry, files);
  },
};
