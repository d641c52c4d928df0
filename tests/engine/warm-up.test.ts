import { backend, env, memory, zeros } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Painter } from '../../src/engine/catalogue.ts';
import { openDevice } from '../../src/engine/backend.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import { warmUp } from '../../src/engine/warm-up.ts';
import { toFailure } from '../../src/failure.ts';

const FLAG = 'WEBGPU_ENGINE_COMPILE_ONLY';
const painter: Painter = {
  zLength: 3,
  sentenceLength: 2,
  sizes: [4],
  parameters: 0,
  read: () => zeros([1, 2]),
  paint: (z) => zeros([z.shape[0], 4, 4, 3]),
  dispose: () => undefined,
};

beforeAll(async () => {
  await openDevice('wasm', await nodePlatform({ gpu: false }), () => undefined);
  // What tfjs' WebGPU brings along; there is none here.
  env().registerFlag(FLAG, () => false);
});
afterEach(() => {
  Reflect.deleteProperty(backend(), 'checkCompileCompletionAsync');
  Reflect.deleteProperty(backend(), 'pipelineCache');
});

it('a shader that does not compile speaks against its backend alone', async () => {
  const checkCompileCompletionAsync = vi.fn(() => Promise.reject(new Error('too many registers')));
  const known = {};
  const pipelineCache: Record<string, unknown> = { sound: known, refused: Promise.resolve() };
  Object.assign(backend(), { checkCompileCompletionAsync, pipelineCache });
  const { numTensors } = memory();
  const failure = await warmUp(painter, 'webgpu', () => 0).catch(toFailure);
  expect(failure).toEqual({
    kind: 'no-backend',
    tried: [{ backend: 'webgpu', reason: 'a shader does not compile: too many registers' }],
  });
  expect(checkCompileCompletionAsync).toHaveBeenCalledOnce();
  expect(env().getBool(FLAG)).toBe(false);
  // The next model's shaders are compiled anew, and do not wait for this one's.
  expect(pipelineCache).toEqual({ sound: known });
  expect(memory().numTensors).toBe(numTensors);
});

it('a picture of one colour is none', async () => {
  expect(await warmUp(painter, 'wasm', () => 0).catch(toFailure)).toMatchObject({ kind: 'wrong-numbers' });
});
