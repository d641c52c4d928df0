/** The mirror's three tasks over the fixture model, which has learnt nothing: what it says is noise, but always the same. */
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/engine/host.ts';
import { noiseOf } from '../../src/engine/noise.ts';
import type { Input, Match, Output, Pixels, Report } from '../../src/engine/protocol.ts';
import { orderOf } from '../../src/engine/tasks/rank.ts';
import { readFileSource } from '../../src/engine/weights/disk.ts';
import type { ModelEntry } from '../../src/engine/weights/manifest.ts';
import { LimnError, type Failure } from '../../src/failure.ts';
import { parseRecipe, type Recipe } from '../../src/recipe.ts';
import { FIXTURES, paintWith, quiet, tinyHost, tinyRecipe } from '../support/engine.ts';

/** The fixture's own words, as tests/fixtures/models/tiny/captioner-vocabulary.json lists them. */
const WORDS = 'red white flower petals this has a yellow with center and the'.split(' ');
const SIZE = 16;

const failureOf = (run: Promise<unknown>): Promise<Failure | string> =>
  run.then(
    () => 'no failure',
    (error: unknown) => (error instanceof LimnError ? error.failure : String(error)),
  );

let host: Host;
let pixels: Pixels;
beforeAll(async () => {
  ({ host } = await tinyHost());
  const [picture] = await paintWith(host, 'wasm', tinyRecipe(), 1);
  if (!picture) throw new Error('nothing was painted');
  ({ pixels } = picture);
});

/** Runs it twice: the first time fetches weights and remembers sentences, the second must leave nothing. */
async function flat<T>(run: () => Promise<T>): Promise<T> {
  await run();
  const { numTensors, numBytes } = memory();
  const result = await run();
  expect(memory()).toMatchObject({ numTensors, numBytes });
  return result;
}

