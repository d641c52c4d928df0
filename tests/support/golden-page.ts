/** Put into a page by tests/e2e/golden.spec.ts: runs golden files and kernels on a backend of the browser. */
import { env, getKernelsForBackend } from '@tensorflow/tfjs-core';
import { openDevice } from '../../src/engine/backend.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import type { GoldenName } from './golden-names.ts';
import { runGolden, type Deviation } from './golden.ts';
import { differences, runExamples } from './kernel-examples.ts';

type InBrowser = 'webgpu' | 'webgl';

/** Hands the backend to `use` → what came of it, if the device stayed well */
async function on<T>(backend: BackendName, use: (opened: string) => Promise<T>): Promise<T> {
  const troubles: string[] = [];
  const device = await openDevice(
    backend,
    { backends: [backend], gpu: navigator.gpu, wasm: { paths: {}, threads: 1 }, now: () => performance.now() },
    (failure) => troubles.push(failure.kind),
  );
  const result = await use(device.backend);
  if (troubles.length > 0) throw new Error(`the device was in trouble: ${troubles.join(', ')}`);
  return result;
}

function checkGolden(
  backend: InBrowser,
  name: GoldenName,
  bytes: readonly number[],
  config: unknown,
): Promise<{ backend: string; deviations: Deviation[] }> {
  return on(backend, async (opened) => ({
    backend: opened,
    deviations: await runGolden(name, Uint8Array.from(bytes), config),
  }));
}

/** → the kernels that the backend has, and where it is not as cpu is */
async function checkKernels(backend: InBrowser): Promise<{ kernels: string[]; wrong: string[] }> {
  const expected = await on('cpu', () => runExamples('cpu'));
  return on(backend, async () => {
    const found = await runExamples(backend);
    if (backend === 'webgl') {
      // It computes small tensors on the processor; now with shaders only. For webgpu backend.ts has set this.
      env().set('WEBGL_CPU_FORWARD', false);
      found.push(...(await runExamples(backend)));
    }
    const kernels = getKernelsForBackend(backend).map(({ kernelName }) => kernelName);
    return { kernels, wrong: differences(found, expected, 1e-4) };
  });
}

Object.assign(globalThis, { checkGolden, checkKernels });
