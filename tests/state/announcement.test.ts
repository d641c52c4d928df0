import { describe, expect, it } from 'vitest';
import { createTeller } from '../../src/app/announcement.ts';
import { recipeAt } from '../../src/state/walk.ts';
import { picture, settle } from '../support/fake-engine.ts';
import { WITH_STAGES } from '../support/fake-models.ts';
import { chooseModel } from '../../src/state/begin.ts';
import { FILES, fakeStore, type Fakes } from '../support/store.ts';

/** What is told from here on, each text once as long as it stands. */
function listen({ store }: Fakes): string[] {
  const tell = createTeller();
  const told: string[] = [];
  const hear = () => {
    const text = tell(store.getState());
    if (text !== told.at(-1)) told.push(text);
    expect(tell(store.getState())).toBe(text);
  };
  hear();
  store.subscribe(hear);
  return told;
}

async function painted(): Promise<Fakes & { readonly told: string[] }> {
  const fakes = fakeStore({ ...FILES, 'models/manifest.json': WITH_STAGES });
  const { store, engine } = fakes;
  await store.getState().fetchCatalogue();
  const told = listen(fakes);
  void store.getState().paint();
  engine.finishLoad();
  await settle();
  engine.finishPaint();
  await settle();
  return { ...fakes, told };
}

const PAINTED = '4 pictures painted.';

describe('a painting', () => {
  it('is told when it is there, and not again when another model is chosen', async () => {
    const { store, engine, told } = await painted();
    expect(told.at(-1)).toBe(PAINTED);
    void chooseModel(store, 'mirrorgan');
    expect(told.at(-1)).toBe('Preparing the painter.');
    engine.finishLoad();
    await settle();
    expect(told.at(-1)).toBe('');
    store.getState().enter('models');
    store.getState().enter('paint');
    expect(told.filter((text) => text === PAINTED)).toHaveLength(1);
  });

  it('is told each time that one was painted', async () => {
    const { store, engine, told } = await painted();
    void store.getState().paint();
    await settle();
    engine.finishPaint();
    await settle();
    expect(told.filter((text) => text === PAINTED)).toHaveLength(2);
  });

  it('that was refused for its caption stopped nothing', async () => {
    const { store, told } = await painted();
    const { painting } = store.getState();
    store.getState().edit({ caption: '' });
    await store.getState().paint();
    await store.getState().paint();
    expect(store.getState().painting.state).toBe('failed');
    store.getState().edit({ caption: 'a' });
    expect(store.getState().painting).toBe(painting);
    expect(told.slice(-2)).toEqual([PAINTED, '']);
  });

  it('that was stopped says so once', async () => {
    const { store, told } = await painted();
    void store.getState().paint();
    await settle();
    store.getState().cancelPainting();
    await settle();
    expect(told.at(-1)).toBe('Stopped; the pictures before are back.');
    store.getState().edit({ caption: '' });
    await store.getState().paint();
    store.getState().edit({ caption: 'a' });
    expect(told.at(-1)).toBe('');
  });
});

it('that all steps between are painted is told once for two ends', async () => {
  const fakes = await painted();
  const { store, told } = fakes;
  const WHOLE = 'All steps between are painted.';
  const walked = () => {
    store.setState({ walking: { state: 'running', progress: null } });
    store.setState({ standing: picture(recipeAt(store.getState().walk, 'flowers')) });
    store.setState({ walking: { state: 'done', result: null } });
  };
  store.getState().enter('between');
  walked();
  expect(told.at(-1)).toBe(WHOLE);
  store.getState().moveTo({ text: 0.37 });
  walked();
  expect(told.at(-1)).toBe('');
  store.getState().editEnd('b', { caption: 'a blue flower' });
  walked();
  expect(told.at(-1)).toBe(WHOLE);
  expect(told.filter((text) => text === WHOLE)).toHaveLength(2);
  // A picture between them that is known stands at once, before its strip is asked for.
  store.getState().editEnd('b', { caption: 'a green flower' });
  store.setState({ standing: picture(recipeAt(store.getState().walk, 'flowers')) });
  walked();
  expect(told.at(-1)).toBe(WHOLE);
  expect(told.filter((text) => text === WHOLE)).toHaveLength(3);
});
