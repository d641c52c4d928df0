/**
 * The text encoder of T2F (Karnewar 2018): an LSTM reads the words, and the sentence is the mean of what it says at
 * each. T2F's own takes the last state of a padded caption; here padding counts for nothing. Mirrors
 * `training/models/t2f_encoder.py`.
 */
import {
  add,
  cast,
  div,
  gather,
  greater,
  maximum,
  sum,
  tidy,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { PADDING } from '../text/reader-tokens.ts';
import { linear } from './layers.ts';
import { affineShapes, parameter, type Parameters, type ParameterShapes } from './parameters.ts';
import { lstm, lstmShapes } from './recurrent.ts';

export interface T2fEncoderConfig {
  /** Tokens: words and the two that are none. */
  readonly vocabulary: number;
  /** Width of a word's embedding. */
  readonly word: number;
  readonly hidden: number;
  /** Width of the sentence. */
  readonly sentence: number;
  /** Words that are read; what is longer is cut off. */
  readonly longest: number;
}

export function t2fEncoderShapes({ vocabulary, word, hidden, sentence }: T2fEncoderConfig): ParameterShapes {
  return new Map([
    ['words.weight', [vocabulary, word]] as [string, number[]],
    ...lstmShapes('lstm', word, hidden),
    ...affineShapes('project', [hidden, sentence]),
  ]);
}

/**
 * tokens [B,T] int32, PADDING behind a caption's last → sentence [B,sentence], mean 0 and deviation 1 a dimension over
 * the training captions (the standardisation is folded into `project` by the export).
 */
export function readDescription(p: Parameters, tokens: Tensor2D): Tensor2D {
  return tidy(() => {
    const x: Tensor = gather(parameter<Tensor2D>(p, 'words.weight'), tokens); // [B,T,word]
    const present = cast<Tensor2D>(greater<Tensor2D>(tokens, PADDING), 'float32');
    const { states } = lstm(p, 'lstm', x as Tensor3D, { present }); // 0 where there is no word
    // Two at a time: one sum of all would want more buffers in a shader than every WebGPU device has (8).
    const total = states.reduce((all, state) => add(all, state));
    const words = maximum(sum(present, 1, true), 1); // [B,1]
    return linear(p, 'project', div<Tensor2D>(total, words));
  });
}
