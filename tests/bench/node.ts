/** The engine under Node: load, first picture, pace, memory, and the same generator on onnxruntime-web. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memory, profile } from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-web';
import { createHost, type Host } from '../../src/engine/host.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import type { Platform } from '../../src/engine/platform.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import { readFileSource } from '../../src/engine/weights/disk.ts';
import type { Manifest } from '../../src/engine/weights/manifest.ts';
import { parseManifest } from '../../src/engine/weights/source.ts';
import type { GanIntClsConfig } from '../../src/models/gan-int-cls.ts';
import type { Recipe } from '../../src/recipe.ts';
import { compareGenerators } from './generators.ts';
import { benchInversion } from './latent.ts';
import { median, round } from './measure.ts';
import { timeMirror } from './mirror.ts';
import { benchShipped } from './shipped.ts';
import { benchStages } from './stages.ts';
import { benchTeachingLeak, timeTeaching } from './teaching.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/models', import.meta.url));

const quiet = { signal: new AbortController().signal, report: (): void => undefined };
const recipe: Recipe = {
  version: 1,
  model: 'flowers',
  caption: 'this flower has large white petals and a yellow center',
  seed: 7,
  truncation: 1,
  size: 0,
};

/** → milliseconds */
async function paint(host: Host, count: number): Promise<number> {
  return (await host('generate', { recipe, count }, quiet)).milliseconds;
}

async function benchBackend(backend: BackendName, models: string) {
  const host = createHost(await nodePlatform({ gpu: backend === 'webgpu' }), readFileSource(models), (failure) => {
    throw new Error(`the device is in trouble: ${failure.kind}`);
  });
  const loaded = await host('load', { model: recipe.model, backend }, quiet);
  const first = await paint(host, 1);
  const singles: number[] = [];
  for (let i = 0; i < 9; i++) singles.push(await paint(host, 1));
  const sixteen = await paint(host, 16);
  const atRest = memory().numBytes;
  const { peakBytes } = await profile(() => paint(host, 16).then(() => []));
  return {
    host,
    figures: {
      backend,
      adapter: loaded.device.adapter,
      loadMs: round(loaded.milliseconds, 0),
      clickToFirstPictureMs: round(first),
      picturesPerSecond: { 1: round(1000 / median(singles), 1), 16: round(16_000 / sixteen, 1) },
      bytesAtRest: atRest,
      peakBytes,
    },
  };
}

/** As a slider between two captions asks for them: pictures a second, one after another. */
async function benchRepaint(host: Host, pictures: number) {
  const times: number[] = [];
  for (let i = 0; i <= pictures; i++) {
    const t = i / pictures;
    const towards = { caption: 'a purple flower with thin pointed petals', seed: 9, text: t, noise: t };
    const { milliseconds } = await host('paint', { recipes: [{ ...recipe, towards }] }, quiet);
    // The first reads both captions.
    if (i > 0) times.push(milliseconds);
  }
  return round(1000 / median(times), 1);
}

/** 1,000 pictures leave tensors and bytes where they were. */
async function benchLeak(host: Host) {
  await paint(host, 4);
  const before = memory();
  await paint(host, 1000);
  const after = memory();
  return {
    pictures: 1000,
    tensors: [before.numTensors, after.numTensors],
    bytes: [before.numBytes, after.numBytes],
    flat: before.numTensors === after.numTensors && before.numBytes === after.numBytes,
  };
}

async function benchTeaching(platform: Platform) {
  const host = createHost(platform, readFileSource(FIXTURES), () => undefined);
  await host('load', { model: 'tiny', backend: 'wasm' }, quiet);
  return benchTeachingLeak(host, 500);
}

export async function benchNode(models: string, quick: boolean) {
  const platform = await nodePlatform();
  const { weights, config } = generatorOf(models);
  const backends = [];
  let leak;
  let teachingLeak;
  for (const backend of platform.backends) {
    // Plain JavaScript takes seconds a picture: once is enough to know.
    if (backend === 'cpu' && quick) continue;
    const { host, figures } = await benchBackend(backend, models);
    const repaintsPerSecond = await benchRepaint(host, quick || backend === 'cpu' ? 5 : 40);
    const inversionStepMs = await benchInversion(weights, config, backend, quick || backend === 'cpu' ? 3 : 20);
    const mirror = await timeMirror(host, recipe, quick || backend === 'cpu');
    const mirrorGan = backend === 'cpu' ? undefined : await benchStages(backend, quick);
    // A step on plain JavaScript takes minutes.
    const teaching = backend === 'cpu' ? undefined : await timeTeaching(host, recipe.model, quick);
    if (backend === 'wasm' && !quick) {
      leak = await benchLeak(host);
      teachingLeak = await benchTeaching(platform);
    }
    await host('unload', { model: recipe.model }, quiet);
    const shipped = backend === 'cpu' ? undefined : await benchShipped(host, manifestOf(models), backend, quick);
    backends.push({ ...figures, repaintsPerSecond, inversionStepMs, mirror, mirrorGan, teaching, shipped });
  }
  return { backends, leak, teachingLeak };
}

const manifestOf = (models: string): Manifest =>
  parseManifest(readFileSync(join(models, 'manifest.json')), 'manifest.json');

/** The shipped generator's file and what its manifest says of it. */
function generatorOf(models: string): { readonly weights: Uint8Array; readonly config: GanIntClsConfig } {
  const entry = manifestOf(models).models.find((model) => model.id === recipe.model);
  const file = entry?.files.find(({ role }) => role === 'generator');
  if (!entry || !file) throw new Error(`${models} has no ${recipe.model}`);
  const weights = new Uint8Array(readFileSync(join(models, file.path)));
  return { weights, config: entry.config['generator'] as GanIntClsConfig };
}

/** Same weights, same threads (one), taken in turn; our graph both as the engine runs it and as onnxruntime has it. */
export async function benchAgainstOnnxruntime(models: string, quick: boolean) {
  const host = createHost(await nodePlatform({ gpu: false }), readFileSource(models), () => undefined);
  await host('load', { model: recipe.model, backend: 'wasm' }, quiet);
  ort.env.wasm.numThreads = 1;
  const { weights, config } = generatorOf(models);
  const repeats = quick ? { 1: 5, 16: 2 } : { 1: 25, 16: 7 };
  return {
    onnxruntime: ort.env.versions.web ?? '',
    threads: 1,
    wasm: await compareGenerators(weights, config, 'wasm', ort, 'wasm', repeats),
  };
}
