/** MirrorGAN by stage, with random weights of the shipped shape: time and memory do not ask what they have learnt. */
import { dispose, memory, profile, tensor, tensor2d, tensor3d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { BackendName } from '../../src/engine/protocol.ts';
import { accelerated, cascade, glamShapes, pictureSizes, type GlamConfig } from '../../src/models/glam.ts';
import { parameterCount, type ParameterShapes } from '../../src/models/parameters.ts';
import { readWords, stemShapes, type StemConfig } from '../../src/models/stem.ts';
import { normal } from '../../src/random.ts';
import { median, round } from './measure.ts';

/** As `training/models/glam.py` has it by default, and a third stage for 256 pixels. */
const CONFIG: GlamConfig = {
  z: 100,
  sentence: 256,
  word: 256,
  condition: 128,
  channels: [256, 192, 128, 64, 32],
  stages: [
    [48, 32],
    [32, 16],
  ],
  residuals: 2,
  sentenceAttention: true,
};
const STEM: StemConfig = { vocabulary: 1907, word: 160, hidden: 128, sentence: 256, longest: 32 };
/** Words of a caption; the attention reads `longest` places whatever it is. */
const WORDS = 12;
const BATCH = 4;

export interface StageFigures {
  readonly edge: number;
  /** Of this stage and those before it. */
  readonly parameters: number;
  readonly milliseconds: { readonly [batch: number]: number };
  /** Largest sum of all tensors while it paints, weights among them. */
  readonly peakBytes: { readonly [batch: number]: number };
  /** On a GPU: what is allocated after all of that. */
  readonly allocatedBytes?: number;
}

/** What a GPU backend holds of its device's memory, the pool of spare buffers among it. */
interface GpuMemory {
  readonly numBytesAllocatedInGPU?: number;
  readonly numBytesInGPUAllocated?: number;
}

export interface CascadeFigures {
  readonly readCaptionMs: number;
  readonly stages: readonly StageFigures[];
}

/** The backend must be up. */
export async function benchStages(backend: BackendName, quick: boolean): Promise<CascadeFigures> {
  const times = quick ? 3 : 9;
  const q = drawn(stemShapes(STEM));
  const tokens = tensor2d(Array.from({ length: WORDS }, (_, i) => 5 + i), [1, WORDS], 'int32'); // prettier-ignore
  const readCaptionMs = await pace(times, () => tidy(() => readWords(q, tokens).sentence));
  dispose([...q.values(), tokens]);
  const stages: StageFigures[] = [];
  for (const [depth, edge] of pictureSizes(CONFIG).entries()) {
    const config = { ...CONFIG, stages: CONFIG.stages.slice(0, depth) };
    const shapes = glamShapes(config);
    const plain = drawn(shapes);
    const p = backend === 'wasm' || backend === 'cpu' ? accelerated(plain, config) : plain;
    const milliseconds: Record<number, number> = {};
    const peakBytes: Record<number, number> = {};
    for (const batch of [1, BATCH]) {
      const told = toldTo(config, batch);
      const before = memory().numBytes;
      milliseconds[batch] = await pace(times, () => cascade(p, config, told, depth));
      const painted = await profile(() => cascade(p, config, told, depth));
      peakBytes[batch] = Math.max(before, painted.peakBytes);
      dispose([painted.result, ...Object.values(told)]);
    }
    const { numBytesAllocatedInGPU, numBytesInGPUAllocated } = memory() as GpuMemory;
    const allocatedBytes = numBytesAllocatedInGPU ?? numBytesInGPUAllocated;
    dispose([...p.values()]);
    const parameters = parameterCount(shapes);
    stages.push({ edge, parameters, milliseconds, peakBytes, ...(allocatedBytes !== undefined && { allocatedBytes }) });
  }
  return { readCaptionMs, stages };
}

/** Weights that let pictures through. */
function drawn(shapes: ParameterShapes): ReadonlyMap<string, Tensor> {
  const all = [...shapes].map(([name, shape], i): [string, Tensor] => {
    const inputs = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    const values = normal(i, shape.reduce((a, b) => a * b, 1)); // prettier-ignore
    return [name, tensor(values.map((value) => value / Math.sqrt(inputs)), [...shape])]; // prettier-ignore
  });
  return new Map(all);
}

function toldTo({ z, sentence, word }: GlamConfig, batch: number) {
  const draw = (seed: number, length: number) => tensor2d(normal(seed, batch * length), [batch, length]);
  const words = tensor3d(normal(9, batch * STEM.longest * word), [batch, STEM.longest, word]);
  const weight = tensor2d(new Float32Array(batch * STEM.longest), [batch, STEM.longest]);
  return { z: draw(7, z), sentence: draw(8, sentence), words, weight };
}

/** → milliseconds from the call to the numbers, the median of `times` after one that compiles */
async function pace(times: number, run: () => Tensor): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i <= times; i++) {
    const begun = performance.now();
    const result = run();
    await result.data();
    result.dispose();
    if (i > 0) all.push(performance.now() - begun);
  }
  return round(median(all));
}