describe('mirror', () => {
  const mirror = (input: Partial<Input<'mirror'>> = {}) =>
    host('mirror', { model: 'tiny', pixels, width: 3, ...input }, quiet());

  it('reads a picture back, in words of its own, and keeps no tensor', async () => {
    const read = await flat(() => mirror());
    expect(read.caption).toBe(read.words.map(({ word }) => word).join(' '));
    expect(read.words.length).toBeLessThanOrEqual(12);
    for (const { word, logProbability } of read.words) {
      expect(WORDS).toContain(word);
      expect(logProbability).toBeLessThan(0);
    }
    const ofWords = read.words.reduce((sum, { logProbability }) => sum + (logProbability ?? NaN), 0);
    // The end has its share, too, where there is one.
    expect(read.logProbability).toBeLessThanOrEqual(ofWords + 1e-6);
    expect(read).not.toHaveProperty('asked');
  });

  it('says the same of the same picture, and not the same of every picture', async () => {
    const caption = (p: Pixels) => mirror({ pixels: p }).then((read) => [read.caption, read.logProbability]);
    const other = { ...pixels, data: pixels.data.map((v, i) => (i % 4 === 3 ? v : 255 - v)) };
    expect(await caption(pixels)).toEqual(await caption(pixels));
    expect(await caption(other)).not.toEqual(await caption(pixels));
  });

  it.each([1, 2, 5])('takes a beam of %d', async (width) => {
    expect((await flat(() => mirror({ width }))).words.length).toBeGreaterThanOrEqual(0);
  });

  it('holds the picture against a caption, word by word', async () => {
    const { asked } = await flat(() => mirror({ caption: 'A red, zygomorphic flower' }));
    expect(asked?.words.map(({ word }) => word)).toEqual(['a', 'red', 'zygomorphic', 'flower']);
    const logs = asked?.words.map(({ logProbability }) => logProbability) ?? [];
    expect(logs[2]).toBeNull();
    const known = logs.reduce<number>((sum, log) => sum + (log ?? 0), 0);
    expect(Math.max(...logs.map((log) => log ?? -1))).toBeLessThan(0);
    // Greater by what the end costs.
    expect(asked?.end).toBeLessThan(0);
    expect(asked?.loss).toBeCloseTo(-known - (asked?.end ?? NaN), 4);
    expect(asked?.read).toBe(4);
    for (const cosine of [asked?.similarity, asked?.agreement]) expect(Math.abs(cosine ?? NaN)).toBeLessThanOrEqual(1);
    expect(asked?.verdict).toMatch(/^(agrees|partly|differs)$/);
  });

  it('agrees with itself', async () => {
    const { caption } = await mirror();
    expect(caption).not.toBe('');
    const { asked } = await mirror({ caption });
    expect(asked?.agreement).toBeCloseTo(1, 5);
    expect(asked?.verdict).toBe('agrees');
  });

  it('gives its own words the log p that it read them with', async () => {
    const read = await mirror({ width: 5 });
    const { asked } = await mirror({ caption: read.caption });
    expect(asked?.loss).toBeCloseTo(-read.logProbability, 3);
  });

  it('reads a caption that is longer than it can say as far as it goes', async () => {
    const { asked } = await mirror({ caption: 'a red flower with petals '.repeat(6) });
    expect(asked?.words).toHaveLength(30);
    // All of these words are known: the others were not reached, and neither was the end.
    expect(asked).toMatchObject({ read: 12, end: null });
    const logs = asked?.words.map(({ logProbability }) => logProbability) ?? [];
    expect(logs.slice(12)).toEqual(Array(18).fill(null));
    expect(asked?.loss).toBeCloseTo(-logs.slice(0, 12).reduce<number>((sum, log) => sum + (log ?? NaN), 0), 3);
  });

  it.each([
    [11, true],
    [12, false],
  ])('comes to the end of %d words: %s', async (count, ends) => {
    const { asked } = await mirror({ caption: 'red '.repeat(count) });
    expect(asked?.read).toBe(count);
    expect(asked?.end !== null).toBe(ends);
  });

  const wide = (width: number, height = width, bytes = 4 * width * height): Pixels => ({
    width,
    height,
    data: new Uint8ClampedArray(bytes),
  });
  it.each<[what: string, input: Partial<Input<'mirror'>>, failure: object]>([
    ['a picture of another size', { pixels: wide(64) }, { kind: 'bad-image' }],
    ['a picture that is no square', { pixels: wide(SIZE, 8) }, { kind: 'bad-image' }],
    ['a torn picture', { pixels: wide(SIZE, SIZE, 7) }, { kind: 'bad-image' }],
    ['an empty caption', { caption: ' ' }, { kind: 'bad-caption', reason: 'empty' }],
    ['a caption without a letter', { caption: '🌼' }, { kind: 'bad-caption', reason: 'unreadable' }],
    ['a beam of none', { width: 0 }, { kind: 'bad-recipe' }],
    ['a beam of six', { width: 6 }, { kind: 'bad-recipe' }],
    ['a beam of a half', { width: 0.5 }, { kind: 'bad-recipe' }],
  ])('refuses %s', async (_what, input, failure) => {
    expect(await flat(() => failureOf(mirror(input)))).toMatchObject(failure);
  });

  it('stops when it is cancelled, and reads the next', async () => {
    const cancelled = await flat(async () => {
      const abort = new AbortController();
      const run = host('mirror', { model: 'tiny', pixels, width: 5 }, { ...quiet(), signal: abort.signal });
      setImmediate(() => abort.abort());
      return failureOf(run);
    });
    expect(cancelled).toEqual({ kind: 'cancelled' });
    expect((await mirror()).caption).not.toBe('');
  });
});

