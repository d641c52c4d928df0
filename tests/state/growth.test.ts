import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StoreApi } from 'zustand/vanilla';
import { placeWords, sigmaWords } from '../../src/panels/growth/words.ts';
import { normal } from '../../src/random.ts';
import { roundZ, type Recipe } from '../../src/recipe.ts';
import { canWatchGrow } from '../../src/state/growth.ts';
import { growthAt, onGrain } from '../../src/state/growth-place.ts';
import { createGrowth, type GrowthState } from '../../src/state/growth-studio.ts';
import { canVary, createVariations, type VariationsState } from '../../src/state/growth-variations.ts';
import type { Painted } from '../../src/state/history.ts';
import { picture } from '../support/fake-engine.ts';
import { MANIFEST } from '../support/fake-models.ts';
import { fakeStore, FILES, type Fakes } from '../support/store.ts';

const SIZES = [4, 8, 16, 32, 64];
const FACES = {
  ...MANIFEST,
  models: MANIFEST.models.flatMap((model) => [model, { ...model, id: 'faces', sizes: SIZES, abilities: ['grow'] }]),
};

let fakes: Fakes;
const state = () => fakes.store.getState();
const settle = () => vi.advanceTimersByTimeAsync(0);

function painted(part: Partial<Recipe> = {}): Painted {
  return state().named(picture({ ...state().form.recipe, model: 'faces', caption: 'a woman', seed: 5, ...part }));
}

beforeEach(async () => {
  vi.useFakeTimers();
  fakes = fakeStore({ ...FILES, 'models/manifest.json': FACES });
  await state().fetchCatalogue();
  void state().load('faces');
  fakes.engine.finishLoad();
  await settle();
});
afterEach(() => {
  vi.useRealTimers();
});

function growing() {
  const { growing } = state();
  if (!growing) throw new Error('nothing is watched');
  return growing;
}

describe('places on the way up', () => {
  it('are a depth, and a share of its details', () => {
    const places = [0, 0.05, 1, 1.4, 2.35, 4].map(growthAt).map(({ depth, alpha }) => [depth, alpha]);
    expect(places).toEqual([[0, 1], [1, 0.05], [1, 1], [2, 0.4], [3, 0.35], [4, 1]]); // prettier-ignore
    for (let i = 0; i <= 80; i++) {
      const { depth, alpha } = growthAt(onGrain(i / 20, 4));
      expect(depth - 1 + alpha).toBeCloseTo(i / 20, 9);
      expect(alpha > 0 && alpha <= 1).toBe(true);
    }
  });

  it('are where a slider can stand, whatever is asked for', () => {
    expect([-1, NaN, 0.026, 1.4000000001, 3.99, 9].map((place) => onGrain(place, 4))).toEqual([0, 0, 0.05, 1.4, 4, 4]);
  });

  it('are told in words', () => {
    const words = (place: number) => placeWords(place, SIZES);
    expect(words(0)).toBe('4 px, where it begins');
    expect(words(1)).toBe('8 px, all of its details');
    expect(words(2.4)).toBe('32 px, 40% of the new details');
    expect(words(4)).toBe('64 px, fully grown');
    expect(new Set([0, 0.6, 1.2].map(sigmaWords)).size).toBe(3);
  });
});

describe('what is watched', () => {
  it('is offered for models that were grown, and forgotten when it is closed', () => {
    expect(canWatchGrow(state(), painted())).toBe(true);
    expect(canWatchGrow(state(), painted({ model: 'flowers' }))).toBe(false);
    expect(canVary(painted().recipe)).toBe(true);
    expect(canVary(painted({ towards: { caption: 'a man', seed: 1, text: 0.5, noise: 0 } }).recipe)).toBe(false);
    const of = painted();
    state().watchGrow(of);
    expect(growing().of).toBe(of);
    state().stopWatching();
    expect(state().growing).toBeNull();
  });
});

