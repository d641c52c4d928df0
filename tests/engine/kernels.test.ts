import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { cumsum, getKernelsForBackend, tensor1d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../src/engine/backend.ts';
import { KERNELS, MISSING } from '../../src/engine/kernels/names.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import { toFailure } from '../../src/failure.ts';
import { differences, kernelsAskedFor, runExamples } from '../support/kernel-examples.ts';

const open = async (backend: BackendName) => openDevice(backend, await nodePlatform({ gpu: false }), () => undefined);

/** webgpu and webgl: tests/e2e/golden.spec.ts. */
describe.each(['cpu', 'wasm'] as const)('the kernels of %s', (backend) => {
  it('are those of the list and no others, so that no test leans on one that the tab lacks', async () => {
    await open(backend);
    const expected = KERNELS.filter((name) => !(name in MISSING[backend]));
    const found = getKernelsForBackend(backend).map(({ kernelName }) => kernelName);
    expect(found.sort()).toEqual([...expected].sort());
  });

  it('answer a name that is not among them with a failure of kind internal', async () => {
    await open(backend);
    let failure;
    try {
      cumsum(tensor1d([1, 2]));
    } catch (error) {
      failure = toFailure(error);
    }
    const detail = `Kernel 'Cumsum' not registered for backend '${backend}'`;
    expect(failure).toEqual({ kind: 'internal', detail });
  });
});

it('has an example of each kernel that asks for it', async () => {
  await open('cpu');
  const asked = await kernelsAskedFor();
  for (const name of KERNELS) expect(asked.get(name), name).toContain(name);
});

it('computes on wasm what it computes on cpu, gradients included, with what is registered', async () => {
  await open('cpu');
  const expected = await runExamples('cpu');
  expect(differences(expected, expected, 0)).toEqual([]);
  await open('wasm');
  expect(differences(await runExamples('wasm'), expected, 1e-5)).toEqual([]);
});

it.each(['webgpu', 'webgl', 'wasm', 'cpu'] as const)('misses on %s only what tfjs does not have', (backend) => {
  const root = createRequire(import.meta.url).resolve(`@tensorflow/tfjs-backend-${backend}/package.json`);
  for (const name of Object.keys(MISSING[backend])) {
    expect(existsSync(`${dirname(root)}/dist/kernels/${name}.js`), name).toBe(false);
  }
});
