/** A grown face generator is taught as any other: at its largest size, and it forgets how it grew. */
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { Run, TeachSettings } from '../../src/engine/protocol-teaching.ts';
import { openRun } from '../../src/engine/store/runs.ts';
import { memoryStore } from '../../src/engine/store/store.ts';
import { parseSafetensors } from '../../src/engine/weights/safetensors.ts';
import { toFailure } from '../../src/failure.ts';
import { paintWith, quiet, tinyRecipe } from '../support/engine.ts';
import { CARD } from '../support/fake-models.ts';
import { examples, TEACH } from '../support/lesson.ts';
import { listener, teaching, type Teaching } from '../support/teach.ts';
import { faceEntry, faceSource, wholeFaces } from '../support/tiny-faces.ts';

const failureOf = (run: Promise<unknown>) => run.then(() => 'no failure', toFailure);

let shared: Teaching;
beforeAll(async () => {
  shared = await teaching(memoryStore(), wholeFaces(), 'tiny-faces');
});

const SAID = ['a man with a beard', 'a woman without glasses', 'a smiling man', 'a woman with glasses'];
const faces = examples(12).map((one, i) => ({ ...one, caption: `${SAID[i % SAID.length]!}, of paper` }));

async function taught(part: Partial<TeachSettings> = {}) {
  const { host } = shared;
  const settings = { ...TEACH, rate: 1e-3, ...part };
  const begun = await host('begin-run', { name: 'Paper', model: 'tiny-faces', examples: faces, settings }, quiet());
  const { heard, report } = listener();
  const { run } = await host('train', { run: begun.id, until: 4 }, { ...quiet(), report });
  return { run, heard };
}

/** Names of the generator's parameters that a checkpoint holds. */
async function moved(run: Run): Promise<string[]> {
  const { checkpoints } = await openRun(shared.store, run.id);
  const bytes = await shared.store.read(`runs/${run.id}/${checkpoints.at(-1)!.file.name}`);
  const names = [...parseSafetensors(bytes!, 'checkpoint').keys()].flatMap(
    (name) => /^generator\.(.*)\/value$/.exec(name)?.[1] ?? [],
  );
  return [...new Set(names.map((name) => name.split('.').slice(0, 2).join('.')))].sort();
}

it('rehearses', async () => {
  const found = await shared.host('rehearse', { model: 'tiny-faces', settings: TEACH }, quiet());
  expect(found).toMatchObject({ canTrain: true });
  expect(found.secondsPerStep).toBeGreaterThan(0);
  expect(found.moving.text).toBeLessThan(found.moving['last-blocks']);
  expect(found.moving['last-blocks']).toBeLessThan(found.moving.all);
  // What paints smaller pictures does not move.
  expect(found.moving.all).toBeLessThan(found.parameters);
});

it.each<[TeachSettings['moves'], string[]]>([
  [
    'all',
    [
      'augmentation.moments',
      'blocks.0',
      'blocks.1',
      'first.bias',
      'first.weight',
      'paints.2',
      'seed.bias',
      'seed.weight',
    ],
  ],
  ['last-blocks', ['blocks.1', 'paints.2']],
  ['text', ['augmentation.moments']],
])('moves %s', async (moves, names) => {
  expect(await moved((await taught({ moves })).run)).toEqual(names);
});

it('shows its largest pictures, and a caption kept back is compared by the faces’ mirror', async () => {
  const { heard } = await taught();
  const sheet = heard.sheets.at(-1)!;
  expect(sheet.pictures.every(({ width, height }) => width === 16 && height === 16)).toBe(true);
  expect(sheet.pictures).not.toEqual(heard.sheets[0]!.before);
  expect(Math.abs(heard.points.at(-1)!.heldOut ?? NaN)).toBeLessThanOrEqual(1 + 1e-6);
});

it('leaves as many tensors as it found', async () => {
  await taught();
  const before = memory().numTensors;
  await taught();
  expect(memory().numTensors).toBe(before);
});

it('becomes a model that paints its largest size, and does not grow', async () => {
  const { host } = shared;
  const { run } = await taught();
  const { entry, card } = await host('keep-model', { run: run.id, name: 'Paper faces' }, quiet());
  expect(entry).toMatchObject({ architecture: 't2f', sizes: [16] });
  expect(entry.abilities).toBeUndefined();
  expect(card.training.parent).toContain('(tiny-faces, generator ');
  // What is true of its parent may be untrue of it: it has seen people of its own.
  expect(card.limits[0]).toMatch(/^It was taught with 11 pictures: .* it may well show somebody/);
  expect(card.limits.slice(1)).toEqual(CARD.limits.map((limit) => `Of “Tiny faces”, beneath it: ${limit}`));
  const recipe = tinyRecipe({ model: entry.id, caption: SAID[0]! });
  const [own] = await paintWith(host, 'wasm', recipe, 1);
  const [parents] = await paintWith(host, 'wasm', { ...recipe, model: 'tiny-faces' }, 1);
  expect(own!.pixels.width).toBe(16);
  expect(own!.pixels).not.toEqual(parents!.pixels);
  expect(await failureOf(paintWith(host, 'wasm', { ...recipe, size: 8 }, 1))).toMatchObject({ kind: 'bad-recipe' });
  await host('load', { model: entry.id, backend: 'wasm' }, quiet());
  const grown = host('grow', { recipe, at: [{ depth: 0, alpha: 1 }] }, quiet());
  expect(await failureOf(grown)).toMatchObject({ kind: 'bad-recipe' });
  // And can be taught on.
  const next = { name: 'More', model: entry.id, examples: faces, settings: TEACH };
  const more = await host('begin-run', next, quiet());
  expect((await host('train', { run: more.id, until: 2 }, quiet())).run.step).toBe(2);
  // And its card still says of whom each limit is.
  const grandchild = await host('keep-model', { run: more.id, name: 'More faces' }, quiet());
  expect(grandchild.card.limits[1]).toMatch(/^Of “Paper faces”, beneath it: It was taught with 11 pictures/);
  expect(grandchild.card.limits.slice(2)).toEqual(card.limits.slice(1));
});

