import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createHost, type Host } from '../../src/engine/host.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import type { Picture, Report } from '../../src/engine/protocol.ts';
import { readFileSource } from '../../src/engine/weights/disk.ts';
import { parseManifest } from '../../src/engine/weights/source.ts';
import { LimnError } from '../../src/failure.ts';
import type { Recipe } from '../../src/recipe.ts';
import { FIXTURES, paintWith, quiet, tinyHost, tinyRecipe } from '../support/engine.ts';
import { readFileSync } from 'node:fs';

const CAPTION = 'a red flower with a yellow center';
const mirrorRecipe = (part: Partial<Recipe> = {}): Recipe =>
  tinyRecipe({ model: 'tiny-mirror', caption: CAPTION, ...part });

const source = readFileSource(FIXTURES);
const manifest = parseManifest(readFileSync(`${FIXTURES}/manifest.json`), 'manifest.json');

type Layer = Extract<Report<'look'>, { stage: 'picture' }>;

describe('a painter in stages', () => {
  let host: Host;
  beforeAll(async () => {
    ({ host } = await tinyHost());
    await host('load', { model: 'tiny-mirror', backend: 'wasm' }, quiet());
  });

  async function paint(...recipes: readonly Recipe[]): Promise<Picture[]> {
    const pictures: Picture[] = [];
    await host('paint', { recipes }, { ...quiet(), report: ({ index, picture }) => (pictures[index] = picture) });
    return pictures;
  }

  async function look(recipe: Recipe): Promise<{ layers: Layer[]; words: readonly string[] }> {
    const layers: Layer[] = [];
    const report = (now: Report<'look'>): void => void (now.stage === 'picture' && (layers[now.index] = now));
    const { words } = await host('look', { recipe }, { ...quiet(), report });
    return { layers, words };
  }

  it('shows every stage, as painting at that size does, and the words that each place listened to', async () => {
    const { layers, words } = await look(mirrorRecipe());
    expect(words).toEqual(CAPTION.split(' '));
    const [small] = await paint(mirrorRecipe({ size: 16 }));
    const [large] = await paint(mirrorRecipe());
    expect(layers.map(({ pixels }) => pixels)).toEqual([small?.pixels, large?.pixels]);
    expect(layers[0]?.attention).toBeUndefined();
    const maps = layers[1]?.attention;
    expect([maps?.width, maps?.height, maps?.values.length]).toEqual([16, 16, 16 * 16 * words.length]);
    for (let place = 0; place < 256; place++) {
      const shares = [...(maps?.values.subarray(place * words.length, (place + 1) * words.length) ?? [])];
      expect(shares.every((share) => share >= 0)).toBe(true);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    }
    // Places differ in what they listen to: else there would be nothing to see.
    expect(spread(maps?.values ?? new Float32Array(), words.length)).toBeGreaterThan(0.01);
  });

  it('stops at the size that is asked for', async () => {
    const { layers } = await look(mirrorRecipe({ size: 16 }));
    expect(layers.map(({ pixels }) => pixels.width)).toEqual([16]);
  });

  it('listens to both captions between two, and paints continuously from one to the other', async () => {
    const at = (text: number) => mirrorRecipe({ towards: { caption: 'a blue flower', seed: 7, text, noise: 0 } });
    const { words } = await look(at(0.5));
    expect(words).toEqual([...CAPTION.split(' '), 'a', 'blue', 'flower']);
    expect((await look(at(1))).words).toEqual(['a', 'blue', 'flower']);
    const [here, near, far, there, alone] = await paint(
      at(0),
      at(1e-6),
      at(1 - 1e-6),
      at(1),
      mirrorRecipe({ caption: 'a blue flower' }),
    );
    const [plain] = await paint(mirrorRecipe());
    expect(apart(here, plain)).toBeLessThanOrEqual(1);
    expect(apart(near, here)).toBeLessThanOrEqual(1);
    expect(apart(far, there)).toBeLessThanOrEqual(1);
    expect(apart(there, alone)).toBeLessThanOrEqual(1);
    expect(apart(here, there)).toBeGreaterThan(1);
  });

  it('sharpens before one’s eyes where pictures take long, and only if that is wanted', async () => {
    let clock = 0;
    const platform = { ...(await nodePlatform({ gpu: false })), now: () => (clock += 2000) };
    const slow = createHost(platform, source, () => undefined);
    await slow('load', { model: 'tiny-mirror', backend: 'wasm' }, quiet());
    const paintSlowly = async (drafts: boolean): Promise<Report<'generate'>[]> => {
      const told: Report<'generate'>[] = [];
      const report = (now: Report<'generate'>): void => void told.push(now);
      await slow('generate', { recipe: mirrorRecipe(), count: 2, drafts }, { ...quiet(), report });
      return told;
    };
    const [plain, told] = [await paintSlowly(false), await paintSlowly(true)];
    const seen = ({ index, draft, picture }: Report<'generate'>) => [index, draft, picture.recipe.size];
    expect(plain.map(seen)).toEqual([0, 1].map((i) => [i, undefined, 32]));
    expect(told.map(seen)).toEqual([0, 1].flatMap((i) => [[i, true, 16], [i, undefined, 32]])); // prettier-ignore
    expect(told.filter(({ draft }) => !draft).map(({ picture }) => picture)).toEqual(
      plain.map(({ picture }) => picture),
    );
    // A draft is a picture of its own, which its recipe paints again.
    const [draft] = told;
    const [again] = await paint(draft?.picture.recipe ?? mirrorRecipe());
    expect(again).toEqual(draft?.picture);
    await slow('unload', { model: 'tiny-mirror' }, quiet());
  });

  it('reads captions of all lengths, and of words that it does not know', async () => {
    const captions = ['flower', 'zebra', 'a red flower '.repeat(12), '!', '12 🌼 petals'];
    const painted = captions.map((caption) => host('look', { recipe: mirrorRecipe({ caption }) }, quiet()));
    const [one, unknown, long, none, some] = await Promise.allSettled(painted);
    expect(one).toMatchObject({ value: { words: ['flower'] } });
    expect(unknown).toMatchObject({ value: { words: ['zebra'] } });
    // As many as the encoder reads.
    expect(long).toMatchObject({ value: { words: 'a red flower '.repeat(6).trim().split(' ').slice(0, 16) } });
    expect(none).toMatchObject({ reason: { failure: { kind: 'bad-caption' } } });
    expect(some).toMatchObject({ value: { words: ['12', 'petals'] } });
    const [a, b] = await paint(mirrorRecipe({ caption: 'zebra' }), mirrorRecipe({ caption: 'unicorn' }));
    expect(a?.pixels).toEqual(b?.pixels);
  });

  it('is read back by a captioner of smaller pictures that brings its own text encoder', async () => {
    const [picture] = await paint(mirrorRecipe());
    if (!picture) throw new Error('no picture');
    const { pixels } = picture;
    const input = { model: 'tiny-mirror', pixels, caption: CAPTION, width: 2 };
    const { asked } = await host('mirror', input, quiet());
    expect(asked?.words.map(({ word }) => word)).toEqual(CAPTION.split(' '));
    const ranked = await host('rank', { recipe: mirrorRecipe(), count: 3 }, quiet());
    expect([...ranked.order].sort()).toEqual([0, 1, 2]);
    const better = await host('improve', { recipe: mirrorRecipe(), steps: 4 }, quiet());
    expect(better.picture.pixels.width).toBe(32);
    expect(better.loss).toBeLessThanOrEqual(better.before.loss);
    expect(better.before.loss).toBeCloseTo(asked?.loss ?? NaN, 2);
  });

  it('finds the noise of a picture with a style encoder of smaller pictures', async () => {
    const [tiny] = manifest.models;
    const style = tiny?.files.find(({ role }) => role === 'style-encoder');
    if (!tiny || !style) throw new Error('the fixture has no style encoder');
    const models = manifest.models.map((entry) =>
      entry.id === 'tiny-mirror'
        ? { ...entry, config: { ...entry.config, style: tiny.config['style'] }, files: [...entry.files, style] }
        : entry,
    );
    const { host } = await tinyHost({ ...source, manifest: () => Promise.resolve({ ...manifest, models }) });
    const [picture] = await paintWith(host, 'wasm', mirrorRecipe({ size: 16 }), 1);
    if (!picture) throw new Error('no picture');
    const input = { model: 'tiny-mirror', pixels: picture.pixels, caption: CAPTION, steps: 25, restarts: 1, seed: 3 };
    const { first, found, z } = await host('invert', { ...input, moveSentence: true }, quiet());
    expect(z).toHaveLength(8);
    expect(found.distance).toBeLessThan(first.distance);
    await host('unload', { model: 'tiny-mirror' }, quiet());
  });

  it('leaves no tensor behind, whether it ends, is cancelled, or paints', async () => {
    const abort = new AbortController();
    const cancelled = async () => {
      const report = (): void => abort.abort();
      await expect(host('look', { recipe: mirrorRecipe() }, { signal: abort.signal, report })).rejects.toMatchObject({
        failure: { kind: 'cancelled' },
      });
    };
    await look(mirrorRecipe());
    const before = memory().numTensors;
    await look(mirrorRecipe());
    await paint(mirrorRecipe({ seed: 8 }));
    const towards = { caption: CAPTION, seed: 1, text: 0.5, noise: 0.5 };
    await paint(mirrorRecipe({ towards }));
    await look(mirrorRecipe({ towards }));
    await cancelled();
    expect(memory().numTensors).toBe(before);
  });

  it('is refused of a model that has no stages', async () => {
    const asked = host('look', { recipe: tinyRecipe() }, quiet());
    await expect(asked).rejects.toThrow(LimnError);
    await expect(asked).rejects.toMatchObject({ failure: { kind: 'bad-recipe' } });
  });
});

