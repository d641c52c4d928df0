import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Pixels, Reflection } from '../../src/engine/protocol.ts';
import { chosenPicture } from '../../src/state/mirror.ts';
import { latestPictures } from '../../src/state/history.ts';
import { picture, settle } from '../support/fake-engine.ts';
import { WITH_STAGES, WITHOUT_MIRROR } from '../support/fake-models.ts';
import { fakeStore, FILES, type Fakes } from '../support/store.ts';

const REFLECTION: Reflection = { caption: 'a red flower', words: [], logProbability: -2, milliseconds: 5 };

let fakes: Fakes;
const state = () => fakes.store.getState();

/** A store with four pictures, seeds 7 to 10. */
async function withPictures(...args: Parameters<typeof fakeStore>): Promise<void> {
  fakes = fakeStore(...args);
  await state().fetchCatalogue();
  const painting = state().paint();
  await paintAll();
  await painting;
}

/** Answers what the latest press on Paint asked for. */
async function paintAll(): Promise<void> {
  if (state().loading.state === 'running') fakes.engine.finishLoad();
  await settle();
  fakes.engine.finishPaint();
  await settle();
}

async function answer(reflection = REFLECTION): Promise<void> {
  await settle();
  fakes.engine.latest('mirror').resolve(reflection);
  await settle();
}

const nth = (n: number) => latestPictures(state())[n]!;

describe('the mirror', () => {
  beforeEach(() => withPictures());

  it('reads the picture that is held up, with what was asked for', async () => {
    state().hold(nth(1));
    expect(state().mirrored).toMatchObject({ held: { from: { picture: nth(1) } }, reading: { state: 'running' } });
    await settle();
    const { input, options } = fakes.engine.latest('mirror');
    expect(input).toMatchObject({ model: 'flowers', pixels: nth(1).pixels, caption: nth(1).recipe.caption });
    options.report?.({ stage: 'download', loaded: 1, total: 4, cached: 0 });
    expect(state().mirrored?.reading).toMatchObject({ progress: { stage: 'download', loaded: 1 } });
    await answer();
    expect(state().mirrored?.reading).toEqual({ state: 'done', result: REFLECTION });
  });

  it('gives way to the next picture; a late answer is not shown, and the earlier one is cancelled', async () => {
    state().hold(nth(0));
    await settle();
    const first = fakes.engine.latest('mirror');
    state().hold(nth(1));
    await settle();
    expect(first.options.signal?.aborted).toBe(true);
    first.options.report?.({ stage: 'compile' });
    first.resolve({ ...REFLECTION, caption: 'late' });
    await settle();
    expect(state().mirrored).toMatchObject({ held: { from: { picture: nth(1) } }, reading: { state: 'running' } });
    await answer();
    expect(state().mirrored?.reading).toMatchObject({ result: { caption: 'a red flower' } });
  });

  it('reads a picture once, wherever it is looked at', async () => {
    state().hold(nth(0));
    await answer();
    state().hold(nth(1));
    await answer();
    state().hold(nth(0));
    state().glance(nth(1));
    expect(state().mirrored?.reading.state).toBe('done');
    expect(state().glanced?.reading.state).toBe('done');
    expect(fakes.engine.count('mirror')).toBe(2);
  });

  it('can be stopped, fails in words of the engine, and can be tried again', async () => {
    state().hold(nth(0));
    await settle();
    state().stopReading();
    await settle();
    expect(state().mirrored?.reading).toEqual({ state: 'idle' });
    state().readAgain();
    await settle();
    fakes.engine.latest('mirror').reject({ kind: 'network', url: 'captioner', detail: 'gone' });
    await settle();
    expect(state().mirrored?.reading).toMatchObject({ state: 'failed', failure: { kind: 'network' } });
    state().readAgain();
    await answer();
    expect(state().mirrored?.reading.state).toBe('done');
  });

  it('takes another caption, refuses one that cannot be read, and none asks for a description only', async () => {
    state().hold(nth(0));
    await answer();
    expect(state().askFor('🌸')).toEqual({ kind: 'bad-caption', reason: 'unreadable' });
    expect(state().mirrored?.reading.state).toBe('done');
    expect(state().askFor(' a blue flower ')).toBeNull();
    await settle();
    expect(fakes.engine.latest('mirror').input.caption).toBe('a blue flower');
    await answer();
    state().askFor('  ');
    await settle();
    expect(fakes.engine.latest('mirror').input.caption).toBeUndefined();
  });

  it('holds up what Paint shows when one comes in, again after another painting, but not in the middle of one', async () => {
    state().openPicture(nth(2), 'latest');
    state().visitMirror();
    expect(state().mirrored?.held.pixels).toBe(nth(2).pixels);
    await answer();
    state().hold(nth(3));
    await answer();
    state().visitMirror();
    expect(state().mirrored?.held.pixels).toBe(nth(3).pixels);
    const held = nth(3);
    void state().paint();
    state().visitMirror();
    expect(state().mirrored?.held.pixels).toBe(held.pixels);
    await paintAll();
    state().visitMirror();
    expect(state().mirrored?.held.pixels).toBe(nth(0).pixels);
  });

  it('asks for the nearer caption of a picture between two', async () => {
    const { recipe } = nth(0);
    const towards = { caption: 'a blue flower', seed: 1, text: 0.8, noise: 0.5 };
    state().hold({ ...picture({ ...recipe, towards }), id: 99 });
    await settle();
    expect(fakes.engine.latest('mirror').input.caption).toBe('a blue flower');
  });

  it('takes a person’s own picture, cut to the model’s size, and reads it without a caption', async () => {
    await state().takeMirrorPicture(new File([PNG], 'mine.png'));
    await settle();
    const { input } = fakes.engine.latest('mirror');
    expect(input).toMatchObject({ pixels: { width: 64, height: 64 } });
    expect(input.caption).toBeUndefined();
    await answer();
    vi.useFakeTimers();
    state().askFor('a red flower');
    await answer();
    // A dragged square is read once, when it rests.
    for (let left = 0; left < 10; left++) state().cropMirrored({ left: left / 10, top: 0, edge: 1 });
    expect(fakes.engine.count('mirror')).toBe(2);
    vi.runAllTimers();
    vi.useRealTimers();
    await settle();
    expect(fakes.engine.count('mirror')).toBe(3);
    expect(fakes.engine.latest('mirror').input.caption).toBe('a red flower');
  });

  it('refuses junk, and keeps what it held', async () => {
    state().hold(nth(0));
    await answer();
    await state().takeMirrorPicture(new File(['hello'], '<img src=x onerror=alert(1)>'));
    expect(state().taking).toMatchObject({ state: 'failed', failure: { kind: 'bad-image' } });
    expect(state().mirrored?.held.pixels).toBe(nth(0).pixels);
    state().hold(nth(1));
    expect(state().taking).toEqual({ state: 'idle' });
  });
});