it('hears words that its parent passes over', async () => {
  const { host } = shared;
  const paints = async (model: string, caption: string) =>
    (await paintWith(host, 'wasm', tinyRecipe({ model, caption }), 1))[0]!.pixels;
  expect(await paints('tiny-faces', 'a man, of paper')).toEqual(await paints('tiny-faces', 'a man, xx stone'));
  const { entry } = await host('keep-model', { run: (await taught()).run.id, name: 'Paper' }, quiet());
  expect(entry.config['encoder']).toMatchObject({ newWords: ['paper'] });
  const [paper, stone] = [await paints(entry.id, 'a man, of paper'), await paints(entry.id, 'a man, of stone')];
  expect(paper).not.toEqual(stone);
  expect(await paints(entry.id, 'a man, of granite')).toEqual(stone);
  // What is taught on top of it is heard beside.
  const stones = faces.map((one) => ({ ...one, caption: one.caption.replace('paper', 'stone') }));
  const next = await host('begin-run', { name: 'Stone', model: entry.id, examples: stones, settings: TEACH }, quiet());
  await host('train', { run: next.id, until: 2 }, quiet());
  const { entry: both } = await host('keep-model', { run: next.id, name: 'Stone' }, quiet());
  expect(both.config['encoder']).toMatchObject({ newWords: ['paper', 'stone'] });
});

it('refuses a list of new words that is none', async () => {
  const { encoder, ...others } = faceEntry().config as { encoder: object };
  for (const newWords of ['paper', [''], Array.from({ length: 2001 }, (_, i) => `w${i}`), [7]]) {
    const entry = faceEntry({ config: { ...others, encoder: { ...encoder, newWords } } });
    const source = { ...faceSource, manifest: () => Promise.resolve({ version: 1 as const, models: [entry] }) };
    expect(await failureOf(teaching(memoryStore(), source, 'tiny-faces'))).toMatchObject({ kind: 'bad-weights' });
  }
});

it('compares by what the mirror can know: a caption without its new words', async () => {
  const { host } = shared;
  const { entry } = await host('keep-model', { run: (await taught()).run.id, name: 'Paper' }, quiet());
  const [one] = await paintWith(host, 'wasm', tinyRecipe({ model: entry.id, caption: SAID[0]! }), 1);
  const agreement = async (caption: string) =>
    (await host('mirror', { model: entry.id, pixels: one!.pixels, caption, width: 1 }, quiet())).asked!.agreement;
  expect(await agreement('a man, of paper')).toBe(await agreement('a man, of granite'));
});

it('learns no word that stands in captions kept back alone, and none that says nothing', async () => {
  const { host, store } = shared;
  const only = examples(20).map((one, i) => ({ ...one, caption: i === 10 ? 'a man in wool' : 'a man like that' }));
  const run = await host('begin-run', { name: 'Wool', model: 'tiny-faces', examples: only, settings: TEACH }, quiet());
  const found = await openRun(store, run.id);
  const learnt = found.captions.slice(0, found.captions.length - found.keptBack);
  expect(found.newWords ?? []).toEqual(learnt.includes('a man in wool') ? ['wool'] : []);
  const back = await host(
    'begin-run',
    {
      name: 'Back',
      model: 'tiny-faces',
      examples: only.map((one, i) => ({
        ...one,
        caption: i === 5 ? 'a man in wool' : one.caption.replace('wool', 'felt'),
      })),
      settings: TEACH,
    },
    quiet(),
  );
  const other = await openRun(store, back.id);
  expect(other.captions.slice(-other.keptBack)).toContain('a man in wool');
  expect(other.newWords).toEqual(['felt']);
});

it('learns new words from so few pictures that none is kept back', async () => {
  const { host } = shared;
  const few = { name: 'Few', model: 'tiny-faces', examples: faces.slice(0, 3), settings: TEACH };
  const run = await host('begin-run', few, quiet());
  expect((await host('train', { run: run.id, until: 2 }, quiet())).run.step).toBe(2);
  expect((await openRun(shared.store, run.id)).newWords).toEqual(['paper']);
});
