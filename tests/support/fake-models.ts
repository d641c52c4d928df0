/** Files of models for tests of the page: a manifest, a card and words, no weights (the fake worker needs none). */
import type { Page } from '@playwright/test';
import type { Manifest, ModelCard } from '../../src/engine/weights/manifest.ts';

const HASH = '0'.repeat(64);

export const MANIFEST: Manifest = {
  version: 1,
  models: [
    {
      id: 'flowers',
      name: 'Flowers',
      architecture: 'gan-int-cls',
      config: { stream: { size: 64, agrees: 0.6, partly: 0.35 } },
      sizes: [64],
      files: [
        { role: 'generator', path: 'flowers/generator.safetensors', bytes: 5_000_000, sha256: HASH },
        { role: 'encoder', path: 'flowers/encoder.safetensors', bytes: 400_000, sha256: HASH },
        { role: 'style-encoder', path: 'flowers/style-encoder.safetensors', bytes: 1_600_000, sha256: HASH },
        { role: 'captioner', path: 'flowers/captioner.safetensors', bytes: 3_400_000, sha256: HASH },
        { role: 'captioner-vocabulary', path: 'flowers/captioner-vocabulary.json', bytes: 9000, sha256: HASH },
        { role: 'critic', path: 'flowers/critic.safetensors', bytes: 2_200_000, sha256: HASH },
        { role: 'vocabulary', path: 'flowers/vocabulary.json', bytes: 1000, sha256: HASH },
        { role: 'card', path: 'flowers/card.json', bytes: 1000, sha256: HASH },
      ],
    },
  ],
};

/** The same model, published without its mirror. */
export const WITHOUT_MIRROR: Manifest = {
  ...MANIFEST,
  models: MANIFEST.models.map((model) => ({
    ...model,
    files: model.files.filter(({ role }) => !role.startsWith('captioner')),
  })),
};

/** And without an eye for style. */
export const WITHOUT_STYLE: Manifest = {
  ...MANIFEST,
  models: MANIFEST.models.map((model) => ({
    ...model,
    files: model.files.filter(({ role }) => role !== 'style-encoder'),
  })),
};

/** And beside it one that paints in stages. */
export const WITH_STAGES: Manifest = {
  ...MANIFEST,
  models: MANIFEST.models.flatMap((model) => [
    model,
    {
      ...model,
      id: 'mirrorgan',
      name: 'MirrorGAN',
      architecture: 'mirror-gan',
      config: { ...model.config, encoder: { longest: 32 } },
      sizes: [64, 128],
      abilities: ['look'],
    },
  ]),
};

/** And without a critic. */
export const WITHOUT_CRITIC: Manifest = {
  ...MANIFEST,
  models: MANIFEST.models.map((model) => ({ ...model, files: model.files.filter(({ role }) => role !== 'critic') })),
};

export const CARD: ModelCard = {
  name: 'Flowers',
  summary:
    'Paints single flowers at 64 × 64 pixels from a sentence about their colours and shapes. It learned from photographs of 102 kinds of flower and what people wrote about them.',
  data: {
    name: '8,189 photographs of flowers',
    source: 'A university’s collection',
    licence: 'For research',
    shares: [
      { name: 'yellow', share: 0.31 },
      { name: 'blue', share: 0.042 },
    ],
  },
  licence: 'MIT',
  training: {
    recipe: 'GAN-INT-CLS through a frozen network’s eyes, Adam 2e-4, batch 64',
    pictures: 1_204_000,
    hours: 6.4,
    hardware: 'One processor core',
  },
  figures: [
    { name: 'KID × 1000', value: 19.5, real: -0.2, note: 'lower is nearer to photographs' },
    { name: 'R-precision', value: 0.242, real: 0.27, chance: 0.01, note: 'the right caption among 100' },
    { name: 'Colour words kept', value: 81, unit: '%', real: 86, chance: 14 },
  ],
  evaluator: 'a network that no generator was trained against, on 408 held-out photographs',
  bytes: 5_400_000,
  parameters: 4_512_003,
  limits: [
    'It knows flowers only: ask for a house, and a flower comes.',
    'One flower a picture, most often from the front.',
    'Words about number (“three flowers”) are mostly not heeded.',
  ],
  defaultTruncation: 0.85,
  truncationNote: 'farther costs matching',
  examples: [
    'this flower has large white petals and a yellow center',
    'a bright yellow flower with many thin petals',
    'the petals are deep purple with a dark center',
    'a red flower with layered petals',
    'orange petals with dark spots',
    'a pale blue flower',
    'a pink flower with five round petals',
  ],
};

export const WORDS =
  'a an and are blue bright center dark deep five flower flowers four has have is it its large layered long many of ' +
  'orange pale petal petals pink pollen purple red round shaped small spots star stem that the thin this three ' +
  'tulip violet white wide with yellow';

/** Serves them, and anything else that a test puts in their place. */
export async function fakeModels(page: Page, files: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const all: Record<string, unknown> = {
    'manifest.json': MANIFEST,
    'flowers/card.json': CARD,
    'flowers/vocabulary.json': { words: WORDS.split(' ') },
    ...files,
  };
  await page.route(/\/models\//, (route) => {
    const path = new URL(route.request().url()).pathname.split('/models/')[1] ?? '';
    const file = Object.hasOwn(all, path) ? all[path] : undefined;
    if (file === undefined) return route.fulfill({ status: 404, body: 'no such file' });
    return route.fulfill(typeof file === 'string' ? { body: file } : { json: file });
  });
}
