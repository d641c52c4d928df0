/** The same engine under Node: wasm, or WebGPU through the package `webgpu` (Dawn) where it is installed. */
import { createRequire } from 'node:module';
import type { OnTrouble } from './backend.ts';
import { createHost, type Host } from './host.ts';
import type { Platform } from './platform.ts';
import { diskStore } from './store/disk.ts';
import { readFileSource } from './weights/disk.ts';

/** Dawn's package, which is optional and so not known to the compiler. */
interface Dawn {
  create(flags: string[]): GPU;
  readonly globals: Record<string, unknown>;
}

/** navigator.gpu through Dawn; undefined where the package is not installed. */
async function dawn(): Promise<GPU | undefined> {
  const name = 'webgpu';
  let found: Dawn;
  try {
    found = (await import(name)) as Dawn;
  } catch {
    return undefined;
  }
  Object.assign(globalThis, found.globals);
  const gpu = found.create([]);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'Node' }, configurable: true });
  return gpu;
}

/** `gpu: false` leaves Dawn alone. */
export async function nodePlatform({ gpu = true } = {}): Promise<Platform> {
  const resolve = createRequire(import.meta.url).resolve;
  const files = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];
  const found = gpu ? await dawn() : undefined;
  return {
    // wasm first where there is no Dawn: asking for a GPU that cannot be there tells nobody anything.
    backends: found ? ['webgpu', 'wasm', 'cpu'] : ['wasm', 'cpu'],
    gpu: found,
    wasm: {
      paths: Object.fromEntries(files.map((file) => [file, resolve(`@tensorflow/tfjs-backend-wasm/dist/${file}`)])),
      threads: 1,
    },
    now: () => performance.now(),
  };
}

/** An engine over a folder of models (one with a manifest.json). */
export async function createNodeHost(
  models: string,
  onTrouble: OnTrouble,
  {
    store,
    ...options
  }: { gpu?: boolean; /** A folder for runs of training; without it they end with the process. */ store?: string } = {},
): Promise<Host> {
  const stored = store === undefined ? undefined : () => Promise.resolve(diskStore(store));
  return createHost(await nodePlatform(options), readFileSource(models), onTrouble, stored);
}
