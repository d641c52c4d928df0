/** Models that came of a run: kept, painted with, taken along, brought back, forgotten. */
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelPart, OwnModel } from '../../src/engine/protocol-teaching.ts';
import { createHost } from '../../src/engine/host.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import { keepModel, ownModels } from '../../src/engine/store/models.ts';
import { memoryStore, type Store } from '../../src/engine/store/store.ts';
import { limitOf } from '../../src/engine/tasks/keep-model.ts';
import { readFileSource } from '../../src/engine/weights/disk.ts';
import { decodeTensors } from '../../src/engine/weights/decode.ts';
import { rawFloat32 } from '../../src/engine/weights/encode.ts';
import { parseSafetensors, writeSafetensors } from '../../src/engine/weights/safetensors.ts';
import { sha256Hex } from '../../src/engine/weights/sha256.ts';
import { LimnError, toFailure } from '../../src/failure.ts';
import { FIXTURES, paintWith, quiet, tinyRecipe } from '../support/engine.ts';
import { examples, TEACH } from '../support/lesson.ts';
import { teaching, type Teaching } from '../support/teach.ts';

const failureOf = (run: Promise<unknown>) => run.then(() => 'no failure', toFailure);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (words: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(words);

let here: Teaching;
let runId: string;
let kept: OwnModel;
let parts: readonly ModelPart[];
beforeAll(async () => {
  here = await teaching();
  const { host } = here;
  const settings = { ...TEACH, rate: 1e-3 };
  const input = { name: 'Tulips', model: 'tiny', examples: examples(4), settings };
  const run = await host('begin-run', input, quiet());
  runId = run.id;
  await host('train', { run: run.id, until: 4 }, quiet());
  kept = await host('keep-model', { run: run.id, name: 'My tulips' }, quiet());
  parts = await host('export-model', { model: kept.entry.id }, quiet());
});

const picture = async ({ host }: Teaching, model: string) =>
  (await paintWith(host, 'wasm', tinyRecipe({ model }), 1))[0]!.pixels;

describe('a kept model', () => {
  it('has its parent’s reader and mirror, its own generator and critic, and no style encoder', () => {
    expect(kept.entry.id).toBe('my-tulips');
    expect(kept.entry.files.map(({ role }) => role).sort()).toEqual(
      ['captioner', 'captioner-vocabulary', 'card', 'critic', 'encoder', 'generator', 'vocabulary'].sort(),
    );
    expect(kept.entry.config).not.toHaveProperty('style');
    expect(kept.card).toMatchObject({
      name: 'My tulips',
      training: { pictures: 8, parent: expect.stringContaining('Tiny (tiny, generator ') as string },
      examples: examples(4).map(({ caption }) => caption),
    });
    const [own, ...others] = kept.card.limits;
    // Flowers are nobody.
    expect(own).toMatch(/^It was taught with 4 pictures: [^.]*\.$/);
    expect(others.length).toBeGreaterThan(0);
    for (const limit of others) expect(limit).toMatch(/^Of “Tiny”, beneath it: /);
  });

  it('is a model among the others: it paints, and otherwise than its parent', async () => {
    const own = await picture(here, 'my-tulips');
    expect(own).not.toEqual(await picture(here, 'tiny'));
    expect((await here.host('own-models', {}, quiet())).map(({ entry }) => entry.id)).toContain('my-tulips');
    const { caption } = await here.host('mirror', { model: 'my-tulips', pixels: own, width: 1 }, quiet());
    expect(typeof caption).toBe('string');
  });

  it('is the running mean of the step that is asked for', async () => {
    const parent = await here.host('keep-model', { run: runId, step: 0, name: 'As it was' }, quiet());
    const painted = await picture(here, parent.entry.id);
    // float16 in place of 8 bits and their scales: within a level.
    const old = await picture(here, 'tiny');
    expect(Math.max(...painted.data.map((v, i) => Math.abs(v - old.data[i]!)))).toBeLessThanOrEqual(1);
    expect(await failureOf(here.host('keep-model', { run: runId, step: 3, name: 'x' }, quiet()))).toMatchObject({
      kind: 'bad-recipe',
    });
    expect(await failureOf(here.host('keep-model', { run: runId, name: ' ' }, quiet()))).toMatchObject({
      kind: 'bad-recipe',
    });
  });

  it('can be taught further, and forgotten while it is loaded', async () => {
    const { host } = here;
    const again = await host('keep-model', { run: runId, name: 'Tulips, again' }, quiet());
    const model = again.entry.id;
    const run = await host('begin-run', { name: 'More', model, examples: examples(3), settings: TEACH }, quiet());
    expect((await host('train', { run: run.id, until: 2 }, quiet())).stopped).toBe('finished');
    const child = await host('keep-model', { run: run.id, name: 'Grandchild' }, quiet());
    expect(child.card.training.parent).toContain('Tulips, again');
    const { freedBytes } = await host('forget-model', { model }, quiet());
    expect(freedBytes).toBeGreaterThan(0);
    expect(await failureOf(picture(here, model))).toMatchObject({ kind: 'unknown-model', id: model });
    // What others have, too, is still there.
    await picture(here, child.entry.id);
    await picture(here, 'my-tulips');
    expect(await failureOf(host('forget-model', { model: 'tiny' }, quiet()))).toMatchObject({ kind: 'unknown-model' });
  });
});

it('a limit that goes on to a child is as long as a card allows', () => {
  expect(limitOf('Faces', 'x'.repeat(2000))).toHaveLength(2000);
  const once = limitOf('Faces', 'It shows nobody.');
  expect(once).toBe('Of “Faces”, beneath it: It shows nobody.');
  expect(limitOf('Taught', once)).toBe(once);
});

it('another tab’s model under an id that became free there paints as itself, and not as the one before', async () => {
  const { host } = here;
  // The same name, two steps earlier in the run.
  const earlier = await host('keep-model', { run: runId, step: 2, name: 'My tulips' }, quiet());
  const files = await host('export-model', { model: earlier.entry.id }, quiet());
  await host('forget-model', { model: earlier.entry.id }, quiet());
  const first = await teaching(memoryStore());
  await first.host('import-model', { files: parts }, quiet());
  const before = await picture(first, 'my-tulips');
  await first.host('mirror', { model: 'my-tulips', pixels: before, width: 1 }, quiet());
  const tab = await teaching(first.store);
  await tab.host('forget-model', { model: 'my-tulips' }, quiet());
  // Gone there, it still paints here.
  expect(await picture(first, 'my-tulips')).toEqual(before);
  const again = await tab.host('import-model', { files }, quiet());
  expect(again.entry.id).toBe('my-tulips');
  const { numTensors } = memory();
  const after = await picture(first, 'my-tulips');
  expect(after).not.toEqual(before);
  expect(memory().numTensors).toBeLessThanOrEqual(numTensors);
  expect(after).toEqual(await picture(tab, 'my-tulips'));
});

describe('a model on its way to another machine', () => {
  it('is a folder of models, and paints there what it painted here', async () => {
    expect(parts.map(({ name }) => name)[0]).toBe('manifest.json');
    const there = await teaching(memoryStore());
    const { numTensors } = memory();
    const found = await there.host('import-model', { files: parts }, quiet());
    expect(memory().numTensors).toBe(numTensors);
    expect(found.card).toEqual(kept.card);
    expect(await picture(there, found.entry.id)).toEqual(await picture(here, 'my-tulips'));
    // A second time it is another model beside the first.
    expect((await there.host('import-model', { files: parts }, quiet())).entry.id).toBe('my-tulips-2');
  });

  /** As the export, but for one file. */
  const withFile = (name: string, change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | undefined) =>
    parts.flatMap((part) => {
      const bytes = part.name === name ? change(part.bytes) : part.bytes;
      return bytes ? [{ name: part.name, bytes }] : [];
    });
  const inManifest = (change: (json: string) => string) =>
    withFile('manifest.json', (bytes) => bytesOf(change(text(bytes))));
  const GENERATOR = 'my-tulips/generator.safetensors';
  /** The manifest agrees with the new bytes: only what is in them is wrong. */
  async function withWeights(change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>, file = GENERATOR) {
    const before = parts.find(({ name }) => name === file)!.bytes;
    const after = change(before);
    const [old, now] = await Promise.all([sha256Hex(before), sha256Hex(after)]);
    return withFile(file, () => after).map((part) =>
      part.name === 'manifest.json'
        ? { ...part, bytes: bytesOf(text(part.bytes).replace(old, now).replace(`"bytes": ${before.length}`, `"bytes": ${after.length}`)) } // prettier-ignore
        : part,
    );
  }
  const nan = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
    const tensors = parseSafetensors(bytes, 'x');
    const { shape } = tensors.get('paint.bias')!;
    return writeSafetensors(new Map([...tensors, ['paint.bias', rawFloat32(shape, Float32Array.of(0, NaN, 0))]]));
  };
  const scaled = (by: number) => (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
    writeSafetensors(new Map([...decodeTensors(parseSafetensors(bytes, 'x'), 'x')].map(([name, { shape, values }]) => [name, rawFloat32(shape, values.map((v) => by * v))]))); // prettier-ignore
  const torn = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => bytes.slice(0, -2);
  const without = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
    writeSafetensors(new Map([...parseSafetensors(bytes, 'x')].filter(([name]) => name !== 'paint.bias')));

  it.each<[string, () => readonly ModelPart[] | Promise<readonly ModelPart[]>, RegExp]>([
    ['nothing at all', () => [], /no manifest\.json/],
    ['a manifest that is no JSON', () => withFile('manifest.json', () => bytesOf('{')), /no JSON/],
    ['a file twice', () => [...parts, parts[1]!], /twice/],
    ['a missing file', () => withFile(GENERATOR, () => undefined), /generator\.safetensors is missing/],
    ['another byte', () => withFile(GENERATOR, (b) => b.map((v, i) => (i === 5000 ? v ^ 1 : v))), /SHA-256/],
    ['a file cut short', () => withFile(GENERATOR, (b) => b.slice(0, -1)), /expected \d+ bytes/],
    ['NaN among the weights', () => withWeights(nan), /paint\.bias: value 1 is NaN/],
    ['a tensor too few', () => withWeights(without), /paint\.bias: expected \[3\], found nothing/],
    ['a torn encoder', () => withWeights(torn, 'my-tulips/encoder.safetensors'), /.*/],
    ['weights that paint nothing', () => withWeights(scaled(0)), /paints no picture: a picture is one flat colour/],
    ['weights that are too large', () => withWeights(scaled(1e30)), /paints no picture: a colour came out as/],
    ['an architecture of another day', () => inManifest((json) => json.replace('gan-int-cls', 'gan-xl')), /no architecture "gan-xl"/], // prettier-ignore
    ['a path that leads elsewhere', () => inManifest((json) => json.replace('my-tulips/encoder', '../encoder')), /relative path/], // prettier-ignore
    ['a manifest without models', () => withFile('manifest.json', () => bytesOf('{"version":1,"models":[]}')), /exactly one/], // prettier-ignore
    ['the wrong words for its mirror', () => inManifest((json) => json.replace('"vocabulary": 15', '"vocabulary": 14')), /words/], // prettier-ignore
  ])('is refused with %s, and nothing of it is kept', async (_what, files, detail) => {
    const store = memoryStore();
    const there = await teaching(store);
    const { numTensors } = memory();
    const failure = await failureOf(there.host('import-model', { files: await files() }, quiet()));
    expect(failure).toMatchObject({ kind: 'bad-weights', detail: expect.stringMatching(detail) as string });
    expect(await there.host('own-models', {}, quiet())).toEqual([]);
    expect(await store.list('models')).toEqual([]);
    expect(memory().numTensors).toBe(numTensors);
  });

  it('that calls itself by a name of those that are downloaded gets one of its own', async () => {
    const there = await teaching(memoryStore());
    const posing = parts.map(
      (part) =>
      part.name === 'manifest.json' ? { ...part, bytes: bytesOf(text(part.bytes).replace('"id": "my-tulips"', '"id": "tiny"').replace('"name": "My tulips"', '"name": "Tiny"')) } : part, // prettier-ignore
    );
    const { entry } = await there.host('import-model', { files: posing }, quiet());
    expect(entry.id).toBe('my-tiny');
  });

  it('is not found where its bytes have been lost from the store, and says which', async () => {
    const store = memoryStore();
    const there = await teaching(store);
    const { entry } = await there.host('import-model', { files: parts }, quiet());
    const { sha256 } = entry.files.find(({ role }) => role === 'encoder')!;
    await store.remove(`models/files/${sha256}`);
    const failure = await failureOf(picture(there, entry.id));
    expect(failure).toMatchObject({
      kind: 'bad-weights',
      detail: expect.stringMatching(/its encoder is gone/) as string,
    });
    await store.write('models/index.json', bytesOf('{"models":[{"entry":{},"card":{}}]}'));
    expect(await there.host('own-models', {}, quiet())).toEqual([]);
  });
});

describe('keeping', () => {
  const file = { role: 'generator', ending: '.safetensors', bytes: bytesOf('weights') };
  const named = (name: string) => ({ entry: { ...kept.entry, name }, card: { ...kept.card, name } });

  it('finds an id for a name in any script, under which the model is known again', async () => {
    const store = memoryStore();
    const names = ['Мои цветы', '🌷', 'My', 'My tulips'];
    for (const name of names) await keepModel(store, named(name), [file]);
    const found = await ownModels(store);
    expect(found.map(({ entry }) => entry.id)).toEqual(['my-model', 'my-model-2', 'my-model-3', 'my-tulips']);
    expect(found.map(({ card }) => card.name)).toEqual(names);
  });

  it.each(['the index', 'the card'])(
    'leaves nothing that nobody could remove where there is no room for %s',
    async (what) => {
      const store = memoryStore();
      const first = await keepModel(store, named('First'), [file]);
      const before = await store.list('models/files');
      const full: Store = {
        ...store,
        write(path, bytes) {
          const refused = what === 'the index' ? path.endsWith('index.json') : bytes[0] === '{'.charCodeAt(0);
          return refused ? Promise.reject(new LimnError({ kind: 'quota', neededBytes: 9 })) : store.write(path, bytes);
        },
      };
      const more = { role: 'encoder', ending: '.safetensors', bytes: bytesOf('more weights') };
      expect(await failureOf(keepModel(full, named('Second'), [file, more]))).toMatchObject({ kind: 'quota' });
      // What the first model has, too, is still there.
      expect(await store.list('models/files')).toEqual(before);
      expect(await ownModels(store)).toEqual([first]);
    },
  );

  it('writes a file again whose writing was cut off', async () => {
    const store = memoryStore();
    const path = `models/files/${await sha256Hex(file.bytes)}`;
    await store.write(path, new Uint8Array());
    await keepModel(store, named('Tulips'), [file]);
    expect(await store.read(path)).toEqual(file.bytes);
  });
});

it('a store that will not open keeps nobody from painting, and may open when it is asked again', async () => {
  let asked = 0;
  const locked = (): Promise<Store> =>
    ++asked < 3 ? Promise.reject(new Error('locked')) : Promise.resolve(memoryStore());
  const host = createHost(await nodePlatform({ gpu: false }), readFileSource(FIXTURES), () => undefined, locked);
  expect(await paintWith(host, 'wasm', tinyRecipe(), 1)).toHaveLength(1);
  const before = asked;
  await expect(host('runs', {}, quiet())).rejects.toThrow('locked');
  expect(await host('runs', {}, quiet())).toEqual([]);
  expect(asked).toBe(before + 2);
});
