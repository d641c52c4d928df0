/** What a step of fine-tuning takes, and whether many of them leave memory where it was. */
import { memory } from '@tensorflow/tfjs-core';
import type { Host } from '../../src/engine/host.ts';
import { loadGradients } from '../../src/engine/kernels/register.ts';
import { criticPart } from '../../src/engine/parts/critic.ts';
import { generatorPart } from '../../src/engine/parts/generator.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import { SETTINGS, type TeachSettings } from '../../src/engine/protocol-teaching.ts';
import type { Session } from '../../src/engine/session.ts';
import { openDesk } from '../../src/engine/tasks/fine-tune-lesson.ts';
import { train } from '../../src/learn/trainer.ts';
import { normal } from '../../src/random.ts';
import { examples } from '../support/lesson.ts';
import { median, round } from './measure.ts';

const quiet = { signal: new AbortController().signal, report: (): void => undefined };

/** Seconds a step, by pictures a step, and of the default batch by what moves. The host's model must have a critic. */
export async function timeTeaching(host: Host, model: string, quick: boolean) {
  const second = async (change: Partial<TeachSettings>): Promise<number> => {
    const found = await host('rehearse', { model, settings: { ...SETTINGS, ...change } }, quiet);
    return round(found.secondsPerStep, 3);
  };
  const byBatch: Record<number, number> = {};
  for (const batch of quick ? [4] : [2, 4, 8, 16]) byBatch[batch] = await second({ batch });
  if (quick) return { byBatch };
  const byMoves = { 'last-blocks': await second({ moves: 'last-blocks' }), text: await second({ moves: 'text' }) };
  return { byBatch, byMoves };
}

/** On the tests' own tiny model, which the host must have loaded: of each step the same is done, whatever its size. */
export async function benchTeachingLeak(host: Host, steps: number) {
  const settings = { ...SETTINGS, steps, batch: 4, checkpointEvery: steps, sheetEvery: steps };
  const run = await host('begin-run', { name: 'bench', model: 'tiny', examples: examples(8), settings }, quiet);
  const seen: { numTensors: number; numBytes: number }[] = [];
  const report = (one: { readonly stage: string }): void => {
    if (one.stage !== 'point') return;
    const { numTensors, numBytes } = memory();
    seen.push({ numTensors, numBytes });
  };
  await host('train', { run: run.id, until: steps }, { ...quiet, report });
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last) throw new Error('no step was reported');
  return {
    steps,
    tensors: [first.numTensors, last.numTensors],
    bytes: [first.numBytes, last.numBytes],
    flat: first.numTensors === last.numTensors && first.numBytes === last.numBytes,
  };
}

/** A pair is of the warm-up step and of the last one. */
export interface StepFigures {
  readonly batch: number;
  readonly steps: number;
  /** The first one compiles. */
  readonly warmUpSeconds: number;
  readonly secondsPerStep: number;
  readonly tensors: readonly [number, number];
  readonly bytes: readonly [number, number];
  /** Of the GPU's buffers or textures, those that wait to be used again included; where the backend tells. */
  readonly allocatedBytes?: readonly [number, number];
  readonly flat: boolean;
}

/** tfjs' own types leave these out: WebGPU's name, then WebGL's. */
interface GpuMemory {
  readonly numBytesAllocatedInGPU?: number;
  readonly numBytesInGPUAllocated?: number;
}

/** The median of so many steps after one that warms up, everything moving. The same under Node and in a page. */
export async function benchSteps(
  session: Session,
  model: string,
  backend: BackendName,
  {
    batch,
    steps,
    told,
  }: { batch: number; steps: number; /** Hears each step's seconds. */ told: (seconds: number) => void },
): Promise<StepFigures> {
  const loaded = await session.load(model, backend, quiet);
  const critic = await session.part(criticPart, loaded, quiet);
  const generator = await session.part(generatorPart, loaded, quiet);
  await loadGradients();
  const { sentenceLength, sizes } = loaded.painter;
  const [size = 0] = sizes;
  const count = 2 * batch;
  const pictures = Array.from({ length: count }, (_, i) => ({
    ...{ width: size, height: size },
    data: Uint8ClampedArray.from(normal(i, 4 * size ** 2), (v) => 128 + 50 * v),
  }));
  const sentences = normal(1, count * sentenceLength);
  const desk = openDesk({ pictures, sentences, known: sentences, sentenceLength }, count, generator, critic);
  const seconds: number[] = [];
  const held: { readonly tensors: number; readonly bytes: number; readonly allocated: number | undefined }[] = [];
  try {
    const start = { step: 0, state: desk.begin('all') };
    let began = performance.now();
    for await (const { step } of train(start, desk.networks, desk.material, { ...SETTINGS, batch })) {
      const took = (performance.now() - began) / 1000;
      const { numTensors, numBytes, ...others } = memory();
      const gpu = others as GpuMemory;
      seconds.push(took);
      held.push({
        tensors: numTensors,
        bytes: numBytes,
        allocated: gpu.numBytesAllocatedInGPU ?? gpu.numBytesInGPUAllocated,
      });
      told(round(took, 3));
      if (step > steps) break;
      began = performance.now();
    }
  } finally {
    desk.dispose();
  }
  const [warmUp = NaN, ...counted] = seconds;
  const [first, last] = [held[0], held.at(-1)];
  if (!first || !last) throw new Error('no step was made');
  const { allocated: from } = first;
  const { allocated: to } = last;
  return {
    ...{ batch, steps, warmUpSeconds: round(warmUp, 3), secondsPerStep: round(median(counted), 3) },
    tensors: [first.tensors, last.tensors],
    bytes: [first.bytes, last.bytes],
    ...(from !== undefined && to !== undefined && { allocatedBytes: [from, to] as const }),
    flat: first.tensors === last.tensors && first.bytes === last.bytes && from === to,
  };
}