describe('rank', () => {
  type Shown = Extract<Report<'rank'>, { stage: 'picture' }>;
  const rank = async (
    recipe: Recipe,
    count: number,
    hear: (shown: Shown) => void = () => undefined,
    signal = quiet().signal,
  ) => {
    const report = (progress: Report<'rank'>): void => void (progress.stage === 'picture' && hear(progress));
    return host('rank', { recipe, count }, { signal, report });
  };

  it('paints what generate paints, and puts the best first', async () => {
    const shown: Shown[] = [];
    const recipe = tinyRecipe({ caption: 'a white flower' });
    const { order } = await rank(recipe, 6, (one) => shown.push(one));
    expect(shown.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    const painted = await paintWith(host, 'wasm', recipe, 6);
    expect(shown.map(({ picture }) => picture)).toEqual(painted);
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(order).toEqual(orderOf(shown));
    await flat(() => rank(recipe, 6));
  });

  it('scores as the mirror does', async () => {
    const shown: Shown[] = [];
    await rank(tinyRecipe(), 5, (one) => shown.push(one));
    for (const { picture, loss, similarity } of shown) {
      const { caption } = tinyRecipe();
      const { asked } = await host('mirror', { model: 'tiny', pixels: picture.pixels, caption, width: 1 }, quiet());
      expect(asked?.loss).toBeCloseTo(loss, 3);
      expect(asked?.similarity).toBeCloseTo(similarity, 4);
    }
  });

  it('asks for the nearer of two captions', async () => {
    const losses = async (recipe: Recipe): Promise<number[]> => {
      const heard: number[] = [];
      await rank(recipe, 1, ({ loss }) => heard.push(loss));
      return heard;
    };
    const towards = { caption: 'a yellow flower with white petals', seed: 3, noise: 0 };
    const near = tinyRecipe({ towards: { ...towards, text: 0.2 } });
    const far = tinyRecipe({ towards: { ...towards, text: 1 } });
    expect(await losses(far)).toEqual(await losses(tinyRecipe({ caption: towards.caption })));
    expect(await losses(near)).not.toEqual(await losses(far));
  });

  it('stops between pictures', async () => {
    const abort = new AbortController();
    let heard = 0;
    const hear = (): void => {
      heard += 1;
      if (heard === 8) abort.abort();
    };
    expect(await failureOf(rank(tinyRecipe(), 1000, hear, abort.signal))).toEqual({ kind: 'cancelled' });
    expect(heard).toBeLessThan(16);
  });

  it.each([0, 1.5, NaN, 1e9])('refuses a count of %s', async (count) => {
    expect(await failureOf(rank(tinyRecipe(), count))).toMatchObject({ kind: 'bad-recipe' });
  });

  const match = (loss: number, similarity: number): Match => ({ loss, similarity });
  it.each<[matches: Match[], order: number[]]>([
    [
      [match(20, 0.1), match(10, 0.1), match(15, 0.1)],
      [1, 2, 0],
    ],
    [
      [match(10, 0.1), match(10, 0.9), match(10, 0.5)],
      [1, 2, 0],
    ],
    // By a little in the one and by much in the other: the units do not matter, the spread does.
    [
      [match(10, 0), match(10.1, 1), match(40, 0.9)],
      [1, 0, 2],
    ],
    [
      [match(10, 0.5), match(10, 0.5)],
      [0, 1],
    ],
    [[], []],
  ])('orders %j as %j', (matches, order) => {
    expect(orderOf(matches)).toEqual(order);
  });
});

describe('improve', () => {
  type Heard = Report<'improve'>;
  const improve = (
    recipe: Recipe,
    steps: number,
    report: (heard: Heard) => void = () => undefined,
    signal = quiet().signal,
  ) => host('improve', { recipe, steps }, { signal, report });
  const recipe = tinyRecipe({ caption: 'this flower has white petals and a yellow center', seed: 8 });
  /** How far from the middle the search may be: as far as the recipe's own z, but not beyond the shell. */
  const radiusOf = (one: Recipe): number => Math.min(Math.hypot(...noiseOf(one, 8)), Math.sqrt(8));

  it('lowers the loss, and its recipe paints what it found', async () => {
    const losses: number[] = [];
    let pictures = 0;
    const { picture, before, loss } = await improve(recipe, 25, (heard) => {
      if (heard.stage !== 'search') return;
      expect(heard.step).toBe(losses.length);
      losses.push(heard.loss);
      if (heard.picture) pictures += 1;
    });
    expect(losses).toHaveLength(26);
    expect(pictures).toBe(6);
    // The fixture's mirror hardly minds the picture: eight seeds in a row are 0.16 apart.
    expect(loss).toBeLessThan(before.loss - 0.15);
    // What is shown has 8 bits a colour and a rounded z.
    expect(loss).toBeCloseTo(Math.min(...losses), 2);
    const [painted] = await paintWith(host, 'wasm', recipe, 1);
    expect(before.picture).toEqual(painted);
    expect(parseRecipe(picture.recipe)).toEqual(picture.recipe);
    expect(picture.recipe).toMatchObject({ ...recipe, size: SIZE, style: { strength: 1 } });
    expect(Math.hypot(...(picture.recipe.style?.z ?? []))).toBeCloseTo(radiusOf(recipe), 2);
    const [again] = await paintWith(host, 'wasm', picture.recipe, 1);
    expect(again).toEqual(picture);
  });

  it('begins at the very picture that was looked at, and strays no further than it', async () => {
    const near = tinyRecipe({ truncation: 0.6 });
    expect(radiusOf(near)).toBeLessThan(Math.sqrt(8) - 0.2);
    const shown: Pixels[] = [];
    const losses: number[] = [];
    const { picture, before } = await improve(near, 12, (heard) => {
      if (heard.stage !== 'search') return;
      losses.push(heard.loss);
      if (heard.picture) shown.push(heard.picture);
    });
    expect(shown[0]).toEqual(before.picture.pixels);
    expect(losses[0]).toBe(before.loss);
    expect(picture.recipe.style).toBeDefined();
    expect(Math.hypot(...(picture.recipe.style?.z ?? []))).toBeCloseTo(radiusOf(near), 2);
  });

  it('finds its way from the middle, too', async () => {
    const { before, loss } = await improve(tinyRecipe({ truncation: 0 }), 3);
    expect(loss).toBeLessThanOrEqual(before.loss);
  });

  it('does the same twice, and keeps no tensor', async () => {
    const found = (output: Output<'improve'>): unknown => [output.picture, output.loss];
    const first = await improve(recipe, 7);
    expect(found(await flat(() => improve(recipe, 7)))).toEqual(found(first));
  });

  it('gives back what it began with where nothing was better', async () => {
    const best = await improve(recipe, 20);
    const again = await improve(best.picture.recipe, 1);
    expect(again.loss).toBeLessThanOrEqual(best.loss + 1e-3);
  });

  it('begins between two ends where the recipe lies there, and stays at its sentence', async () => {
    const towards = { caption: 'the white petals', seed: 3, text: 0.75, noise: 0.5 };
    const between = { ...recipe, towards };
    const { picture, before, loss } = await improve(between, 10);
    const [start] = await paintWith(host, 'wasm', between, 1);
    expect(before.picture.pixels).toEqual(start?.pixels);
    expect(loss).toBeLessThanOrEqual(before.loss);
    expect(picture.recipe.towards).toEqual({ ...towards, noise: 0 });
    const [again] = await paintWith(host, 'wasm', picture.recipe, 1);
    expect(again?.pixels).toEqual(picture.pixels);
  });

  it('stops between steps when it is cancelled, and keeps no tensor', async () => {
    let last = 0;
    const run = async () => {
      const abort = new AbortController();
      const hear = (heard: Heard): void => {
        if (heard.stage !== 'search') return;
        last = heard.step;
        if (last === 3) abort.abort();
      };
      return failureOf(improve(recipe, 1000, hear, abort.signal));
    };
    expect(await flat(run)).toEqual({ kind: 'cancelled' });
    expect(last).toBe(3);
  });

  it('hears a cancel that comes from outside', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 30);
    expect(await failureOf(improve(recipe, 1000, () => undefined, abort.signal))).toEqual({ kind: 'cancelled' });
  });

  it.each<[what: string, part: Partial<Recipe>, steps: number, detail: RegExp]>([
    ['no steps', {}, 0, /steps/],
    ['half a step', {}, 0.5, /steps/],
    ['a caption of which it knows no word', { caption: 'zygomorphic inflorescence' }, 5, /knows no word/],
  ])('refuses %s', async (_what, part, steps, detail) => {
    const failure = await failureOf(improve(tinyRecipe(part), steps));
    expect(failure).toMatchObject({ kind: 'bad-recipe', detail: expect.stringMatching(detail) as string });
  });
});