describe('a face on its way up', () => {
  let growth: StoreApi<GrowthState>;
  const now = () => growth.getState();
  const latest = () => fakes.engine.latest('grow');

  /** Picture `index` of a call; its grey tells what was asked for. */
  function arrive(index: number, call = latest()): void {
    const at = call.input.at[index]!;
    const grey = Math.round(50 * (at.depth - 1 + at.alpha));
    call.options.report?.({ stage: 'picture', index, pixels: pixels(grey) });
  }
  async function finish(call = latest()): Promise<void> {
    for (const index of call.input.at.keys()) arrive(index, call);
    call.resolve({ pictures: call.input.at.length, milliseconds: 1 });
    await settle();
  }
  const pixels = (grey: number) => ({ width: 1, height: 1, data: new Uint8ClampedArray(4).fill(grey) });

  beforeEach(async () => {
    state().watchGrow(painted());
    growth = createGrowth(fakes.store, growing());
    now().begin();
    await settle();
  });

  it('comes at every size, the smallest first', async () => {
    expect(latest().input).toEqual({ recipe: growing().of.recipe, at: [0, 1, 2, 3, 4].map((depth) => ({ depth, alpha: 1 })) }); // prettier-ignore
    expect(now()).toMatchObject({ sizes: SIZES, place: 4, shown: null, job: { state: 'running' } });
    arrive(0);
    arrive(1);
    expect(now().stops.map((stop) => stop?.data[0])).toEqual([0, 50, undefined, undefined, undefined]);
    // What is shown on the way tells how far it is.
    expect(now().shown).toMatchObject({ place: 1 });
    await finish();
    expect(now().shown).toMatchObject({ place: 4 });
    expect(now().job.state).toBe('done');
    expect(fakes.engine.count('grow')).toBe(1);
  });

  it('follows the hand: a thousand wishes, one job at a time, and the newest wins', async () => {
    await finish();
    for (let i = 0; i <= 1000; i++) now().moveTo(1 + (2.2 * i) / 1000);
    await settle();
    expect(fakes.engine.count('grow')).toBe(2);
    expect(now().place).toBe(3.2);
    await finish();
    expect(latest().input.at).toEqual([{ depth: 4, alpha: 0.2 }]);
    await finish();
    expect(now().shown).toEqual({ place: 3.2, pixels: pixels(160) });
    expect(fakes.engine.count('grow')).toBe(3);
    // A place that was there once is shown at once, and what is still under way is no step back.
    now().moveTo(2.6);
    await settle();
    const late = latest();
    now().moveTo(3.2);
    expect(now().shown).toMatchObject({ place: 3.2 });
    await finish(late);
    expect(now().shown).toMatchObject({ place: 3.2 });
    expect(fakes.engine.count('grow')).toBe(4);
  });

  it('plays from the smallest size to the whole, pauses under a hand, and goes on from there', async () => {
    await finish();
    expect(now().playing).toBeNull();
    now().travel(1);
    expect(now().place).toBe(4);
    now().play(true);
    expect(now()).toMatchObject({ playing: true, place: 0 });
    // A frame that slept is a short one.
    now().travel(60);
    expect(now().place).toBe(0.15);
    for (let i = 0; i < 55; i++) now().travel(1 / 60);
    expect(now().place).toBe(0.6);
    now().moveTo(2.5);
    expect(now()).toMatchObject({ playing: false, place: 2.5 });
    now().travel(1);
    expect(now().place).toBe(2.5);
    now().play(true);
    now().travel(0.2);
    expect(now().place).toBe(2.6);
    for (let i = 0; i < 20; i++) now().travel(0.2);
    expect(now()).toMatchObject({ playing: false, place: 4 });
    await finish();
    await finish();
    expect(now().shown).toMatchObject({ place: 4 });
  });

  it('tells of a failure, ends the play, and goes on with what is missing', async () => {
    arrive(0);
    latest().reject({ kind: 'device-lost', detail: 'a test' });
    await settle();
    expect(now()).toMatchObject({ job: { state: 'failed', failure: { kind: 'device-lost' } }, playing: false });
    now().begin();
    await settle();
    expect(latest().input.at.map(({ depth }) => depth)).toEqual([1, 2, 3, 4]);
    await finish();
    expect(now()).toMatchObject({ job: { state: 'done' }, shown: { place: 4 } });
    expect(now().stops.every((stop) => stop !== null)).toBe(true);
    now().begin();
    await settle();
    expect(fakes.engine.count('grow')).toBe(2);
  });

  it('whose sizes failed while another place was wished for: they are asked for once more, then it is told', async () => {
    now().moveTo(2.5);
    latest().reject({ kind: 'device-lost', detail: 'a test' });
    await settle();
    expect(latest().input.at).toEqual([{ depth: 3, alpha: 0.5 }]);
    await finish();
    expect(now().job.state).toBe('running');
    expect(latest().input.at.map(({ depth, alpha }) => [depth, alpha])).toEqual([0, 1, 2, 3, 4].map((depth) => [depth, 1])); // prettier-ignore
    arrive(0);
    // Again, and again something newer waits.
    now().moveTo(1.5);
    latest().reject({ kind: 'device-lost', detail: 'once more' });
    await settle();
    await finish();
    expect(fakes.engine.count('grow')).toBe(4);
    expect(now().job).toMatchObject({ state: 'failed', failure: { detail: 'once more' } });
    now().begin();
    await settle();
    await finish();
    expect(now().stops.every((stop) => stop !== null)).toBe(true);
    expect(now()).toMatchObject({ job: { state: 'done' }, place: 1.5, shown: { place: 1.5 } });
  });

  it('is cancelled when it is left, and begins again when it is entered again', async () => {
    const { signal } = latest().options;
    now().stop();
    expect(signal?.aborted).toBe(true);
    await settle();
    now().begin();
    await settle();
    expect(fakes.engine.count('grow')).toBe(2);
    await finish();
    expect(now().job.state).toBe('done');
  });
});

