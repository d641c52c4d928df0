/**
 * STEM: Qiao et al. 2019, "MirrorGAN", section 3.1: a bidirectional LSTM reads the caption's words, and says a vector a
 * word and one for the whole; as Xu et al. 2018 ("AttnGAN", section 3.2) have it. Mirrors `training/models/stem.py`.
 */
import {
  cast,
  concat,
  gather,
  greater,
  stack,
  tidy,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { PADDING } from '../text/reader-tokens.ts';
import { linear } from './layers.ts';
import { affineShapes, parameter, type Parameters, type ParameterShapes } from './parameters.ts';
import { lstm, lstmShapes } from './recurrent.ts';

export interface StemConfig {
  /** Tokens: words and the two that are none. */
  readonly vocabulary: number;
  /** Width of a word's embedding. */
  readonly word: number;
  /** Of each direction. */
  readonly hidden: number;
  /** Width of the sentence. */
  readonly sentence: number;
  /** Words that are read; what is longer is cut off. */
  readonly longest: number;
}

export function stemShapes({ vocabulary, word, hidden, sentence }: StemConfig): ParameterShapes {
  return new Map([
    ['words.weight', [vocabulary, word]] as [string, number[]],
    ...lstmShapes('lstm', word, hidden),
    ...lstmShapes('lstm', word, hidden, true),
    ...affineShapes('project', [2 * hidden, sentence]),
  ]);
}

export interface Read {
  /** [B,T,2·hidden], 0 where there is none */
  readonly words: Tensor3D;
  /** [B,sentence], of mean 0 and deviation 1 in every dimension over the training captions (see the export) */
  readonly sentence: Tensor2D;
}

/** tokens [B,T] int32, PADDING behind a caption's last → what is read */
export function readWords(p: Parameters, tokens: Tensor2D): Read {
  const { words, sentence } = tidy(() => {
    const x: Tensor = gather(parameter<Tensor2D>(p, 'words.weight'), tokens); // [B,T,word]
    const present = cast<Tensor2D>(greater<Tensor2D>(tokens, PADDING), 'float32');
    const forth = lstm(p, 'lstm', x as Tensor3D, { present });
    const back = lstm(p, 'lstm', x as Tensor3D, { present, reverse: true });
    const states = [forth, back].map((one) => stack(one.states, 1) as Tensor3D);
    // Each direction where it has read all.
    const ends = concat([forth.last.h, back.last.h], 1);
    return { words: concat(states, 2), sentence: linear(p, 'project', ends) };
  });
  return { words, sentence };
}
