/** The shipped generator twice, from the same weights: on tfjs as the engine runs it, and on onnxruntime-web. */
import { tensor, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-web';
import type { BackendName } from '../../src/engine/protocol.ts';
import { decodeTensors } from '../../src/engine/weights/decode.ts';
import { parseSafetensors } from '../../src/engine/weights/safetensors.ts';
import { accelerated, generate, pictureSize, type GanIntClsConfig } from '../../src/models/gan-int-cls.ts';
import type { Parameters } from '../../src/models/parameters.ts';
import { normal } from '../../src/random.ts';
import { inTurn, round } from './measure.ts';
import { generatorToOnnx } from './onnx.ts';

export interface Comparison {
  readonly batch: number;
  /** Ours: each doubling and the convolution after it in one, 0.70 of the products; or apart, as onnxruntime's is. */
  readonly graph: 'merged' | 'plain';
  readonly tfjsMs: number;
  readonly onnxruntimeMs: number;
  readonly ratio: number;
  /** Largest difference of a pixel, in a range of 2: the two must paint the same. */
  readonly difference: number;
}

/** What of onnxruntime-web is needed; its builds differ by execution provider. */
export interface Ort {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof OnnxTensor;
}

/** The backend must be up. `provider` is onnxruntime's name for its counterpart. On wasm a row for each graph. */
export async function compareGenerators(
  weights: Uint8Array,
  config: GanIntClsConfig,
  backend: BackendName,
  ort: Ort,
  provider: 'wasm' | 'webgpu',
  repeats: Readonly<Record<number, number>>,
): Promise<Comparison[]> {
  const decoded = decodeTensors(parseSafetensors(weights, 'generator'), 'generator');
  const session = await ort.InferenceSession.create(generatorToOnnx(decoded, config), {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
  });
  const plain = new Map([...decoded].map(([k, v]): [string, Tensor] => [k, tensor(v.values, [...v.shape])]));
  const graphs: [Comparison['graph'], Parameters][] = [];
  if (backend === 'wasm') {
    const merged = accelerated(plain, config);
    // Without the merged kernels alone: activations go by the engine's own kernel in both.
    const unmerged = [...merged].filter(([name]) => !name.includes('.phase.') && !name.endsWith('.bias.both'));
    graphs.push(['merged', merged], ['plain', new Map(unmerged)]);
  } else graphs.push(['plain', plain]);
  const results: Comparison[] = [];
  for (const [batch, times] of Object.entries(repeats).map(([b, n]) => [Number(b), n] as const)) {
    const [z, s] = [normal(1, batch * config.z), normal(2, batch * config.sentence)];
    const input = { z: tensor2d(z, [batch, config.z]), sentence: tensor2d(s, [batch, config.sentence]) };
    const feeds = {
      z: new ort.Tensor('float32', z, [batch, config.z]),
      sentence: new ort.Tensor('float32', s, [batch, config.sentence]),
    };
    const paints = (p: Parameters) => async (): Promise<Float32Array> => {
      const pictures = generate(p, config, input);
      const values = await pictures.data<'float32'>();
      pictures.dispose();
      return values;
    };
    const ours = graphs.map(([, p]) => paints(p));
    const theirs = async (): Promise<Float32Array> => {
      const { pictures } = await session.run(feeds);
      return (await pictures?.getData()) as Float32Array;
    };
    const expected = await theirs();
    const differences: number[] = [];
    for (const paint of ours) differences.push(furthest(await paint(), expected, pictureSize(config), batch));
    const [onnxruntimeMs = NaN, ...took] = await inTurn([theirs, ...ours], times);
    for (const [i, [graph]] of graphs.entries()) {
      const tfjsMs = took[i] ?? NaN;
      results.push({
        batch,
        graph,
        tfjsMs: round(tfjsMs),
        onnxruntimeMs: round(onnxruntimeMs),
        ratio: round(tfjsMs / onnxruntimeMs),
        difference: Number((differences[i] ?? NaN).toPrecision(2)),
      });
    }
    input.z.dispose();
    input.sentence.dispose();
  }
  return results;
}

/** a [B,S,S,3] against b [B,3,S,S] */
function furthest(a: Float32Array, b: Float32Array, size: number, batch: number): number {
  let worst = 0;
  const area = size * size;
  for (let i = 0; i < batch * area; i++) {
    for (let c = 0; c < 3; c++) {
      const there = b[(Math.floor(i / area) * 3 + c) * area + (i % area)] ?? NaN;
      worst = Math.max(worst, Math.abs((a[i * 3 + c] ?? NaN) - there));
    }
  }
  return worst;
}
