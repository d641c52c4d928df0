/** Put into a page by tests/e2e/invert.spec.ts: a picture is painted and inverted on a backend of the browser. */
import { memory } from '@tensorflow/tfjs-core';
import { createHost } from '../../src/engine/host.ts';
import type { BackendName, Pixels } from '../../src/engine/protocol.ts';
import { httpSource } from '../../src/engine/weights/source.ts';
import type { Recipe } from '../../src/recipe.ts';

export interface Inverted {
  readonly backend: string;
  readonly z: readonly number[];
  readonly first: number;
  readonly found: number;
  /** Losses of all steps. */
  readonly losses: readonly number[];
  /** Tensors that a second run left behind. */
  readonly left: number;
}

async function invertHere(backend: BackendName, recipe: Recipe, steps: number): Promise<Inverted> {
  const troubles: string[] = [];
  const host = createHost(
    { backends: [backend], gpu: navigator.gpu, wasm: { paths: {}, threads: 1 }, now: () => performance.now() },
    httpSource(new URL('models/manifest.json', location.href).href),
    (failure) => troubles.push(failure.kind),
  );
  const { signal } = new AbortController();
  const { model, caption } = recipe;
  const { device } = await host('load', { model, backend }, { signal, report: () => undefined });
  const painted: Pixels[] = [];
  const collect = ({ picture }: { picture: { pixels: Pixels } }) => painted.push(picture.pixels);
  await host('paint', { recipes: [recipe] }, { signal, report: collect });
  const [pixels] = painted;
  if (!pixels) throw new Error('nothing was painted');
  const losses: number[] = [];
  const input = { model, pixels, caption, steps, restarts: 1, seed: 3 };
  const { z, first, found } = await host('invert', input, {
    signal,
    report: (progress) => progress.stage === 'search' && losses.push(progress.loss),
  });
  const before = memory().numTensors;
  await host('invert', { ...input, steps: 1 }, { signal, report: () => undefined });
  if (troubles.length > 0) throw new Error(`the device was in trouble: ${troubles.join(', ')}`);
  const left = memory().numTensors - before;
  return { backend: device.backend, z, first: first.distance, found: found.distance, losses, left };
}

Object.assign(globalThis, { invertHere });
