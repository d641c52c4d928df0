import { dispose, type Tensor4D } from '@tensorflow/tfjs-core';
import { criticFeatures, criticShapes, look, type CriticConfig, type Look } from '../../models/critic.ts';
import type { Parameters } from '../../models/parameters.ts';
import { faulty, parametersFrom, whole, wholes } from '../config.ts';
import type { Part, PartKind } from './part.ts';

/** The critic that a generator was trained against, for training on (see models/critic.ts). */
export interface Critic extends Part {
  readonly p: Parameters;
  /** pictures [B,S,S,3] in [-1,1] → what it says of them, with these parameters */
  readonly look: (p: Parameters, pictures: Tensor4D) => Look;
  /** pictures [B,S,S,3] in [-1,1] → what it sees at several scales, with its own */
  readonly features: (pictures: Tensor4D) => Tensor4D[];
}

export const criticPart: PartKind<Critic> = {
  name: 'critic, and so cannot be taught',
  roles: ['critic'],
  open(entry, files) {
    const { critic, generator } = entry.config;
    const sentence = whole(entry, generator, 'sentence', 1, 4096);
    const config: CriticConfig = {
      sentence: whole(entry, critic, 'sentence', sentence, sentence),
      projection: whole(entry, critic, 'projection', 1, 4096),
      channels: wholes(entry, critic, 'channels', 1, 8, 2048),
    };
    const size = Math.max(...entry.sizes);
    if (size % 2 ** config.channels.length !== 0) {
      throw faulty(entry, `${size} px cannot be halved ${config.channels.length} times`);
    }
    const p = parametersFrom(entry, files, 'critic', criticShapes(config));
    return {
      p,
      look: (weights, pictures) => look(weights, config, pictures),
      features: (pictures) => criticFeatures(p, config, pictures),
      dispose: () => dispose([...p.values()]),
    };
  },
};
