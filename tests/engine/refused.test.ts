/** What is refused on its way in leaves nothing behind. */
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { openDevice } from '../../src/engine/backend.ts';
import { architectureOf } from '../../src/engine/catalogue.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import { captionerPart } from '../../src/engine/parts/captioner.ts';
import { readFileSource } from '../../src/engine/weights/disk.ts';
import type { ModelFiles, WeightSource } from '../../src/engine/weights/source.ts';
import { toFailure } from '../../src/failure.ts';
import { FIXTURES, quiet, tinyHost, tinyRecipe } from '../support/engine.ts';
import { faceSource } from '../support/tiny-faces.ts';

beforeAll(async () => {
  await openDevice('wasm', await nodePlatform({ gpu: false }), () => undefined);
});

const fixtures = readFileSource(FIXTURES);

async function opened(source: WeightSource, id: string, roles: readonly string[]) {
  const { models } = await source.manifest();
  const entry = models.find((model) => model.id === id)!;
  return { entry, files: await source.files(entry, roles) };
}

/** The second file that is read is cut short; the first is in memory by then. */
const torn = (files: ModelFiles, role: string): ModelFiles => new Map([...files, [role, new Uint8Array(8)]]);

it.each([
  ['GAN-INT-CLS', fixtures, 'tiny'],
  ['MirrorGAN', fixtures, 'tiny-mirror'],
  ['T2F', faceSource, 'tiny-faces'],
])('a torn text encoder of %s takes the generator with it', async (_name, source, id) => {
  const { entry, files } = await opened(source, id, ['generator', 'encoder', 'vocabulary']);
  const { open } = architectureOf(entry);
  const { numTensors } = memory();
  for (const backend of ['wasm', 'webgpu'] as const) {
    expect(() => open(entry, torn(files, 'encoder'), backend)).toThrow('encoder');
    expect(memory().numTensors).toBe(numTensors);
  }
  open(entry, files, 'wasm').dispose();
  expect(memory().numTensors).toBe(numTensors);
});

it('a torn text encoder of a mirror takes the mirror with it', async () => {
  const roles = [...captionerPart.roles, 'captioner-encoder'];
  const { entry, files } = await opened(fixtures, 'tiny-mirror', roles);
  const { numTensors } = memory();
  expect(() => captionerPart.open(entry, torn(files, 'captioner-encoder'), 'wasm')).toThrow('captioner-encoder');
  expect(memory().numTensors).toBe(numTensors);
});

it('a style of another model is refused with no sentence left over', async () => {
  const { host } = await tinyHost();
  await host('load', { model: 'tiny-mirror', backend: 'wasm' }, quiet());
  const { numTensors } = memory();
  const towards = { caption: 'a blue flower', seed: 1, text: 0.5, noise: 0.5 };
  const recipe = tinyRecipe({ model: 'tiny-mirror', towards, style: { z: [1, 2], strength: 1 } });
  expect(await host('look', { recipe }, quiet()).catch(toFailure)).toMatchObject({ kind: 'bad-recipe' });
  expect(memory().numTensors).toBe(numTensors);
});
