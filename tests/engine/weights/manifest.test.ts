import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFileSource } from '../../../src/engine/weights/disk.ts';
import { checkCard, checkManifest, MAX_FILE_BYTES } from '../../../src/engine/weights/manifest.ts';
import { badWeightsOf } from './raw-file.ts';

const file = { role: 'generator', path: 'flowers/generator.safetensors', bytes: 10, sha256: 'ab'.repeat(32) };
const model = {
  id: 'flowers-64',
  name: 'Flowers',
  architecture: 'gan-int-cls',
  config: { z: 100, widths: [512, 256] },
  sizes: [64],
  files: [file, { ...file, role: 'card', path: 'flowers/card.json' }],
};
const manifest = { version: 1, models: [model] };

const fault = (value: unknown) => badWeightsOf(() => checkManifest(value, 'manifest.json'));
const withModel = (change: object) => ({ version: 1, models: [{ ...model, ...change }] });
const withFile = (change: object) => withModel({ files: [{ ...file, ...change }] });

describe('checkManifest', () => {
  it('gives back what it checked, without what it does not know', () => {
    const more = { ...manifest, later: 1, models: [{ ...model, later: { x: 1 } }] };
    expect(checkManifest(more, 'manifest.json')).toEqual(manifest);
    expect(checkManifest({ version: 1, models: [] }, 'manifest.json').models).toEqual([]);
  });

  it('says where it fails', () => {
    expect(fault(withFile({ path: '/a' }))).toBe('models.0.files.0.path: is no relative path');
    expect(fault(null)).toMatch(/^the whole: /);
    expect(fault({ models: [] })).toMatch(/^version: /);
  });

  it.each([
    ['another version', { version: 2, models: [] }],
    ['no list of models', { version: 1, models: {} }],
    ['too many models', { version: 1, models: Array.from({ length: 65 }, (_, i) => ({ ...model, id: `m${i}` })) }],
    ['an id twice', { version: 1, models: [model, model] }],
    ['an id in capitals', withModel({ id: 'Flowers' })],
    ['an empty id', withModel({ id: '' })],
    ['a long id', withModel({ id: 'a'.repeat(65) })],
    ['no name', withModel({ name: '' })],
    ['no config', withModel({ config: undefined })],
    ['no sizes', withModel({ sizes: [] })],
    ['a broken size', withModel({ sizes: [64.5] })],
    ['size 0', withModel({ sizes: [0] })],
    ['no files', withModel({ files: [] })],
    ['too many files', withModel({ files: Array.from({ length: 17 }, (_, i) => ({ ...file, role: `r${i}` })) })],
    ['a role twice', withModel({ files: [file, file] })],
    ['0 bytes', withFile({ bytes: 0 })],
    ['too many bytes', withFile({ bytes: MAX_FILE_BYTES + 1 })],
    ['half a byte', withFile({ bytes: 1.5 })],
    ['bytes as text', withFile({ bytes: '10' })],
    ['a short hash', withFile({ sha256: 'ab' })],
    ['a hash in capitals', withFile({ sha256: 'AB'.repeat(32) })],
    ['a hash with a line break', withFile({ sha256: 'ab'.repeat(32) + '\n' })],
  ])('refuses %s', (_, value) => {
    expect(fault(value)).not.toBe('');
  });

  it.each([
    'https://evil.example/a',
    '//evil.example/a',
    '/a',
    '../a',
    'a/../b',
    'a/..',
    './a',
    'a//b',
    'a/',
    '',
    'javascript:alert(1)',
    'a\\b',
    '..\\a',
    '%2e%2e/a',
    'a?b',
    'a#b',
    'a b',
    'a\n',
    '\ta',
    'a/'.repeat(100) + 'aa',
  ])('49: refuses the path "%s"', (path) => {
    expect(fault(withFile({ path }))).toMatch(/^models\.0\.files\.0\.path: /);
  });

  it('49: lets no path out of its folder', () => {
    const base = 'https://limn.example/app/models/manifest.json';
    const odd = fc.array(fc.constantFrom('a', '.', '..', '/', '\\', ':', '%2e', '%2f', '?', '#', '@', ' '), {
      minLength: 1,
      maxLength: 6,
    });
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(odd, fc.array(fc.string())), (parts) => {
        const path = parts.join('');
        try {
          checkManifest(withFile({ path }), 'manifest.json');
        } catch {
          return;
        }
        accepted++;
        expect(new URL(path, base).href).toBe(`https://limn.example/app/models/${path}`);
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  it('throws nothing but bad-weights, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(fault(value)).not.toBe('');
        expect(fault({ version: 1, models: [value] })).not.toBe('');
        expect(fault(withModel({ files: [value] }))).not.toBe('');
      }),
    );
  });

  it('sets no prototype by way of the config', () => {
    const text = JSON.stringify(manifest).replace('"z":100', '"__proto__":{"polluted":1}');
    const { config } = checkManifest(JSON.parse(text), 'manifest.json').models[0] ?? {};
    expect(config).not.toHaveProperty('polluted');
  });
});

