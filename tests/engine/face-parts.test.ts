/** What reads faces back and takes their style over: the flowers' parts, beside a text encoder that reads words and a z
 * that has ε behind it. The parts have learnt nothing here. */
import { beforeAll, expect, it } from 'vitest';
import type { Host } from '../../src/engine/host.ts';
import type { Picture } from '../../src/engine/protocol.ts';
import type { ModelEntry } from '../../src/engine/weights/manifest.ts';
import { writeSafetensors, type RawTensor } from '../../src/engine/weights/safetensors.ts';
import type { ParameterShapes } from '../../src/models/parameters.ts';
import { streamShapes, type StreamConfig } from '../../src/models/stream.ts';
import { styleEncoderShapes } from '../../src/models/style-encoder.ts';
import { normal } from '../../src/random.ts';
import type { Recipe } from '../../src/recipe.ts';
import { paintWith, quiet, tinyHost, tinyRecipe } from '../support/engine.ts';
import { faceEntry, faceFiles } from '../support/tiny-faces.ts';

const WORDS = ['a', 'beard', 'man', 'smiling', 'with', 'woman'];
const STREAM: StreamConfig = {
  size: 16,
  look: 40,
  word: 6,
  hidden: 8,
  similarity: 10,
  vocabulary: 3 + WORDS.length,
  longest: 8,
  channels: [6, [4, 4], [4, 4], [4, 4], [4, 4], [4, 4], [4, 4], [4, 4], [4, 4]],
};
const STYLE = { z: 11, size: 16, channels: [6, 8] };

/** Random weights as a file; small ones, so that nothing overflows. */
function drawn(shapes: ParameterShapes): Uint8Array<ArrayBuffer> {
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

const json = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

async function openFaces(stream: Partial<StreamConfig> = {}): Promise<Host> {
  const config = { ...STREAM, ...stream };
  const files = new Map([
    ...faceFiles(),
    ['captioner', drawn(streamShapes(STREAM))] as const,
    ['captioner-vocabulary', json({ words: WORDS })] as const,
    ['style-encoder', drawn(styleEncoderShapes(STYLE))] as const,
  ]);
  const entry: ModelEntry = faceEntry({
    config: { ...faceEntry().config, stream: { ...config, agrees: 0.5, partly: 0.2 }, style: STYLE },
    files: [...files.keys()].map((role) => ({ role, path: `faces/${role}`, bytes: 1, sha256: '' })),
  });
  const source = {
    manifest: () => Promise.resolve({ version: 1, models: [entry] } as const),
    files: () => Promise.resolve(files),
  };
  return (await tinyHost(source)).host;
}

const recipe = (part: Partial<Recipe> = {}): Recipe =>
  tinyRecipe({ model: 'tiny-faces', caption: 'a smiling man with a beard', ...part });

let host: Host;
let picture: Picture;
beforeAll(async () => {
  host = await openFaces();
  const [painted] = await paintWith(host, 'wasm', recipe(), 1);
  picture = painted!;
});

it('reads a face back, and compares what it says with what was asked by the words’ own encoder', async () => {
  const input = { model: 'tiny-faces', pixels: picture.pixels, caption: 'a smiling man', width: 3 };
  const read = await host('mirror', input, quiet());
  expect(read.words.every(({ word }) => WORDS.includes(word))).toBe(true);
  expect(read.asked?.loss).toBeGreaterThan(0);
  expect(Math.abs(read.asked?.agreement ?? NaN)).toBeLessThanOrEqual(1 + 1e-6);
});

it('refuses a mirror whose sentences are of another length than the encoder’s', async () => {
  const other = await openFaces({ similarity: 9 });
  await other('load', { model: 'tiny-faces', backend: 'wasm' }, quiet());
  const asked = other('mirror', { model: 'tiny-faces', pixels: picture.pixels, width: 1 }, quiet());
  await expect(asked).rejects.toMatchObject({ failure: { kind: 'bad-weights' } });
});

it('finds a z with its ε, and steps on it lead nearer to the picture', async () => {
  const input = { model: 'tiny-faces', pixels: picture.pixels, caption: 'a man', restarts: 0, seed: 1 };
  const near = await host('invert', { ...input, steps: 30 }, quiet());
  expect(near.z).toHaveLength(11);
  expect(near.found.distance).toBeLessThan(near.first.distance);
  const [worn] = await paintWith(host, 'wasm', recipe({ style: { z: near.z, strength: 1 } }), 1);
  expect(worn?.pixels.data).not.toEqual(picture.pixels.data);
});
