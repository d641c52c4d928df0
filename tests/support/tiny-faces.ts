/** A face model small enough for tests: the golden files' own weights, as a model of the manifest. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { Manifest, ModelEntry } from '../../src/engine/weights/manifest.ts';
import { parseSafetensors, writeSafetensors } from '../../src/engine/weights/safetensors.ts';
import type { ModelFiles, WeightSource } from '../../src/engine/weights/source.ts';
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

/** It alone, without a network. */
export const faceSource: WeightSource = {
  manifest: () => Promise.resolve({ version: 1, models: [faceEntry()] }),
  files: () => Promise.resolve(faceFiles()),
};

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
  const listed = [...files].map(([role, bytes]) => ({
    role,
    path: `tiny-faces/${role}`,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  const manifest: Manifest = { version: 1, models: [faceEntry({ files: listed })] };
  await page.route(/\/models\//, (route) => {
    const path = new URL(route.request().url()).pathname.split('/models/')[1] ?? '';
    const bytes = path === 'manifest.json' ? json(manifest) : files.get(path.replace('tiny-faces/', ''));
    return bytes ? route.fulfill({ body: Buffer.from(bytes) }) : route.fulfill({ status: 404 });
  });
}
