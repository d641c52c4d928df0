/** Put into a page by tests/e2e/parity.spec.ts: the engine without its worker, on a backend of the browser. */
import { memory } from '@tensorflow/tfjs-core';
import { createHost, type Host } from '../../src/engine/host.ts';
import type { BackendName, Output, Report } from '../../src/engine/protocol.ts';
import { httpSource } from '../../src/engine/weights/source.ts';
import type { Recipe } from '../../src/recipe.ts';

const FILES = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];

const quiet = { signal: new AbortController().signal, report: () => undefined };

/** Loads the model and hands the host to `use` → what came of it, if the device stayed well */
async function on<T>(backend: BackendName, model: string, use: (host: Host, opened: string) => Promise<T>): Promise<T> {
  const troubles: string[] = [];
  const paths = Object.fromEntries(FILES.map((file) => [file, new URL(`wasm/${file}`, location.href).href]));
  const host = createHost(
    { backends: [backend], gpu: navigator.gpu, wasm: { paths, threads: 1 }, now: () => performance.now() },
    httpSource(new URL('models/manifest.json', location.href).href),
    (failure) => troubles.push(failure.kind),
  );
  const { device } = await host('load', { model, backend }, quiet);
  const result = await use(host, device.backend);
  if (troubles.length > 0) throw new Error(`the device was in trouble: ${troubles.join(', ')}`);
  return result;
}

function paintHere(
  backend: BackendName,
  recipe: Recipe,
  count: number,
): Promise<{ backend: string; pictures: number[][] }> {
  return on(backend, recipe.model, async (host, opened) => {
    const pictures: number[][] = [];
    const report = ({ index, picture }: { index: number; picture: { pixels: { data: Uint8ClampedArray } } }) => {
      pictures[index] = [...picture.pixels.data];
    };
    await host('generate', { recipe, count }, { ...quiet, report });
    return { backend: opened, pictures };
  });
}

export interface Mirrored {
  readonly read: Output<'mirror'>;
  readonly z: readonly number[];
  readonly losses: readonly [before: number, after: number];
  /** Tensors that a second round left behind. */
  readonly leaked: number;
}

/** Improves the recipe and reads its picture back; twice, since the first time remembers sentences. */
function mirrorHere(backend: BackendName, recipe: Recipe, steps: number): Promise<Mirrored> {
  return on(backend, recipe.model, async (host) => {
    const round = async (): Promise<Mirrored> => {
      const tensors = memory().numTensors;
      const { picture, before, loss } = await host('improve', { recipe, steps }, quiet);
      const { model, caption } = recipe;
      const read = await host('mirror', { model, pixels: before.picture.pixels, caption, width: 3 }, quiet);
      const leaked = memory().numTensors - tensors;
      return { read, z: picture.recipe.style?.z ?? [], losses: [before.loss, loss], leaked };
    };
    await round();
    return round();
  });
}

export interface Looked {
  /** Stage by stage; what has no attention has []. */
  readonly layers: readonly { readonly picture: number[]; readonly attention: number[] }[];
  /** Tensors that a second look left behind. */
  readonly leaked: number;
}

/** Twice, since the first time remembers sentences. */
function lookHere(backend: BackendName, recipe: Recipe): Promise<Looked> {
  return on(backend, recipe.model, async (host) => {
    const round = async (): Promise<Looked> => {
      const tensors = memory().numTensors;
      const layers: { picture: number[]; attention: number[] }[] = [];
      const report = (now: Report<'look'>): void => {
        if (now.stage !== 'picture') return;
        layers.push({ picture: [...now.pixels.data], attention: [...(now.attention?.values ?? [])] });
      };
      await host('look', { recipe }, { ...quiet, report });
      return { layers, leaked: memory().numTensors - tensors };
    };
    await round();
    return round();
  });
}

Object.assign(globalThis, { paintHere, mirrorHere, lookHere });
