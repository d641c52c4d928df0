/** What may be done with what ships: the build's list of others' code, and the models' cards. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { licencesOf } from '../scripts/licences.ts';
import type { Manifest, ModelCard } from '../src/engine/weights/manifest.ts';

const idOf = (name: string) => createRequire(import.meta.url).resolve(name);

it('every package whose code ships is listed with its licence and its source', () => {
  const ids = ['mediabunny', 'seedrandom', 'seedrandom/seedrandom.js', 'react', '@tensorflow/tfjs-core'].map(idOf);
  const text = licencesOf([
    ...ids,
    `\0${idOf('react-dom')}?commonjs-es-import`,
    '\0vite/modulepreload-polyfill',
    'src/a.ts',
  ]);
  expect(text).toMatch(
    /^mediabunny [\d.]+ \(MPL-2\.0\)\n.*github\.com\/Vanilagy\/mediabunny.*\n\nMozilla Public License/m,
  );
  expect(text).toMatch(/^react-dom [\d.]+ \(MIT\)/m);
  // What brings no file says it in its sources.
  expect(text).toMatch(/^seedrandom [^]*Copyright \d+ David Bau\.\s+Permission is hereby granted/m);
  expect(text).toMatch(/^@tensorflow\/tfjs-core [\d.]+ \(Apache-2\.0\)/m);
  expect(text).toMatch(/TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION/);
  expect(licencesOf([idOf('react')])).not.toMatch(/Apache/);
});

it('all of a model that learnt from data for non-commercial research says so', () => {
  const { models } = JSON.parse(readFileSync('public/models/manifest.json', 'utf8')) as Manifest;
  expect(models.map(({ id }) => id)).toContain('faces');
  for (const { files } of models) {
    const file = files.find(({ role }) => role === 'card');
    const bytes = readFileSync(`public/models/${file!.path}`);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(file!.sha256);
    const card = JSON.parse(bytes.toString()) as ModelCard;
    const bound = /non-commercial/.test(card.data.licence);
    for (const licence of [card.licence, card.captioner?.licence]) {
      if (licence) expect(/non-commercial/.test(licence), licence).toBe(bound);
    }
  }
});
