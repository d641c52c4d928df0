/** The first pictures of a model, which nobody sees. */
import { backend, env, tidy, tile, type KernelBackend } from '@tensorflow/tfjs-core';
import { LimnError, toFailure } from '../failure.ts';
import type { Painter } from './catalogue.ts';
import type { BackendName } from './protocol.ts';
import { paintPixels, paintTensors } from './tasks/pixels.ts';

/** Pictures in a full batch. With 1 the only batch sizes there are, so that tfjs' buffer pool, keyed by size, stays. */
export const BATCH = 4;
/** Milliseconds. Slower than this, a picture at a time is what a person wants to see. */
const SLOW_PICTURE = 100;
const WARM_UP = 'a flower';

/** tfjs' own types leave this out. */
interface ParallelCompiler {
  checkCompileCompletionAsync(): Promise<void>;
  readonly pipelineCache?: Record<string, unknown>;
}

/**
 * Paints with the real shapes, so that no shader is compiled while a person waits; on webgpu all of them are compiled
 * side by side first → the batch that suits this device
 * @throws LimnError no-backend where a shader does not compile; as `paintTrial` does
 */
export async function warmUp(painter: Painter, name: BackendName, now: () => number): Promise<number> {
  const paint = async (count: number): Promise<number> => {
    const begun = now();
    await paintTrial(painter, count);
    return now() - begun;
  };
  if (name === 'webgpu') await compile(painter, name);
  // The first picture pays for uploads and packing, so the second one tells the pace.
  if ((await paint(1)) > 10 * SLOW_PICTURE || (await paint(1)) > SLOW_PICTURE) return 1;
  await paint(BATCH);
  return BATCH;
}

/** @throws LimnError wrong-numbers where what it paints is no picture */
export async function paintTrial(painter: Painter, count: number): Promise<void> {
  const sentences = tidy(() => tile(painter.read(WARM_UP), [count, 1]));
  try {
    await paintPixels(painter, sentences, ones(painter, count), largest(painter));
  } finally {
    sentences.dispose();
  }
}

async function compile(painter: Painter, name: BackendName): Promise<void> {
  env().set('WEBGPU_ENGINE_COMPILE_ONLY', true);
  try {
    tidy(() => {
      const sentence = painter.read(WARM_UP);
      for (const count of [1, BATCH]) {
        paintTensors(painter, tile(sentence, [count, 1]), ones(painter, count), largest(painter));
      }
    });
    const compiler = backend() as KernelBackend & ParallelCompiler;
    await compiler.checkCompileCompletionAsync().catch((cause: unknown) => {
      // tfjs keeps what it waits for, and would refuse every later model for this one's shader.
      const waiting = compiler.pipelineCache ?? {};
      for (const [key, one] of Object.entries(waiting))
        if (one instanceof Promise) Reflect.deleteProperty(waiting, key);
      // The known answer needs few shaders: a driver may pass there and refuse one here, every time it is asked.
      const failure = toFailure(cause);
      const reason = `a shader does not compile: ${'detail' in failure ? failure.detail : failure.kind}`;
      throw new LimnError({ kind: 'no-backend', tried: [{ backend: name, reason: reason.slice(0, 500) }] }, { cause });
    });
  } finally {
    env().set('WEBGPU_ENGINE_COMPILE_ONLY', false);
  }
}

/** z of ones, since zeros could hide a broken kernel behind a sound bias. */
const ones = ({ zLength }: Painter, count: number): Float32Array => new Float32Array(count * zLength).fill(1);

const largest = ({ sizes }: Painter): number => Math.max(...sizes);
