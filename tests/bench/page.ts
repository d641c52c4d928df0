/** Put into a page by pages.ts: our generator and onnxruntime-web's, both on WebGPU; steps of z; the mirror; MirrorGAN; teaching. */
import { openDevice } from '../../src/engine/backend.ts';
import { createHost } from '../../src/engine/host.ts';
import { createSession, type Session } from '../../src/engine/session.ts';
import type { Platform } from '../../src/engine/platform.ts';
import { httpSource } from '../../src/engine/weights/source.ts';
import type { Failure } from '../../src/failure.ts';
import type { GanIntClsConfig } from '../../src/models/gan-int-cls.ts';
import { defaultRecipe } from '../../src/recipe.ts';
import { compareGenerators, type Comparison, type Ort } from './generators.ts';
import { benchInversion } from './latent.ts';
import { timeMirror, type MirrorFigures } from './mirror.ts';
import { benchStages, type CascadeFigures } from './stages.ts';
import { benchSteps, type StepFigures } from './teaching.ts';

/** In a constant, so that neither the bundler nor the compiler looks for it. */
const ORT: string = './ort/ort.webgpu.min.mjs';
const WASM = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];

type InBrowser = 'webgpu' | 'webgl' | 'wasm';

const platform = (backend: InBrowser): Platform => ({
  backends: [backend],
  gpu: navigator.gpu,
  wasm: { paths: Object.fromEntries(WASM.map((file) => [file, `wasm/${file}`])), threads: 1 },
  now: () => performance.now(),
});

function fail({ kind }: Failure): void {
  throw new Error(kind);
}

async function open(backend: InBrowser): Promise<void> {
  await openDevice(backend, platform(backend), fail);
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

async function compareOnWebGpu(weights: string, config: GanIntClsConfig, quick: boolean): Promise<Comparison[]> {
  await open('webgpu');
  const ort = (await import(ORT)) as Ort;
  return compareGenerators(bytesOf(weights), config, 'webgpu', ort, 'webgpu', quick ? { 1: 3 } : { 1: 9, 16: 3 });
}

/** → milliseconds */
async function inversionStep(
  backend: InBrowser,
  weights: string,
  config: GanIntClsConfig,
  quick: boolean,
): Promise<number> {
  await open(backend);
  return benchInversion(bytesOf(weights), config, backend, quick ? 2 : 5);
}

/** By the engine's own host, with the models that the page's server has. */
async function mirrorOf(backend: InBrowser, quick: boolean): Promise<MirrorFigures> {
  const host = createHost(platform(backend), httpSource(new URL('models/manifest.json', location.href).href), fail);
  const recipe = defaultRecipe();
  const quiet = { signal: new AbortController().signal, report: (): void => undefined };
  await host('load', { model: recipe.model, backend }, quiet);
  return timeMirror(host, recipe, quick);
}

async function stagesOf(backend: InBrowser, quick: boolean): Promise<CascadeFigures> {
  await open(backend);
  return benchStages(backend, quick);
}

/** A batch after another shares the model and what is compiled. */
let taught: Session | undefined;

async function teachingOf(backend: InBrowser, batch: number, steps: number): Promise<StepFigures> {
  const source = httpSource(new URL('models/manifest.json', location.href).href);
  taught ??= createSession(platform(backend), source, fail);
  const { stepTook } = globalThis as unknown as { stepTook: (seconds: number) => void };
  return benchSteps(taught, defaultRecipe().model, backend, { batch, steps, told: stepTook });
}

Object.assign(globalThis, { compareOnWebGpu, inversionStep, mirrorOf, stagesOf, teachingOf });
