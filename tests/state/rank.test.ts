import { beforeEach, describe, expect, it } from 'vitest';
import { latestPictures } from '../../src/state/history.ts';
import { bestOfNow } from '../../src/state/rank.ts';
import { picture, settle } from '../support/fake-engine.ts';
import { WITHOUT_MIRROR } from '../support/fake-models.ts';
import { fakeStore, FILES, type Fakes } from '../support/store.ts';

let fakes: Fakes;
const state = () => fakes.store.getState();
const latest = () => fakes.engine.latest('rank');

function report(index: number, loss: number, call = latest()): void {
  const { recipe } = call.input;
  call.options.report?.({ stage: 'picture', index, picture: picture(recipe, index), loss, similarity: 0.5 });
}

async function begin(files = FILES): Promise<void> {
  fakes = fakeStore(files);
  await state().fetchCatalogue();
  state().arrange({ bestOf: 8 });
  void state().paint();
  fakes.engine.finishLoad();
  await settle();
}

const seeds = () => state().batch?.pictures.map((p) => p?.recipe.seed ?? null);

describe('the best of many', () => {
  beforeEach(() => begin());

  it('paints so many, and the best come first while they come', async () => {
    expect(latest().input.count).toBe(8);
    expect(fakes.engine.count('generate')).toBe(0);
    latest().options.report?.({ stage: 'download', loaded: 1, total: 2, cached: 0 });
    expect(state().batch?.best?.fetching).toMatchObject({ stage: 'download' });
    report(0, 9);
    report(2, 3);
    report(1, 5);
    expect(state().batch?.best?.fetching).toBeUndefined();
    expect(seeds()).toEqual([9, 8, 7, null, null, null, null, null]);
    expect(state().painting).toEqual({ state: 'running', progress: { done: 3, total: 8 } });
    expect(state().batch?.count).toBe(4);
    for (const index of [3, 4, 5, 6, 7]) report(index, 10 + index);
    // The engine has the last word on the order.
    latest().resolve({ order: [1, 2, 0, 7, 6, 5, 4, 3], milliseconds: 80 });
    await settle();
    expect(seeds()).toEqual([8, 9, 7, 14, 13, 12, 11, 10]);
    expect(state().painting).toEqual({ state: 'done', result: { pictures: 8 } });
    const { batch } = state();
    expect(batch!.pictures.map((p) => batch!.best?.matches.get(p!.id)?.loss)).toEqual([5, 3, 9, 17, 16, 15, 14, 13]);
    // Ranking takes its time: that is no pace of painting.
    expect(state().pace).toBeNull();
    // Ordinary pictures, with their own seeds.
    expect(batch?.pictures[0]?.recipe).toMatchObject({ seed: 8, caption: batch!.recipe.caption });
  });

  it('keeps what came, in order, when it is cancelled', async () => {
    report(0, 9);
    report(1, 5);
    state().cancelPainting();
    await settle();
    expect(latest().options.signal?.aborted).toBe(true);
    expect(state().painting).toEqual({ state: 'idle' });
    expect(seeds()).toEqual([8, 7]);
  });

  it('gives way to the next; its late pictures are not shown', async () => {
    const first = latest();
    report(0, 9);
    state().arrange({ bestOf: 0 });
    void state().paint();
    await settle();
    expect(first.options.signal?.aborted).toBe(true);
    report(1, 1, first);
    first.resolve({ order: [1, 0], milliseconds: 1 });
    await settle();
    expect(latestPictures(state())).toEqual([]);
    fakes.engine.finishPaint();
    await settle();
    expect(state().batch?.best).toBeUndefined();
    expect(latestPictures(state())).toHaveLength(4);
  });

  it('hears a replay: pictures come again in their places; what is out of range is not heard', () => {
    report(0, 9);
    report(1, 5);
    report(0, 9);
    report(8, 0);
    report(-1, 0);
    expect(seeds()).toEqual([8, 7, null, null, null, null, null, null]);
    expect(state().batch?.best?.matches.size).toBe(2);
  });

  it('is tried again as it was', async () => {
    latest().reject({ kind: 'network', url: 'captioner', detail: 'gone' });
    await settle();
    expect(state().painting.state).toBe('failed');
    state().arrange({ bestOf: 0 });
    void state().paintAgain();
    await settle();
    expect(fakes.engine.count('rank')).toBe(2);
    expect(latest().input.count).toBe(8);
  });

  it('ranks all where more are shown than were to be chosen from', async () => {
    state().arrange({ count: 16 });
    void state().paint();
    await settle();
    expect(latest().input.count).toBe(16);
  });

  it('is off for more like one picture, which is to come first', async () => {
    report(0, 1);
    const [first] = latestPictures(state());
    void state().paintMoreLike(first!.recipe);
    await settle();
    expect(state().form.bestOf).toBe(0);
    expect(fakes.engine.latest('generate').input.recipe.seed).toBe(7);
  });
});

it('a model without a mirror paints as ever', async () => {
  await begin({ ...FILES, 'models/manifest.json': WITHOUT_MIRROR });
  expect(bestOfNow(state())).toBe(0);
  expect(fakes.engine.count('rank')).toBe(0);
  expect(fakes.engine.latest('generate').input.count).toBe(4);
});
