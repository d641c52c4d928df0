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

/** pictures [B,S,S,3] in [-1,1] → what it sees after each halving, [B,S/2,S/2,C₀], [B,S/4,S/4,C₁], … */
export function criticFeatures(p: Parameters, { channels }: CriticConfig, pictures: Tensor4D): Tensor4D[] {
  return tidy(() => {
    const seen: Tensor4D[] = [];
    for (let i = 0; i < channels.length; i++) seen.push(halve(p, `convs.${i}`, seen.at(-1) ?? pictures)); // 64 → … → 4
    return seen;
  });
}

/** After one look at pictures, what it says of them and of any sentences beside them. */
export interface Look {
  readonly realism: Tensor2D;
  readonly match: (sentence: Tensor2D) => Tensor2D;
}

/** pictures [B,S,S,3] in [-1,1] → realism [B,N], and from sentence [B,sentence] match [B,N]; N = (S / 2^halvings)² */
export function look(p: Parameters, config: CriticConfig, pictures: Tensor4D): Look {
  const x = criticFeatures(p, config, pictures).at(-1) ?? pictures;
  const [batch, h, w] = x.shape;
  const at = (name: string): Tensor4D =>
    add(conv2d(x, parameter<Tensor4D>(p, `${name}.weight`), 1, 'same'), parameter(p, `${name}.bias`));
  return {
    realism: tidy(() => reshape<Rank.R2>(at('realism_map'), [batch, h * w])),
    match: (sentence) =>
      tidy(() => {
        const seen = reshape<Rank.R3>(at('look'), [batch, h * w, config.projection]);
        const said = reshape<Rank.R3>(linear(p, 'read', sentence), [batch, 1, config.projection]);
        return sum<Tensor2D>(mul(seen, said), 2);
      }),
  };
}

/** pictures [B,S,S,3] in [-1,1], sentence [B,sentence] → both at once */
export function judge(p: Parameters, config: CriticConfig, pictures: Tensor4D, sentence: Tensor2D): Judgement {
  return tidy(() => {
    const { realism, match } = look(p, config, pictures);
    return { realism, match: match(sentence) };
  });
}
