/** Put into a page by tests/e2e/golden.spec.ts: runs a golden file on a backend of the browser. */
import { openDevice } from '../../src/engine/backend.ts';
import { runGolden, type Deviation, type GoldenName } from './golden.ts';

async function checkGolden(
  backend: 'webgpu' | 'webgl',
  name: GoldenName,
  bytes: readonly number[],
  config: unknown,
): Promise<{ backend: string; deviations: Deviation[] }> {
  const troubles: string[] = [];
  const device = await openDevice(
    backend,
    { backends: [backend], gpu: navigator.gpu, wasm: { paths: {}, threads: 1 }, now: () => performance.now() },
    (failure) => troubles.push(failure.kind),
  );
  const deviations = await runGolden(name, Uint8Array.from(bytes), config);
  if (troubles.length > 0) throw new Error(`the device was in trouble: ${troubles.join(', ')}`);
  return { backend: device.backend, deviations };
}

Object.assign(globalThis, { checkGolden });
