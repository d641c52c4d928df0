import { zipSync } from 'fflate';
import { expect, it, vi } from 'vitest';
import { openIncoming } from '../../src/state/open-archive.ts';
import * as archives from '../../src/teach/archive.ts';
import { MANIFEST } from '../support/fake-models.ts';

const [FLOWERS] = MANIFEST.models;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const weights = Uint8Array.of(1, 2, 3);

const file = (files: Record<string, Uint8Array>) => {
  const bytes = zipSync(files, { level: 0 });
  return { path: 'model.zip', size: bytes.length, arrayBuffer: () => Promise.resolve(bytes.slice().buffer) };
};

/** What was unpacked on the way. */
async function opened(files: Record<string, Uint8Array>, sizes: Readonly<Record<string, number>> = {}) {
  const read: string[] = [];
  const open = archives.openArchive;
  const spy = vi.spyOn(archives, 'openArchive').mockImplementation((bytes) => {
    const archive = open(bytes);
    return {
      ...archive,
      entries: archive.entries.map(({ path, size }) => ({ path, size: sizes[path] ?? size })),
      read: (entry) => {
        read.push(entry.path);
        return archive.read(entry);
      },
    };
  });
  try {
    return { found: await openIncoming(file(files)), read };
  } finally {
    spy.mockRestore();
  }
}

const MODEL = {
  'manifest.json': text(JSON.stringify({ version: 1, models: [FLOWERS] })),
  'flowers/generator.safetensors': weights,
  'flowers/encoder.safetensors': weights,
  'flowers/stowaway.safetensors': weights,
  'film.mp4': weights,
};
const UNPACKED = ['manifest.json', 'flowers/generator.safetensors', 'flowers/encoder.safetensors'];

it('unpacks of a model what its manifest names, and nothing beside it', async () => {
  const { found, read } = await opened(MODEL);
  expect(read).toEqual(UNPACKED);
  expect(found).toMatchObject({ kind: 'model', files: UNPACKED.map((name) => ({ name })) });
  const packed = Object.fromEntries(Object.entries(MODEL).map(([path, bytes]) => [`folder/${path}`, bytes]));
  expect((await opened(packed)).found).toEqual(found);
});

it('unpacks no weights where the manifest does not hold: the engine says what is wrong with it', async () => {
  const { found, read } = await opened({ ...MODEL, 'manifest.json': text('{"version":1') });
  expect(read).toEqual(['manifest.json']);
  expect(found).toMatchObject({ kind: 'model', files: [{ name: 'manifest.json' }] });
});

it('asks an archive for its size before it is read', async () => {
  const arrayBuffer = vi.fn(() => Promise.resolve(new ArrayBuffer(0)));
  const found = await openIncoming({ path: 'large.zip', size: 2 ** 30 + 1, arrayBuffer });
  expect(found).toEqual({ kind: 'bad', why: 'it is larger than 1024 MB' });
  expect(arrayBuffer).not.toHaveBeenCalled();
});

it('refuses a model that is too large before it unpacks any of it, and a manifest likewise', async () => {
  const large = 300 * 2 ** 20;
  const two = { 'flowers/generator.safetensors': large, 'flowers/encoder.safetensors': large };
  const { found, read } = await opened(MODEL, two);
  expect(found).toEqual({ kind: 'bad', why: 'the model in it takes more than 512 MB' });
  expect(read).toEqual(['manifest.json']);
  const long = await opened(MODEL, { 'manifest.json': 2_000_000 });
  expect(long).toEqual({ found: { kind: 'bad', why: 'its manifest.json is too long' }, read: [] });
});
