import { describe, expect, it } from 'vitest';
import { inTurn, onlyHere } from '../../src/engine/store/locks.ts';
import { keepModel, ownModels } from '../../src/engine/store/models.ts';
import { createRun } from '../../src/engine/store/runs.ts';
import { memoryStore, type Store } from '../../src/engine/store/store.ts';
import { SETTINGS } from '../../src/engine/protocol-teaching.ts';
import { LimnError, toFailure } from '../../src/failure.ts';
import { quiet } from '../support/engine.ts';
import { CARD } from '../support/fake-models.ts';
import { examples, TEACH } from '../support/lesson.ts';
import { fakeLocks } from '../support/locks.ts';
import { listener, teaching } from '../support/teach.ts';

const failureOf = (run: Promise<unknown>) => run.then(() => 'no failure', toFailure);
const ELSEWHERE = { kind: 'elsewhere' };
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** A disk that takes its time, so that two who write at once would meet. */
function slowStore(): Store {
  const store = memoryStore();
  return {
    ...store,
    locks: fakeLocks(),
    read: (path) => soon().then(() => store.read(path)),
    write: (path, bytes) => soon().then(() => store.write(path, bytes)),
    list: (folder) => soon().then(() => store.list(folder)),
  };
}

/** Work that lasts until `end`. */
function lasting() {
  let end: () => void = () => undefined;
  const until = new Promise<void>((resolve) => (end = resolve));
  return { work: () => until, end };
}

describe('one tab at a time', () => {
  it('a run that is trained in one tab is not trained in another, until that one has ended', async () => {
    const store = slowStore();
    const { work, end } = lasting();
    const first = onlyHere(store, 'a', work);
    expect(await failureOf(onlyHere(store, 'a', () => Promise.resolve(1), undefined, 20))).toEqual(ELSEWHERE);
    expect(await onlyHere(store, 'b', () => Promise.resolve(2), undefined, 20)).toBe(2);
    end();
    await first;
    expect(await onlyHere(store, 'a', () => Promise.resolve(3), undefined, 20)).toBe(3);
  });

  it('whoever waits a moment for a worker that has ended gets their turn; cancelled, they do not', async () => {
    const store = slowStore();
    const { work, end } = lasting();
    const first = onlyHere(store, 'a', work);
    const second = onlyHere(store, 'a', () => Promise.resolve('trained'), undefined, 60_000);
    const abort = new AbortController();
    const third = failureOf(onlyHere(store, 'a', () => Promise.resolve('trained'), abort.signal, 60_000));
    abort.abort();
    expect(await third).toEqual({ kind: 'cancelled' });
    end();
    await first;
    expect(await second).toBe('trained');
  });

  it('what goes wrong in the work is told as it is, and frees the run', async () => {
    const store = slowStore();
    const broken = new LimnError({ kind: 'internal', detail: 'broken' });
    expect(await failureOf(onlyHere(store, 'a', () => Promise.reject(broken)))).toEqual(broken.failure);
    expect(await onlyHere(store, 'a', () => Promise.resolve(1), undefined, 20)).toBe(1);
  });

  it.each<[string, Store]>([
    ['has none', memoryStore()],
    ['refuses them', { ...memoryStore(), locks: { request: () => Promise.reject(new Error('SecurityError')) } }],
  ])('a browser that %s goes on without', async (_what, store) => {
    expect(await onlyHere(store, 'a', () => Promise.resolve(1))).toBe(1);
    expect(await inTurn(store, 'models', () => Promise.resolve(2))).toBe(2);
  });
});

it('two models that are kept at once are both in the index', async () => {
  const store = slowStore();
  const keep = (name: string) =>
    keepModel(
      store,
      { entry: { name, architecture: 'gan-int-cls', sizes: [16], config: {} }, card: { ...CARD, name } },
      [{ role: 'generator', ending: '.safetensors', bytes: new TextEncoder().encode(name) }],
    );
  const kept = await Promise.all(['One', 'Two', 'Two'].map(keep));
  expect(kept.map(({ entry }) => entry.id)).toEqual(['my-one', 'my-two', 'my-two-2']);
  expect((await ownModels(store)).map(({ entry }) => entry.id)).toEqual(['my-one', 'my-two', 'my-two-2']);
});

it('two runs that begin at once under one name are two', async () => {
  const store = slowStore();
  const run = {
    ...{ name: 'Tulips', parent: 'tiny', parentFiles: {}, settings: SETTINGS, examples: 2, captions: ['a', 'b'] },
    ...{ names: ['1', '2'], keptBack: 0, begun: 1, updated: 1 },
  };
  const begun = await Promise.all([1, 2].map((byte) => createRun(store, run, Uint8Array.of(byte))));
  expect(begun.map(({ id }) => id)).toEqual(['tulips', 'tulips-2']);
});

it('two engines on one store: while one trains, the other leaves the run alone', async () => {
  const store: Store = { ...memoryStore(), locks: fakeLocks() };
  const [here, there] = [await teaching(store), await teaching(store)];
  const input = { name: 'Tulips', model: 'tiny', examples: examples(4), settings: { ...TEACH, steps: 500 } };
  const run = await here.host('begin-run', input, quiet());
  const abort = new AbortController();
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const { report } = listener(({ stage }) => stage === 'point' && begin());
  const training = failureOf(here.host('train', { run: run.id, until: 500 }, { signal: abort.signal, report }));
  await begun;
  expect(await failureOf(there.host('train', { run: run.id, until: 500 }, quiet()))).toEqual(ELSEWHERE);
  expect(await failureOf(there.host('revert-run', { run: run.id, step: 0 }, quiet()))).toEqual(ELSEWHERE);
  expect(await failureOf(there.host('forget-run', { run: run.id }, quiet()))).toEqual(ELSEWHERE);
  abort.abort();
  expect(await training).toEqual({ kind: 'cancelled' });
  const [{ step } = { step: NaN }] = await there.host('runs', {}, quiet());
  const after = await there.host('train', { run: run.id, until: step + 1 }, quiet());
  expect(after.run.step).toBe(step + 1);
});