describe('a captioner that is not what it should be', () => {
  /** The fixture with another manifest entry, or with other bytes in a file. */
  const spoilt = async (
    change: (entry: ModelEntry) => unknown = (entry) => entry,
    vocabulary?: string,
  ): Promise<Failure | string> => {
    const source = readFileSource(FIXTURES);
    const { host: other } = await tinyHost({
      manifest: async (signal) => {
        const manifest = await source.manifest(signal);
        return { ...manifest, models: manifest.models.map((entry) => change(entry) as ModelEntry) };
      },
      files: async (entry, roles, options) => {
        const files = new Map(await source.files(entry, roles, options));
        if (vocabulary !== undefined && files.has('captioner-vocabulary')) {
          files.set('captioner-vocabulary', new TextEncoder().encode(vocabulary));
        }
        return files;
      },
    });
    await other('load', { model: 'tiny', backend: 'wasm' }, quiet());
    return failureOf(other('mirror', { model: 'tiny', pixels, width: 1 }, quiet()));
  };

  const withStream = (part: object) => (entry: ModelEntry) => ({
    ...entry,
    config: { ...entry.config, stream: { ...(entry.config['stream'] as object), ...part } },
  });
  const list = (words: readonly unknown[]): string => JSON.stringify({ words });

  it('is told when there is none', async () => {
    const bare = (entry: ModelEntry) => ({ ...entry, files: entry.files.filter(({ role }) => role !== 'captioner') });
    expect(await spoilt(bare)).toEqual({ kind: 'bad-weights', file: 'tiny', detail: 'it comes without a mirror' });
  });

  it.each<[what: string, vocabulary: string, detail: RegExp]>([
    ['a word too few', list(WORDS.slice(1)), /has 11 words, the weights want 12/],
    ['a word too many', list([...WORDS, 'blue']), /has 13 words, the weights want 12/],
    ['a word twice', list([...WORDS.slice(1), 'the']), /twice/],
    ['a number for a word', list([...WORDS.slice(1), 3]), /expected 1 to 64 characters/],
    ['no list', '{"words": 3}', /expected a list/],
    ['no JSON', '{"words": [', /no JSON/],
  ])('has %s', async (_what, vocabulary, detail) => {
    const failure = await spoilt(undefined, vocabulary);
    expect(failure).toMatchObject({ kind: 'bad-weights', detail: expect.stringMatching(detail) as string });
  });

  it.each<[what: string, part: object]>([
    ['no config', { size: undefined }],
    ['pictures of another size than the generator’s', { size: 32 }],
    ['sentences of another length than the text encoder’s', { similarity: 15 }],
    ['too small a look', { look: 20 }],
    ['other words than it has weights for', { vocabulary: 16 }],
    ['a wider state than its weights', { hidden: 17 }],
    ['a fire too few', { channels: [8, [4, 4], [4, 4]] }],
    ['thresholds the wrong way round', { agrees: 0.1, partly: 0.2 }],
    ['a threshold that is no number', { agrees: '0.5' }],
  ])('has %s', async (_what, part) => {
    expect(await spoilt(withStream(part))).toMatchObject({ kind: 'bad-weights' });
  });
});

it('reads and improves on cpu as on wasm', async () => {
  const caption = 'a red flower with white petals';
  const both = async (one: Host) => ({
    read: await one('mirror', { model: 'tiny', pixels, caption, width: 3 }, quiet()),
    better: await one('improve', { recipe: tinyRecipe(), steps: 5 }, quiet()),
  });
  const wasm = await both(host);
  const { host: other } = await tinyHost();
  await other('load', { model: 'tiny', backend: 'cpu' }, quiet());
  const cpu = await both(other);
  expect(cpu.read.caption).toBe(wasm.read.caption);
  expect(cpu.read.logProbability).toBeCloseTo(wasm.read.logProbability, 3);
  expect(cpu.read.asked?.loss).toBeCloseTo(wasm.read.asked?.loss ?? NaN, 3);
  expect(cpu.better.loss).toBeCloseTo(wasm.better.loss, 3);
  const z = cpu.better.picture.recipe.style?.z ?? [];
  for (const [i, v] of (wasm.better.picture.recipe.style?.z ?? []).entries()) expect(z[i]).toBeCloseTo(v, 2);
});
