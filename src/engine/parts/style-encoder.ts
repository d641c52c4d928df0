import { dispose, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { encodeStyle, styleEncoderShapes, type StyleEncoderConfig } from '../../models/style-encoder.ts';
import { faulty, parametersFrom, whole, wholes } from '../config.ts';
import type { Part, PartKind } from './part.ts';

/** From a picture to its z at once (Reed et al. 2016, section 4.4). */
export interface StyleEncoder extends Part {
  readonly zLength: number;
  /** Edge of the pictures that it reads. */
  readonly size: number;
  /** pictures [B,size,size,3] in [-1,1] → z [B,zLength] of norm √zLength, the caller's */
  encode(pictures: Tensor4D): Tensor2D;
}

export const styleEncoderPart: PartKind<StyleEncoder> = {
  name: 'style encoder',
  roles: ['style-encoder'],
  open(entry, files) {
    const { style } = entry.config;
    const config: StyleEncoderConfig = {
      z: whole(entry, style, 'z', 1, 4096),
      size: whole(entry, style, 'size', 2, 4096),
      channels: wholes(entry, style, 'channels', 1, 8, 2048),
    };
    if (config.size % 2 ** config.channels.length !== 0) {
      throw faulty(entry, `${config.size} px cannot be halved ${config.channels.length} times`);
    }
    const p = parametersFrom(entry, files, 'style-encoder', styleEncoderShapes(config));
    return {
      zLength: config.z,
      size: config.size,
      encode: (pictures) => encodeStyle(p, config, pictures),
      dispose: () => dispose([...p.values()]),
    };
  },
};