const card = {
  name: 'Flowers',
  summary: 'Paints flowers, 64 pixels wide.',
  data: { name: 'Oxford 102', source: 'https://www.robots.ox.ac.uk/~vgg/data/flowers/102/', licence: 'research only' },
  licence: 'as the data',
  training: { recipe: 'training/runs/flowers-64.sh', pictures: 300_000, hours: 1.75 },
  figures: [{ name: 'colour kept', value: 0.6, unit: 'share', real: 0.9, chance: 0.1, note: 'of 400 captions' }],
  evaluator: 'training/measure.py',
  bytes: 1,
  parameters: 2,
  limits: ['Knows flowers only.'],
  defaultTruncation: 0.8,
  examples: ['this flower has large white petals and a yellow center'],
};

describe('checkCard', () => {
  const refuse = (change: object) => badWeightsOf(() => checkCard({ ...card, ...change }, 'card.json'));

  it('gives back what it checked', () => {
    expect(checkCard({ ...card, later: 1 }, 'card.json')).toEqual(card);
    expect(checkCard({ ...card, figures: [{ name: 'x', value: -1 }] }, 'card.json').figures).toHaveLength(1);
    const shares = {
      ...card,
      data: { ...card.data, shares: [{ name: 'hat', share: 0.05 }] },
      truncationNote: 'dearer',
    };
    expect(checkCard(shares, 'card.json')).toEqual(shares);
  });

  it('refuses what the page could not show', () => {
    expect(refuse({ data: { name: 'x', source: 'y' } })).toMatch(/^data\.licence: /);
    expect(refuse({ figures: [{ name: 'x', value: Infinity }] })).toMatch(/^figures\.0\.value: /);
    expect(refuse({ figures: [{ name: 'x', value: '1' }] })).toMatch(/^figures\.0\.value: /);
    expect(refuse({ training: { ...card.training, pictures: -1 } })).toMatch(/^training\.pictures: /);
    expect(refuse({ examples: [''] })).toMatch(/^examples\.0: /);
    expect(refuse({ limits: 'none' })).toMatch(/^limits: /);
    expect(refuse({ summary: 'x'.repeat(2001) })).toMatch(/^summary: /);
    expect(refuse({ defaultTruncation: -1 })).toMatch(/^defaultTruncation: /);
    expect(refuse({ truncationNote: 7 })).toMatch(/^truncationNote: /);
    const sharing = (...shares: readonly object[]) => refuse({ data: { ...card.data, shares } });
    expect(sharing({ name: 'hat', share: 1.1 })).toMatch(/^data\.shares\.0\.share: /);
    expect(sharing({ name: 'hat', share: 0.1 }, { name: 'hat', share: 0.2 })).toMatch(/^data\.shares: .*twice/);
  });
});

const PUBLIC = fileURLToPath(new URL('../../../public/models/', import.meta.url));

describe.runIf(existsSync(join(PUBLIC, 'manifest.json')))('the manifest of this repository', () => {
  it('names files that are there, byte for byte, and cards that hold', async () => {
    const source = readFileSource(PUBLIC);
    const { models } = await source.manifest();
    for (const entry of models) {
      const files = await source.files(
        entry,
        entry.files.map((f) => f.role),
      );
      const bytes = files.get('card');
      if (bytes) checkCard(JSON.parse(new TextDecoder().decode(bytes)), `${entry.id}'s card`);
    }
    expect(models.length).toBeGreaterThan(0);
  });
});
