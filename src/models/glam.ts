/**
 * GLAM, the cascade of generators of MirrorGAN: Qiao et al. 2019, "MirrorGAN: Learning Text-to-image Generation by
 * Redescription", section 3.2 and the middle of figure 2: F₀ makes features from z and the augmented sentence, each
 * Fᵢ attends to words and sentence and doubles; Gᵢ paints what Fᵢ made. Mirrors `training/models/glam.py`; the export
 * folds each normalisation's mean and deviation into the convolution before it.
 */
import {
  add,
  concat,
  fill,
  leakyRelu,
  reshape,
  tanh,
  tidy,
  type Rank,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { attendToSentence, attendToWords } from './attention.ts';
import { bilinear } from './bilinear.ts';
import { augment, moments } from './conditioning.ts';
import { phaseParameters } from './doubling.ts';
import { block, blockShapes, modulate } from './gan-int-cls.ts';
import { convolution, leaky, linear, SLOPE, slopesFor } from './layers.ts';
import { affineShapes, type Parameters, type ParameterShapes } from './parameters.ts';

export interface GlamConfig {
  /** Lengths of the noise, of STEM's sentence, of each of its words, and of the augmented sentence. */
  readonly z: number;
  readonly sentence: number;
  readonly word: number;
  readonly condition: number;
  /** Of F₀: at 4×4, then one a doubling. */
  readonly channels: readonly number[];
  /** Of each Fᵢ after it: width of its residual blocks, channels after its doubling. */
  readonly stages: readonly (readonly [width: number, out: number])[];
  /** Residual blocks of each. */
  readonly residuals: number;
  /** Whether places listen to the sentence too, and not to words alone. */
  readonly sentenceAttention: boolean;
}

/** Edges of the pictures in pixels, stage by stage. */
export function pictureSizes({ channels, stages }: GlamConfig): number[] {
  const first = 4 * 2 ** (channels.length - 1);
  return [first, ...stages.map((_, i) => first * 2 ** (i + 1))];
}

/** Channels of the features that each stage makes. */
const widthsOf = ({ channels, stages }: GlamConfig): number[] => [
  channels.at(-1) ?? 0,
  ...stages.map(([, out]) => out),
];

export function glamShapes(config: GlamConfig): ParameterShapes {
  const condition = config.z + config.condition;
  const shapes: [string, number[]][] = [
    ...affineShapes('augmentation.moments', [config.sentence, 2 * config.condition]),
    ...affineShapes('seed', [condition, 16 * (config.channels[0] ?? 0)]),
    ...config.channels
      .slice(1)
      .flatMap((cout, i) => blockShapes(`blocks.${i}`, config.channels[i] ?? 0, cout, condition)),
  ];
  const widths = widthsOf(config);
  for (const [i, [width, out]] of config.stages.entries()) {
    const name = `stages.${i}`;
    const cin = widths[i] ?? 0;
    shapes.push([`${name}.attend_words.read.weight`, [config.word, cin]]);
    if (config.sentenceAttention) shapes.push([`${name}.attend_sentence.read.weight`, [config.condition, cin]]);
    shapes.push(...affineShapes(`${name}.join`, [1, 1, (config.sentenceAttention ? 3 : 2) * cin, width]));
    for (let j = 0; j < config.residuals; j++) {
      for (const k of [1, 2]) {
        shapes.push(...affineShapes(`${name}.residuals.${j}.conv${k}`, [3, 3, width, width]));
        shapes.push(...affineShapes(`${name}.residuals.${j}.norm${k}.affine`, [condition, 2 * width]));
      }
    }
    shapes.push(...blockShapes(`${name}.grow`, width, out, condition));
  }
  shapes.push(...widths.flatMap((width, i) => affineShapes(`paint.${i}`, [3, 3, width, 3])));
  return new Map(shapes);
}

/** p, and beside it what makes painting faster on wasm and cpu (see doubling.ts); the caller owns all of it. */
export function accelerated(p: Parameters, config: GlamConfig): Parameters {
  const first = config.channels.slice(1);
  const doubled = [
    ...first.map((_, i) => `blocks.${i}.conv1`),
    ...config.stages.map((_, i) => `stages.${i}.grow.conv1`),
  ];
  const widths = new Set([...first, ...config.stages.flat()]);
  const slopes = [...widths].map((width): [string, Tensor] => [slopesFor(width), fill([width], SLOPE)]);
  return new Map([...p, ...doubled.flatMap((name) => phaseParameters(p, name)), ...slopes]);
}

/** What GLAM paints from. */
export interface Told {
  /** [B,z], N(0, I) where the pictures are to be typical */
  readonly z: Tensor2D;
  /** [B,sentence] and [B,T,word], from `readWords` */
  readonly sentence: Tensor2D;
  readonly words: Tensor3D;
  /** [B,T], as `attendToWords` has it */
  readonly weight: Tensor2D;
  /** ε of the augmentation [B,condition]; without it the sentence's own place is painted */
  readonly noise?: Tensor2D;
}

/** Where the cascade stands after one of its stages. */
export type Stage = {
  /** The augmented sentence [B,condition], and with z the condition of every norm [B,z+condition]. */
  readonly s: Tensor2D;
  readonly c: Tensor2D;
  /** Features [B,H,W,C]. */
  readonly f: Tensor4D;
  /** The picture before its tanh [B,H,W,3]. */
  readonly drawn: Tensor4D;
};

/** F₀ and G₀ */
export function firstStage(p: Parameters, config: GlamConfig, { z, sentence, noise }: Told): Stage {
  return tidy(() => {
    const s = augment(moments(p, 'augmentation', sentence), noise);
    const c = concat([z, leakyRelu(s, SLOPE)], 1);
    let f: Tensor4D = reshape<Rank.R4>(linear(p, 'seed', c), [-1, 4, 4, config.channels[0] ?? 0]);
    for (let i = 0; i < config.channels.length - 1; i++) f = block(p, `blocks.${i}`, f, c);
    return { s, c, f, drawn: draw(p, 0, f) };
  });
}

/** Fᵢ and Gᵢ, i ≥ 1 (equation 5), and how much each place of the smaller features listened to each word [B,H·W,T] */
export function nextStage(
  p: Parameters,
  config: GlamConfig,
  i: number,
  { s, c, f: before, drawn: smaller }: Stage,
  { words, weight }: Pick<Told, 'words' | 'weight'>,
): Stage & { readonly attention: Tensor3D } {
  const name = `stages.${i - 1}`;
  return tidy(() => {
    const { context, attention } = attendToWords(p, `${name}.attend_words`, before, words, weight);
    const heard = config.sentenceAttention ? [attendToSentence(p, `${name}.attend_sentence`, before, s)] : [];
    let x = convolution(p, `${name}.join`, concat([before, context, ...heard], 3));
    for (let j = 0; j < config.residuals; j++) x = residual(p, `${name}.residuals.${j}`, x, c);
    const f = block(p, `${name}.grow`, x, c);
    // A later stage adds to the picture before it.
    const drawn = add<Tensor4D>(bilinear(smaller, f.shape[1]), draw(p, i, f));
    return { s, c, f, drawn, attention };
  });
}

/** x [B,H,W,C], c [B,D] → [B,H,W,C] */
function residual(p: Parameters, name: string, x: Tensor4D, c: Tensor2D): Tensor4D {
  return tidy(() => {
    const h = tidy(() => leaky(p, modulate(p, `${name}.norm1`, convolution(p, `${name}.conv1`, x), c)));
    return add(x, modulate(p, `${name}.norm2`, convolution(p, `${name}.conv2`, h), c));
  });
}

const draw = (p: Parameters, i: number, f: Tensor4D): Tensor4D => convolution(p, `paint.${i}`, leaky(p, f));

/** What a stage has drawn → pictures [B,H,W,3] in [-1,1] */
export const pictureOf = ({ drawn }: Stage): Tensor4D => tanh(drawn);

/** → pictures [B,size,size,3] of stage `depth`; those before it are only passed through */
export function cascade(p: Parameters, config: GlamConfig, told: Told, depth: number): Tensor4D {
  return tidy(() => {
    let stage = firstStage(p, config, told);
    for (let i = 1; i <= depth; i++) stage = nextStage(p, config, i, stage, told);
    return pictureOf(stage);
  });
}
