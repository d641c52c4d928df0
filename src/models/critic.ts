/**
 * The critic that ships, for fine-tuning in the tab: the matching-aware discriminator of Reed et al. 2016 (figure 2,
 * right) with the sentence by projection (Miyato & Koyama 2018). Mirrors `training/models/critic.py`; the export
 * divides each weight by its spectral norm.
 */
import { add, conv2d, mul, reshape, sum, tidy, type Rank, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { halve, linear } from './layers.ts';
import { parameter, type Parameters, type ParameterShapes } from './parameters.ts';

export interface CriticConfig {
  /** Length of the encoder's sentence. */
  readonly sentence: number;
  /** Of the space in which sentence and picture meet. */
  readonly projection: number;
  /** Channels after each halving. */
  readonly channels: readonly number[];
}

export function criticShapes({ sentence, projection, channels }: CriticConfig): ParameterShapes {
  const shapes = new Map<string, readonly number[]>();
  const affine = (name: string, weight: readonly number[]): void => {
    shapes.set(`${name}.weight`, weight).set(`${name}.bias`, weight.slice(-1));
  };
  for (const [i, cout] of channels.entries()) affine(`convs.${i}`, [4, 4, channels[i - 1] ?? 3, cout]);
  const last = channels.at(-1) ?? 0;
  affine('realism_map', [1, 1, last, 1]);
  affine('look', [1, 1, last, projection]);
  affine('read', [sentence, projection]);
  return shapes;
}

/** What the critic says of a picture at each of N places: above 0 for yes. */
export interface Judgement {
  /** Is it a photograph? [B,N] */
  readonly realism: Tensor2D;
  /** Does it show what the sentence says? [B,N] */
  readonly match: Tensor2D;
}

/** pictures [B,S,S,3] in [-1,1], sentence [B,sentence] → two maps [B,N], N = (S / 2^halvings)² */
export function judge(p: Parameters, config: CriticConfig, pictures: Tensor4D, sentence: Tensor2D): Judgement {
  return tidy(() => {
    let x = pictures;
    for (let i = 0; i < config.channels.length; i++) x = halve(p, `convs.${i}`, x); // 64 → 32 → 16 → 8 → 4
    const [batch, h, w] = x.shape;
    const at = (name: string): Tensor4D =>
      add(conv2d(x, parameter<Tensor4D>(p, `${name}.weight`), 1, 'same'), parameter(p, `${name}.bias`));
    const realism: Tensor2D = reshape<Rank.R2>(at('realism_map'), [batch, h * w]);
    const seen = reshape<Rank.R3>(at('look'), [batch, h * w, config.projection]);
    const said = reshape<Rank.R3>(linear(p, 'read', sentence), [batch, 1, config.projection]);
    return { realism, match: sum<Tensor2D>(mul(seen, said), 2) };
  });
}