describe('what the description leaves open', () => {
  let variations: StoreApi<VariationsState>;
  const now = () => variations.getState();
  const latest = () => fakes.engine.latest('vary');

  function arrive(index: number, call = latest()): void {
    const { recipe, sigma, seeds } = call.input;
    const ε = normal(seeds[index]!, 2).map((value) => value * sigma);
    const style = { z: roundZ([1, 2, ...ε]), strength: 1 };
    call.options.report?.({ stage: 'picture', index, picture: picture({ ...recipe, style }) });
  }
  async function finish(call = latest()): Promise<void> {
    for (const index of call.input.seeds.keys()) arrive(index, call);
    call.resolve({ pictures: call.input.seeds.length, milliseconds: 1 });
    await settle();
  }

  beforeEach(async () => {
    state().watchGrow(painted());
    variations = createVariations(fakes.store, growing());
    now().begin();
    await settle();
  });

  it('is nine draws of ε at σ = 1, each in its place', async () => {
    const seeds = Array.from({ length: 9 }, (_, i) => 1000 + i);
    expect(latest().input).toEqual({ recipe: growing().of.recipe, sigma: 1, seeds });
    arrive(3);
    expect(now().tiles.map((tile) => tile !== null)).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0].map(Boolean));
    await finish();
    expect(now().tiles.every((tile) => tile !== null)).toBe(true);
    expect(now().job.state).toBe('done');
  });

  it('follows σ with the same ε: some of what is old is shown, then the newest', async () => {
    await finish();
    const { seeds } = latest().input;
    now().chooseSigma(0.2);
    await settle();
    const first = latest();
    for (let i = 0; i < 1000; i++) now().chooseSigma(0.2 + i / 2000);
    now().chooseSigma(0.75);
    expect(first.options.signal?.aborted).toBe(false);
    arrive(0, first);
    expect(first.options.signal?.aborted).toBe(true);
    await settle();
    expect(latest().input).toMatchObject({ sigma: 0.75, seeds });
    await finish();
    expect(fakes.engine.count('vary')).toBe(3);
    expect(now().job.state).toBe('done');
    const kept = now().tiles;
    for (const sigma of [NaN, -1, 2, 0.75]) now().chooseSigma(sigma);
    await settle();
    expect(now()).toMatchObject({ sigma: 0.75, tiles: kept });
    expect(fakes.engine.count('vary')).toBe(3);
  });

  it('draws others at the same σ', async () => {
    now().chooseSigma(0.4);
    now().drawOthers();
    arrive(0);
    await settle();
    expect(latest().input).toMatchObject({ sigma: 0.4, seeds: Array.from({ length: 9 }, (_, i) => 1009 + i) });
  });

  it('takes one to Paint, alone, with its z and ε as the style', async () => {
    await finish();
    const tile = now().tiles[4]!;
    state().arrange({ bestOf: 16 });
    state().enter('between');
    now().take(tile);
    await settle();
    expect(state()).toMatchObject({ growing: null, room: 'paint', worn: { name: 'A variation' } });
    expect(state().form).toMatchObject({ count: 1, bestOf: 0, recipe: tile.recipe, seedLocked: true });
    expect(fakes.engine.latest('generate').input).toEqual({ recipe: tile.recipe, count: 1 });
  });

  it('tells of a failure and tries again, and is cancelled when it is left', async () => {
    latest().reject({ kind: 'device-lost', detail: 'a test' });
    await settle();
    expect(now().job).toMatchObject({ state: 'failed', failure: { kind: 'device-lost' } });
    now().begin();
    await settle();
    const { signal } = latest().options;
    now().stop();
    expect(signal?.aborted).toBe(true);
  });
});
