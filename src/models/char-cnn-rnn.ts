/**
 * Char-CNN-RNN text encoder: Reed et al. 2016, "Learning Deep Representations of Fine-grained Visual Descriptions",
 * section 3.3 and figure 1 (hybrid); the sentence encoder φ of GAN-CLS. Mirrors `training/models/char_cnn_rnn.py`.
 */
import {
  add,
  cast,
  div,
  equal,
  expandDims,
  fused,
  maxPool,
  range,
  squeeze,
  tidy,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { linear } from './layers.ts';
import { parameter, type Parameters, type ParameterShapes } from './parameters.ts';
import { gru } from './recurrent.ts';

export interface CharCnnRnnConfig {
  /** Characters read, from the start of the caption. */
  readonly length: number;
  /** Symbols; 0 stands for none, 1…alphabet for a symbol. */
  readonly alphabet: number;
  /** Channels of the three convolutions; the last is the recurrent state's width too. */
  readonly channels: readonly [number, number, number];
  /** Width of the sentence. */
  readonly embedding: number;
}

/** Width of every convolution's kernel, in characters. */
const KERNEL = 4;

export function charCnnRnnShapes(config: CharCnnRnnConfig): ParameterShapes {
  const [c1, c2, c3] = config.channels;
  return new Map<string, readonly number[]>([
    ['conv1.weight', [1, KERNEL, config.alphabet, c1]],
    ['conv1.bias', [c1]],
    ['conv2.weight', [1, KERNEL, c1, c2]],
    ['conv2.bias', [c2]],
    ['conv3.weight', [1, KERNEL, c2, c3]],
    ['conv3.bias', [c3]],
    ['gru.weight_ih_l0', [c3, 3 * c3]],
    ['gru.weight_hh_l0', [c3, 3 * c3]],
    ['gru.bias_ih_l0', [3 * c3]],
    ['gru.bias_hh_l0', [3 * c3]],
    ['project.weight', [c3, config.embedding]],
    ['project.bias', [config.embedding]],
  ]);
}

/** Fewest characters for which all three poolings have something to pool. */
export const SHORTEST = 66;

/**
 * characters [B,length] int32 → sentence [B,embedding], mean 0 and deviation 1 a dimension over the training
 * captions (the standardisation is folded into `project` by the export).
 */
export function encodeSentence(p: Parameters, config: CharCnnRnnConfig, characters: Tensor2D): Tensor2D {
  return tidy(() => {
    // One-hot without a column for 'none': padding is a vector of zeros, as in the original. By comparison, since
    // the wasm backend's OneHot answers wrongly (tfjs 4.22).
    const symbols = range(1, config.alphabet + 1, 1, 'int32');
    const hot = equal(expandDims<Tensor3D>(characters, 2), symbols); // [B,length,alphabet]
    let x = expandDims<Tensor4D>(cast(hot, 'float32'), 1); // [B,1,length,alphabet]
    x = pool(convolve(p, 'conv1', x), 3); // [B,1,66,384]
    x = pool(convolve(p, 'conv2', x), 3); // [B,1,21,512]
    x = pool(convolve(p, 'conv3', x), 2); // [B,1,8,256]
    const states = gru(p, 'gru', squeeze<Tensor3D>(x, [1]));
    // Two at a time: one sum of all would want more buffers in a shader than every WebGPU device has (8).
    const total = states.reduce((sum, state) => add(sum, state));
    const mean = div<Tensor2D>(total, states.length); // [B,256]
    return linear(p, 'project', mean);
  });
}

function convolve(p: Parameters, name: string, x: Tensor4D): Tensor4D {
  return fused.conv2d({
    x,
    filter: parameter<Tensor4D>(p, `${name}.weight`),
    strides: 1,
    pad: 'valid',
    bias: parameter(p, `${name}.bias`),
    activation: 'relu',
  });
}

const pool = (x: Tensor4D, stride: number): Tensor4D => maxPool(x, [1, 3], [1, stride], 'valid');