describe('at the side of Paint', () => {
  beforeEach(() => withPictures());

  it('reads nothing until it is asked; then it stays on, also on the next visit, until it is turned off', async () => {
    state().glance(nth(0));
    expect(state().glanced).toBeNull();
    state().glance(nth(0), true);
    await answer();
    expect(state().glanced?.reading.state).toBe('done');
    state().glance(nth(1));
    await settle();
    expect(fakes.engine.count('mirror')).toBe(2);
    expect(fakeStore(FILES, fakes.kept).store.getState().readsBack).toBe(true);
    state().setReadsBack(false);
    await settle();
    expect(fakes.engine.latest('mirror').options.signal?.aborted).toBe(true);
    expect(state().glanced).toBeNull();
    state().glance(nth(2));
    expect(fakes.engine.count('mirror')).toBe(2);
    // A person’s “no” outlives a visit to the room.
    state().hold(nth(3));
    await answer();
    expect(state().readsBack).toBe(false);
    expect(fakeStore(FILES, fakes.kept).store.getState().readsBack).toBe(false);
  });

  it('is on once the mirror was fetched for its room', async () => {
    state().hold(nth(0));
    await answer();
    expect(state().readsBack).toBe(true);
  });

  it('looks at what was open last, or else at the first', () => {
    expect(chosenPicture(state())).toBe(nth(0));
    state().openPicture(nth(1), 'latest');
    state().turn(1);
    state().closePicture();
    expect(chosenPicture(state())).toBe(nth(2));
    state().lookAt(nth(3));
    expect(chosenPicture(state())).toBe(nth(3));
  });
});

describe('a photograph that is still being opened', () => {
  /** On its way into the room; `come` opens it. */
  async function opening() {
    const { promise, resolve } = deferred<Pixels>();
    await withPictures(FILES, new Map(), { decode: () => promise });
    const taken = state().takeMirrorPicture(new File([PNG], 'mine.png'));
    const come = async () => {
      resolve({ width: 4, height: 2, data: new Uint8ClampedArray(32) });
      await taken;
    };
    return { come };
  }

  it('does not take the place of a picture that was held up later', async () => {
    const { come } = await opening();
    state().hold(nth(1));
    await come();
    expect(state().mirrored?.held.from).toEqual({ picture: nth(1) });
    expect(state().taking).toEqual({ state: 'idle' });
  });

  it('does take the place of what the room shows by itself', async () => {
    const { come } = await opening();
    state().visitMirror();
    expect(state().mirrored?.held.from).toEqual({ picture: nth(0) });
    await come();
    expect(state().mirrored?.held.from).toMatchObject({ taken: { name: 'mine.png' } });
  });
});

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

it('a model without a mirror is not asked', async () => {
  await withPictures({ ...FILES, 'models/manifest.json': WITHOUT_MIRROR });
  state().hold(nth(0));
  state().glance(nth(0), true);
  await settle();
  expect(fakes.engine.count('mirror')).toBe(0);
  expect(state().mirrored?.reading).toEqual({ state: 'idle' });
});

/** A header is all that is looked at before the fake decodes. */
const PNG = new Uint8Array([
  ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
  ...[0, 0, 0, 4, 0, 0, 0, 2, 8, 6, 0, 0, 0, 0, 0, 0, 0],
]);

describe('another model', () => {
  const other = { ...FILES, 'models/manifest.json': WITH_STAGES };

  it('reads a person’s own picture anew, at its own size and with what was asked; a painted one stays its painter’s', async () => {
    await withPictures(other);
    await state().takeMirrorPicture(new File([readFileSync('tests/fixtures/pictures/photo.png')], 'photo.png'));
    await answer();
    state().askFor('a blue flower');
    await answer();
    state().edit({ model: 'mirrorgan' });
    state().visitMirror();
    fakes.engine.finishLoad();
    await settle();
    const { input } = fakes.engine.latest('mirror');
    expect([input.model, input.pixels.width, input.caption]).toEqual(['mirrorgan', 128, 'a blue flower']);
    await answer();
    state().visitMirror();
    await settle();
    expect(fakes.engine.count('mirror')).toBe(3);
    state().hold(nth(0));
    fakes.engine.finishLoad();
    await answer();
    expect(fakes.engine.latest('mirror').input.model).toBe('flowers');
    state().visitMirror();
    await settle();
    expect(fakes.engine.count('mirror')).toBe(4);
  });
});
