import { describe, expect, it, vi } from 'vitest';
import { encodePng } from '../../src/image/png.ts';
import { toHash } from '../../src/permalink.ts';
import { followAddress, hashOf, openHash } from '../../src/state/address.ts';
import { begin } from '../../src/state/begin.ts';
import { openFile } from '../../src/state/open-file.ts';
import { picture, settle } from '../support/fake-engine.ts';
import { FILES, fakeStore } from '../support/store.ts';
import { CARD, MANIFEST, WITH_STAGES } from '../support/fake-models.ts';

function fakePlace() {
  const heard = new Map<string, () => void>();
  const location = { hash: '' };
  const go = (_: unknown, __: string, hash?: string | URL | null) => (location.hash = String(hash));
  const place = {
    location,
    history: { replaceState: go, pushState: go },
    addEventListener: (name: string, listener: () => void) => heard.set(name, listener),
    removeEventListener: (name: string) => heard.delete(name),
  };
  return { place: place as unknown as Window, heard, location };
}

/** One that has painted, in a catalogue of two; the second model's card comes when it is brought. */
async function tabWithLateCard() {
  let bring = (): void => undefined;
  const late = new Promise<unknown>((resolve) => {
    bring = () => resolve({ ...CARD, examples: ['a bird'], defaultTruncation: 0.6 });
  });
  const models = MANIFEST.models.flatMap((model) => [
    model,
    {
      ...model,
      id: 'birds',
      files: model.files.map((file) => ({ ...file, path: file.path.replace('flowers', 'birds') })),
    },
  ]);
  const files: Readonly<Record<string, unknown>> = { ...FILES, 'models/manifest.json': { ...MANIFEST, models } };
  const fetchJson = (path: string) => (path === 'models/birds/card.json' ? late : Promise.resolve(files[path]));
  const { store, engine } = fakeStore(FILES, new Map(), { fetchJson });
  const { place, heard, location } = fakePlace();
  followAddress(store, place);
  void begin(store, false);
  await settle();
  engine.finishLoad();
  await settle();
  engine.finishPaint();
  await settle();
  const open = (hash: string): void => {
    location.hash = hash;
    heard.get('hashchange')?.();
  };
  return { store, engine, open, bring: () => bring(), location };
}

describe('the first visit', () => {
  it('loads while the card comes, then paints the card’s first example by itself', async () => {
    const { store, engine } = fakeStore();
    void begin(store, false);
    await settle();
    expect(store.getState().form.recipe).toMatchObject({
      caption: CARD.examples[0],
      truncation: CARD.defaultTruncation,
    });
    engine.finishLoad();
    await settle();
    expect(engine.latest('generate').input).toMatchObject({ count: 4, recipe: { caption: CARD.examples[0] } });
    expect(store.getState().vocabularies['flowers']?.has('petals')).toBe(true);
  });

  it('leaves a person alone who writes already', async () => {
    const { store, engine } = fakeStore();
    const beginning = begin(store, false);
    store.getState().edit({ caption: 'my own fl' });
    await beginning;
    expect(store.getState().form.recipe.caption).toBe('my own fl');
    expect(store.getState().painting.state).toBe('idle');
    expect(engine.count('load')).toBe(1);
  });

  it('paints without a card, too', async () => {
    const { 'models/manifest.json': manifest } = FILES;
    const { store, engine } = fakeStore({ 'models/manifest.json': manifest });
    void begin(store, false);
    await settle();
    engine.finishLoad();
    await settle();
    expect(engine.count('generate')).toBe(1);
    expect(store.getState().cards['flowers']).toMatchObject({ state: 'failed' });
  });

  it.each([
    [{}, 'http'],
    [{ 'models/manifest.json': '<!doctype html>' }, 'bad-weights'],
  ])('without a catalogue says so (%#)', async (files, kind) => {
    const { store, engine } = fakeStore(files);
    await begin(store, false);
    expect(store.getState().catalogue).toMatchObject({ state: 'failed', failure: { kind } });
    expect(engine.calls).toEqual([]);
  });
});

