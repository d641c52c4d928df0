/** What reads faces back and takes their style over: the flowers' parts, beside a text encoder that reads words and a z
 * that has ε behind it. The parts have learnt nothing here. */
import { beforeAll, expect, it } from 'vitest';
import type { Host } from '../../src/engine/host.ts';
import type { Captioner } from '../../src/engine/parts/captioner.ts';
import type { Picture } from '../../src/engine/protocol.ts';
import type { Loaded } from '../../src/engine/session.ts';
import { reads } from '../../src/engine/tasks/reading.ts';
import type { StreamConfig } from '../../src/models/stream.ts';
import type { Recipe } from '../../src/recipe.ts';
import { paintWith, quiet, tinyHost, tinyRecipe } from '../support/engine.ts';
import { MIRROR_WORDS, wholeFaces } from '../support/tiny-faces.ts';

const openFaces = async (stream: Partial<StreamConfig> = {}): Promise<Host> =>
  (await tinyHost(wholeFaces(stream))).host;

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
  expect(read.words.every(({ word }) => MIRROR_WORDS.includes(word))).toBe(true);
  expect(read.asked?.loss).toBeGreaterThan(0);
  expect(Math.abs(read.asked?.agreement ?? NaN)).toBeLessThanOrEqual(1 + 1e-6);
});

it.each([4, 8])(
  'reads, ranks and improves what was painted at %d px, which is smaller than what it learnt from',
  async (size) => {
    const caption = 'a smiling man with a beard';
    const shown: Picture[] = [];
    const losses: number[] = [];
    const ranked = await host(
      'rank',
      { recipe: recipe({ size }), count: 3 },
      {
        ...quiet(),
        report: (at) => {
          if (at.stage !== 'picture') return;
          shown.push(at.picture);
          losses.push(at.loss);
        },
      },
    );
    expect([...ranked.order].sort()).toEqual([0, 1, 2]);
    expect(new Set(losses).size).toBe(3);
    for (const [i, { pixels }] of shown.entries()) {
      expect(pixels.width).toBe(size);
      const { asked } = await host('mirror', { model: 'tiny-faces', pixels, caption, width: 1 }, quiet());
      expect(asked?.loss).toBeCloseTo(losses[i]!, 3);
    }
    const found: number[] = [];
    const improved = await host(
      'improve',
      { recipe: recipe({ size }), steps: 12 },
      { ...quiet(), report: (at) => void (at.stage === 'search' && found.push(at.loss)) },
    );
    expect(improved.picture.pixels.width).toBe(size);
    // The gradient finds its way through the enlarging.
    expect(Math.min(...found)).toBeLessThan(found[0]!);
    expect(improved.loss).toBeLessThan(improved.before.loss);
  },
);

it.each([
  [4, true],
  [6, false],
  [16, true],
  [24, false],
  [32, true],
  // It may divide, but is none of the model's.
  [8, false],
])('of the model’s sizes reads those that divide its own or that its own divides: %d px', (edge, read) => {
  const loaded = { painter: { sizes: [4, 6, 16, 24, 32] } } as unknown as Loaded;
  expect(reads(loaded, { config: { size: 16 } } as Captioner, edge)).toBe(read);
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
