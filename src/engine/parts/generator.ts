import { dispose, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { ganIntClsShapes, generate, type GanIntClsConfig } from '../../models/gan-int-cls.ts';
import type { Parameters } from '../../models/parameters.ts';
import { faulty, parametersFrom, whole, wholes } from '../config.ts';
import type { Moves } from '../protocol-teaching.ts';
import type { ModelEntry } from '../weights/manifest.ts';
import type { Part, PartKind } from './part.ts';

/** A generator with its parameters in the open, for training: the painter's own are laid out for speed. */
export interface PlainGenerator extends Part {
  readonly p: Parameters;
  readonly zLength: number;
  readonly sentenceLength: number;
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

export const generatorPart: PartKind<PlainGenerator> = {
  name: 'generator that can be taught',
  roles: ['generator'],
  open(entry, files) {
    if (entry.architecture !== 'gan-int-cls') throw faulty(entry, 'models of its kind cannot be taught here yet');
    const config = ganIntClsConfig(entry);
    const p = parametersFrom(entry, files, 'generator', ganIntClsShapes(config));
    const blocks = config.channels.length - 1;
    const last = Array.from({ length: Math.ceil(blocks / 2) }, (_, i) => `blocks.${blocks - 1 - i}.`);
    return {
      p,
      zLength: config.z,
      sentenceLength: config.sentence,
      paint: (weights, z, sentence) => generate(weights, config, { z, sentence }),
      moves(which, name) {
        if (which === 'text') return name.startsWith('text.');
        return which === 'all' || name.startsWith('paint.') || last.some((block) => name.startsWith(block));
      },
      dispose: () => dispose([...p.values()]),
    };
  },
};
