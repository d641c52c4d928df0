/** A face model small enough for tests: the golden files' own weights, as a model of the manifest. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { Manifest, ModelEntry } from '../../src/engine/weights/manifest.ts';
import { parseSafetensors, writeSafetensors, type RawTensor } from '../../src/engine/weights/safetensors.ts';
import type { ModelFiles, WeightSource } from '../../src/engine/weights/source.ts';
import { criticShapes } from '../../src/models/critic.ts';
import type { ParameterShapes } from '../../src/models/parameters.ts';
import { streamShapes, type StreamConfig } from '../../src/models/stream.ts';
import { styleEncoderShapes } from '../../src/models/style-encoder.ts';
import { normal } from '../../src/random.ts';
import { CARD } from './fake-models.ts';

const golden = (name: string, ending: string): Buffer =>
  readFileSync(new URL(`../golden/${name}.${ending}`, import.meta.url));

/** The parameters of a golden file, as a model's own file. */
function weights(name: string): Uint8Array<ArrayBuffer> {
  const all = parseSafetensors(new Uint8Array(golden(name, 'safetensors')), name);
  return writeSafetensors(new Map([...all].flatMap(([k, t]) => (k.startsWith('p.') ? [[k.slice(2), t]] : []))));
}

export const FACE_WORDS = ['a', 'beard', 'glasses', 'man', 'not', 'smiling', 'with', 'without', 'woman'];

const json = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

/** Files by role. */
export const faceFiles = (words: readonly string[] = FACE_WORDS): ModelFiles =>
  new Map([
    ['generator', weights('t2f')],
    ['encoder', weights('t2f-encoder')],
    ['vocabulary', json({ words })],
  ]);

/** z of 6 numbers and ε of 5, pictures of 4, 8 and 16 pixels. */
export function faceEntry(part: Partial<ModelEntry> = {}): ModelEntry {
  return {
    id: 'tiny-faces',
    name: 'Tiny faces',
    architecture: 't2f',
    config: {
      generator: JSON.parse(golden('t2f', 'json').toString()) as unknown,
      encoder: JSON.parse(golden('t2f-encoder', 'json').toString()) as unknown,
    },
    sizes: [4, 8, 16],
    abilities: ['grow'],
    files: [],
    ...part,
  };
}

/** As the manifest lists them. */
const listed = (files: ModelFiles): ModelEntry['files'] =>
  [...files].map(([role, bytes]) => ({
    role,
    path: `tiny-faces/${role}`,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));

/** It alone, without a network. */
export const faceSource: WeightSource = {
  manifest: () => Promise.resolve({ version: 1, models: [faceEntry()] }),
  files: () => Promise.resolve(faceFiles()),
};

export const MIRROR_WORDS = ['a', 'beard', 'man', 'smiling', 'with', 'woman'];
const STREAM: StreamConfig = {
  size: 16,
  look: 40,
  word: 6,
  hidden: 8,
  similarity: 10,
  vocabulary: 3 + MIRROR_WORDS.length,
  longest: 8,
  channels: [6, [4, 4], [4, 4], [4, 4], [4, 4], [4, 4], [4, 4], [4, 4], [4, 4]],
};
const STYLE = { z: 11, size: 16, channels: [6, 8] };
const CRITIC = { sentence: 10, projection: 6, channels: [6, 8] };

/** Random weights as a file; small ones, so that nothing overflows. */
function randomWeights(shapes: ParameterShapes): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, RawTensor>();
  for (const [name, shape] of shapes) {
    const values = normal(
      shapes.size,
      shape.reduce((product, n) => product * n, 1),
    ).map((v) => 0.2 * v);
    tensors.set(name, { dtype: 'F32', shape, bytes: new Uint8Array(new Float32Array(values).buffer) });
  }
  return writeSafetensors(tensors);
}

/** With all that a model may have beside its painter, which has learnt nothing; `stream` is said of the mirror. */
export function wholeFaces(stream: Partial<StreamConfig> = {}): WeightSource {
  const files = new Map([
    ...faceFiles(),
    ['captioner', randomWeights(streamShapes(STREAM))] as const,
    ['captioner-vocabulary', json({ words: MIRROR_WORDS })] as const,
    ['style-encoder', randomWeights(styleEncoderShapes(STYLE))] as const,
    ['critic', randomWeights(criticShapes(CRITIC))] as const,
    ['card', json(FACE_CARD)] as const,
  ]);
  const mirror = { ...STREAM, ...stream, agrees: 0.5, partly: 0.2 };
  const entry: ModelEntry = faceEntry({
    config: { ...faceEntry().config, stream: mirror, style: STYLE, critic: CRITIC },
    files: listed(files),
  });
  return { manifest: () => Promise.resolve({ version: 1, models: [entry] }), files: () => Promise.resolve(files) };
}

const FACE_CARD = {
  ...CARD,
  name: 'Tiny faces',
  summary: 'Paints blots of 16 pixels that would like to be faces.',
  examples: ['a smiling man with a beard', 'a woman with glasses', 'a man without glasses'],
  defaultTruncation: 1,
};

/** The same over HTTP, for the real worker. */
export async function servesFaces(page: Page): Promise<void> {
  const files = new Map([...faceFiles(), ['card', json(FACE_CARD)] as const]);
  const manifest: Manifest = { version: 1, models: [faceEntry({ files: listed(files) })] };
  await page.route(/\/models\//, (route) => {
    const path = new URL(route.request().url()).pathname.split('/models/')[1] ?? '';
    const bytes = path === 'manifest.json' ? json(manifest) : files.get(path.replace('tiny-faces/', ''));
    return bytes ? route.fulfill({ body: Buffer.from(bytes) }) : route.fulfill({ status: 404 });
  });
}
