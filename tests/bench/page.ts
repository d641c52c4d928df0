/** Put into a page by browser.ts: our generator and onnxruntime-web's, both on WebGPU. */
import { openDevice } from '../../src/engine/backend.ts';
import type { GanIntClsConfig } from '../../src/models/gan-int-cls.ts';
import { compareGenerators, type Comparison, type Ort } from './generators.ts';

/** In a constant, so that neither the bundler nor the compiler looks for it. */
const ORT: string = './ort/ort.webgpu.min.mjs';

async function compareOnWebGpu(weights: string, config: GanIntClsConfig, quick: boolean): Promise<Comparison[]> {
  await openDevice(
    'webgpu',
    {
      backends: ['webgpu'],
      gpu: navigator.gpu,
      wasm: { paths: {}, threads: 1 },
      now: () => performance.now(),
    },
    (failure) => {
      throw new Error(failure.kind);
    },
  );
  const ort = (await import(ORT)) as Ort;
  const bytes = Uint8Array.from(atob(weights), (c) => c.charCodeAt(0));
  return compareGenerators(bytes, config, 'webgpu', ort, 'webgpu', quick ? { 1: 3 } : { 1: 9, 16: 3 });
}

Object.assign(globalThis, { compareOnWebGpu });