describe('a model of this kind is refused', () => {
  it.each([
    ['with a vocabulary of another length', { encoder: { vocabulary: 16 } }, /vocabulary has 13 words.*14/],
    ['with words of another width', { generator: { word: 12 } }, /words of 10 numbers, not of 12/],
    ['with stages that are none', { generator: { stages: [[8]] } }, /stages/],
    [
      'with a stage too many',
      {
        generator: {
          stages: [
            [8, 6],
            [6, 4],
          ],
        },
      },
      /it paints 16, 32, 64 px/,
    ],
  ] as const)('%s', async (_, change: Readonly<Record<string, object>>, words) => {
    const models = manifest.models.map((entry) => {
      if (entry.id !== 'tiny-mirror') return entry;
      const config = Object.fromEntries(
        Object.entries(entry.config).map(([part, of]) => [part, { ...(of as object), ...change[part] }]),
      );
      return { ...entry, config };
    });
    const { host } = await tinyHost({ ...source, manifest: () => Promise.resolve({ ...manifest, models }) });
    const loading = host('load', { model: 'tiny-mirror', backend: 'wasm' }, quiet());
    await expect(loading).rejects.toMatchObject({ failure: { kind: 'bad-weights' } });
    await expect(loading).rejects.toThrow(words);
  });
});

/** Root mean square of the largest word's share about its mean over places. */
function spread(values: Float32Array, words: number): number {
  const deviations = Array.from({ length: words }, (_, word) => {
    const map = values.filter((_, i) => i % words === word);
    const mean = map.reduce((sum, v) => sum + v, 0) / map.length;
    return Math.sqrt(map.reduce((sum, v) => sum + (v - mean) ** 2, 0) / map.length);
  });
  return Math.max(...deviations);
}

/** Largest difference in levels of 255. */
function apart(a: Picture | undefined, b: Picture | undefined): number {
  if (!a || !b || a.pixels.data.length !== b.pixels.data.length) return NaN;
  return a.pixels.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.pixels.data[i] ?? NaN))), 0);
}
