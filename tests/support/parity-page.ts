/** Put into a page by tests/e2e/parity.spec.ts: the engine without its worker, on a backend of the browser. */
import { createHost } from '../../src/engine/host.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import { httpSource } from '../../src/engine/weights/source.ts';
import type { Recipe } from '../../src/recipe.ts';

const FILES = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];

async function paintHere(
  backend: BackendName,
  recipe: Recipe,
  count: number,
): Promise<{ backend: string; pictures: number[][] }> {
  const troubles: string[] = [];
  const paths = Object.fromEntries(FILES.map((file) => [file, new URL(`wasm/${file}`, location.href).href]));
  const host = createHost(
    { backends: [backend], gpu: navigator.gpu, wasm: { paths, threads: 1 }, now: () => performance.now() },
    httpSource(new URL('models/manifest.json', location.href).href),
    (failure) => troubles.push(failure.kind),
  );
  const quiet = { signal: new AbortController().signal, report: () => undefined };
  const { device } = await host('load', { model: recipe.model, backend }, quiet);
  const pictures: number[][] = [];
  const report = ({ index, picture }: { index: number; picture: { pixels: { data: Uint8ClampedArray } } }) => {
    pictures[index] = [...picture.pixels.data];
  };
  await host('generate', { recipe, count }, { ...quiet, report });
  if (troubles.length > 0) throw new Error(`the device was in trouble: ${troubles.join(', ')}`);
  return { backend: device.backend, pictures };
}

Object.assign(globalThis, { paintHere });