describe('links', () => {
  it('open as they were made', async () => {
    const { store, engine } = fakeStore();
    store.getState().edit({ caption: 'a red, round flower', seed: 99, truncation: 0.35 });
    store.getState().arrange({ count: 9, bestOf: 16, seedLocked: true, upscaling: 'pixels' });
    const { form } = store.getState();
    const other = fakeStore();
    expect(openHash(other.store, toHash(form))).toBe(true);
    expect(other.store.getState().form).toEqual(form);
    void begin(other.store, true);
    await settle();
    other.engine.finishLoad();
    await settle();
    expect(other.engine.latest('rank').input).toEqual({ recipe: form.recipe, count: 16 });
    expect(engine.calls).toEqual([]);
  });

  it('leave to the model what they do not say, however late its card comes', async () => {
    const { store, engine, open, bring, location } = await tabWithLateCard();
    const suggested = { model: 'birds', caption: 'a bird', truncation: 0.6 };
    open('#m=birds&s=5');
    expect(store.getState().chosen).toEqual({ caption: false, truncation: false });
    // The address is not written out while a part of it is still to come.
    store.getState().arrange({ count: 9 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(location.hash).toBe('#m=birds&s=5');
    // Two more follow before the card is there; the last one counts.
    open('#m=birds&s=6');
    open('#m=birds&s=7&t=0.5');
    expect(engine.count('generate')).toBe(1);
    bring();
    await settle();
    engine.finishLoad();
    await settle();
    expect(engine.count('generate')).toBe(2);
    expect(engine.latest('generate').input.recipe).toMatchObject({ ...suggested, truncation: 0.5, seed: 7 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(location.hash).toContain('c=a+bird&s=7&t=0.5');
  });

  it('do not paint over another link, nor what somebody writes meanwhile', async () => {
    const first = await tabWithLateCard();
    first.open('#m=birds&s=5');
    first.open('#m=flowers&c=a+red+rose&s=6&t=1');
    await settle();
    first.bring();
    await settle();
    expect(first.engine.count('generate')).toBe(2);
    expect(first.engine.latest('generate').input.recipe).toMatchObject({ caption: 'a red rose', seed: 6 });
    const second = await tabWithLateCard();
    second.open('#m=birds&s=5');
    second.store.getState().edit({ caption: 'an ol' });
    second.bring();
    await settle();
    expect(second.engine.count('generate')).toBe(1);
    expect(second.store.getState().form.recipe).toMatchObject({ caption: 'an ol', seed: 5 });
  });

  it.each(['#v=1&s=NaN', '#v=1&n=1e309&t=-1', '#v=99', '#v=1&c=%E0%A4', `#v=1&c=${'x'.repeat(20_000)}`])(
    'that are broken get defaults and a word: %.40s',
    (hash) => {
      const { store } = fakeStore();
      openHash(store, hash);
      expect(store.getState().form.recipe).toMatchObject({ seed: 7, truncation: 1 });
      expect(store.getState().notices).toHaveLength(1);
    },
  );

  it.each(['#v=1&__proto__=1', '#__proto__', '#constructor'])('prototype keys do nothing: %s', (hash) => {
    const { store } = fakeStore();
    openHash(store, hash);
    expect(store.getState().room).toBe('paint');
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });

  it('to a model that is not here take another and say so', async () => {
    const { store } = fakeStore();
    openHash(store, '#v=1&m=birds&c=a+bird');
    void begin(store, true);
    await settle();
    expect(store.getState().form.recipe.model).toBe('flowers');
    expect(store.getState().notices[0]?.failure).toEqual({ kind: 'unknown-model', id: 'birds' });
  });

  it('to rooms open rooms', () => {
    const { store } = fakeStore();
    expect(openHash(store, '#models')).toBe(false);
    expect(store.getState().room).toBe('models');
    expect(hashOf(store.getState())).toBe('#models');
  });

  it('follow the form when it rests, and are opened when another is put in the address', async () => {
    const { store, engine } = fakeStore();
    const { place, heard, location } = fakePlace();
    const stop = followAddress(store, place);
    void begin(store, false);
    await settle();
    store.getState().edit({ caption: 'a' });
    store.getState().edit({ caption: 'a flower' });
    expect(location.hash).toBe('');
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(location.hash).toContain('c=a+flower');
    store.getState().enter('models');
    expect(location.hash).toBe('#models');
    // The link says nothing of it, so it is off.
    store.getState().arrange({ bestOf: 8 });
    location.hash = '#v=1&m=flowers&c=a+blue+flower&s=12&t=0.5&n=1';
    heard.get('hashchange')?.();
    engine.finishLoad();
    await settle();
    expect(store.getState().room).toBe('paint');
    expect(engine.latest('generate').input).toMatchObject({ count: 1, recipe: { caption: 'a blue flower', seed: 12 } });
    stop();
    expect(heard.size).toBe(0);
  });
});

describe('files that are dropped', () => {
  const recipe = { version: 1, model: 'flowers', caption: 'a red flower', seed: 77, truncation: 0.4, size: 0 } as const;
  const file = (bytes: Uint8Array<ArrayBuffer>, name: string) => new File([bytes], name);

  it('bring their recipe back and are painted again', async () => {
    const { store, engine } = fakeStore();
    void begin(store, false);
    await settle();
    store.getState().arrange({ bestOf: 16 });
    const done = openFile(store, file(await encodePng(picture(recipe).pixels, recipe), 'x.png'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    engine.finishLoad();
    await settle();
    engine.finishPaint();
    await done;
    expect(store.getState().form).toMatchObject({ recipe, seedLocked: true, bestOf: 0 });
    expect(engine.latest('generate').input.recipe).toEqual(recipe);
  });

  it('that carry no recipe or are no picture get a plain word', async () => {
    const { store } = fakeStore();
    const before = store.getState().form;
    await openFile(store, file(await encodePng(picture(recipe).pixels), '<img onerror=alert(1)>.png'));
    await openFile(store, file(new Uint8Array([1, 2, 3]), 'junk.bin'));
    await openFile(store, file(new Uint8Array(0), ''));
    expect(store.getState().notices.at(-1)?.failure?.kind).toBe('bad-image');
    expect(store.getState().form).toEqual(before);
  });
});

describe('what is known of a model', () => {
  const both = {
    ...FILES,
    'models/manifest.json': WITH_STAGES,
    'models/mirrorgan/card.json': { ...CARD, name: 'MirrorGAN' },
  };

  it('comes with a link that leaves nothing to suggest, to whichever room', async () => {
    const link = '#v=1&m=mirrorgan&c=a+red+flower&s=7&t=1';
    for (const hash of [link, `${link}&c2=a+blue+flower&s2=8&x=0.5&y=0`]) {
      const { store } = fakeStore(both);
      await store.getState().fetchCatalogue();
      const window = { location: { hash: '' }, heard: (): void => undefined };
      const stop = followAddress(store, {
        location: window.location,
        history: { pushState: () => undefined, replaceState: () => undefined },
        addEventListener: (_: string, listener: () => void) => (window.heard = listener),
        removeEventListener: () => undefined,
      } as unknown as Parameters<typeof followAddress>[1]);
      window.location.hash = hash;
      window.heard();
      await settle();
      stop();
      expect(store.getState().form.recipe.model).toBe('mirrorgan');
      expect(store.getState().cards['mirrorgan']?.state).toBe('done');
      expect(store.getState().vocabularies['mirrorgan']).toBeDefined();
    }
  });

  it('comes with a picture that was dropped', async () => {
    const { store } = fakeStore(both);
    await store.getState().fetchCatalogue();
    const recipe = { ...store.getState().form.recipe, model: 'mirrorgan', caption: 'a red flower' };
    const bytes = await encodePng(picture(recipe).pixels, recipe);
    void openFile(store, new File([new Uint8Array(bytes)], 'a.png'));
    await vi.waitFor(() => expect(store.getState().cards['mirrorgan']?.state).toBe('done'));
  });
});
