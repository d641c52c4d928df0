import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodePng } from '../../src/image/png.ts';
import type * as Draft from '../../src/state/draft.ts';
import type { Shelf } from '../../src/state/shelf.ts';
import type { Incoming } from '../../src/state/take-examples.ts';
import type { Decode } from '../../src/state/take-picture.ts';
import { MOST } from '../../src/teach/limits.ts';
import { sampleSet } from '../../src/teach/sample-set.ts';
import { settle } from '../support/fake-engine.ts';
import { decodePng } from '../support/png-reader.ts';
import { aRun } from '../support/runs.ts';
import { FILES, fakeStore, type Fakes } from '../support/store.ts';

/** Whether the part of the page that keeps drafts cannot be fetched. */
const offline = vi.hoisted(() => ({ is: false }));
vi.mock('../../src/state/draft.ts', async (original) => {
  const real = await original<typeof Draft>();
  const openDraft: typeof real.openDraft = (...given) =>
    offline.is ? Promise.reject(new TypeError('no network')) : real.openDraft(...given);
  return { ...real, openDraft };
});

const decode: Decode = async (file) => decodePng(new Uint8Array(await file.arrayBuffer()));

/** Cut-paper flowers as files: those of `filled`, and others. */
const ALL = await Promise.all(
  sampleSet('flowers', 6).map(async ({ name, pixels }): Promise<Incoming> => {
    const bytes = await encodePng(pixels);
    return { path: `set/${name}`, size: bytes.length, arrayBuffer: () => Promise.resolve(bytes.slice().buffer) };
  }),
);
const FLOWERS = ALL.slice(0, 4);
const OTHERS = ALL.slice(4);

afterEach(() => {
  offline.is = false;
});

interface Visit extends Fakes {
  /** Keys that were written, in order. */
  readonly written: string[];
  /** How often it came to the shelf to write, whether it wrote or not. */
  readonly came: () => number;
}

/** A tab that opens the room; `kept` is what all tabs of a browser share, and keys that are in `fails` take no value. */
async function visit(kept = new Map<string, unknown>(), fails = new Map<string, Error>()): Promise<Visit> {
  const written: string[] = [];
  let came = 0;
  const exchange: Shelf['exchange'] = async (key, change) => {
    const entries = structuredClone(change(await Promise.resolve(kept.get(key))));
    came += 1;
    for (const [at] of entries) {
      const refusal = fails.get(at);
      if (refusal) throw refusal;
    }
    for (const [at, value] of entries) {
      written.push(at);
      kept.set(at, value);
    }
  };
  const shelf: Shelf = {
    read: (key) => Promise.resolve(structuredClone(kept.get(key))),
    update: (key, change) => exchange(key, (value) => [[key, change(value)]]),
    exchange,
  };
  const fakes = fakeStore(FILES, kept, { decode, shelf });
  await fakes.store.getState().fetchCatalogue();
  fakes.store.getState().enter('teach');
  await fakes.store.getState().openDraft();
  return { ...fakes, written, came: () => came };
}

const teachOf = ({ store }: Fakes) => store.getState().teach;
const wordsOf = (fakes: Fakes) => teachOf(fakes).items.map(({ caption }) => caption);
/** All that is there is on the shelf. */
const saved = async (tab: Visit, count = tab.written.length) => {
  await vi.waitFor(() => expect(tab.written.length).toBeGreaterThan(count), 10_000);
  const { kept } = teachOf(tab);
  return kept;
};

/** It came once more, and is done with what it came for. */
async function comesAgain(tab: Visit, count = tab.came()): Promise<void> {
  await vi.waitFor(() => expect(tab.came()).toBeGreaterThan(count), 10_000);
  await settle();
}
/** A decoder that answers only when all else that can happen has happened. */
function slowly() {
  let answer = (): void => undefined;
  const answers = new Promise<void>((resolve) => (answer = resolve));
  const held: Decode = (file, edge) => answers.then(() => decode(file, edge));
  const release = async () => {
    await new Promise((rested) => setTimeout(rested, 100));
    answer();
  };
  return { held, release };
}
const notices = ({ store }: Fakes) => store.getState().notices.map(({ text }) => text);

/** With four pictures and two captions on the shelf. */
async function filled(kept = new Map<string, unknown>()): Promise<Visit> {
  const tab = await visit(kept);
  await tab.store.getState().takeExamples(FLOWERS);
  const [first, second] = teachOf(tab).items;
  tab.store.getState().describeItem(first!.id, 'one');
  tab.store.getState().describeItem(second!.id, 'two');
  tab.store.getState().cropItem(second!.id, { left: 3.5, top: 2, edge: 40 });
  await vi.waitFor(() => expect(teachOf(tab).kept).toBe(true), 10_000);
  return tab;
}

describe('pictures that were not begun with', () => {
  it('are there at the next visit, with their words and squares, bit by bit', async () => {
    const before = await filled();
    const after = await visit(before.kept);
    const bare = (tab: Fakes) => teachOf(tab).items.map(({ id: _, ...item }) => item);
    expect(bare(after)).toEqual(bare(before));
    expect(teachOf(after)).toMatchObject({ name: 'set', kept: true });
    expect(new Set(teachOf(after).items.map(({ id }) => id)).size).toBe(4);
    expect(after.written).toEqual([]);
  });

  it('are written once: a caption that is typed writes the words alone', async () => {
    const tab = await filled();
    const count = tab.written.length;
    tab.store.getState().describeItem(teachOf(tab).items[2]!.id, 'three');
    await saved(tab, count);
    expect(tab.written.slice(count)).toEqual(['draft']);
    tab.store.getState().removeItem(teachOf(tab).items[0]!.id);
    await saved(tab, count + 1);
    await vi.waitFor(() => expect(tab.written.slice(count + 1)).toEqual(['draft-pictures', 'draft']));
    expect(wordsOf(await visit(tab.kept))).toEqual(['two', 'three', '']);
  });

  it('are joined by what is dropped before the room is open, each once', async () => {
    const { kept } = await filled();
    const fakes = fakeStore(FILES, kept, { decode });
    await fakes.store.getState().takeExamples(ALL.slice(3));
    expect(wordsOf(fakes).slice(0, 4)).toEqual(['one', 'two', '', '']);
    expect(teachOf(fakes).items).toHaveLength(6);
    expect(teachOf(fakes).left).toEqual([{ name: FLOWERS[3]!.path, why: expect.stringContaining('same picture') as string }]); // prettier-ignore
  });

  it('are joined by what is dropped while they come back, each once', async () => {
    const { kept } = await filled();
    const { held, release } = slowly();
    const fakes = fakeStore(FILES, kept, { decode: held });
    const opened = fakes.store.getState().openDraft();
    // A slow disk: the file is here only after the draft is.
    const slow = ALL.slice(3).map((file) => ({ ...file, arrayBuffer: () => opened.then(() => file.arrayBuffer()) }));
    const taken = fakes.store.getState().takeExamples(slow);
    await release();
    await taken;
    expect(teachOf(fakes).items).toHaveLength(6);
    expect(teachOf(fakes).left.map(({ name }) => name)).toEqual([FLOWERS[3]!.path]);
  });

  it('give place to the set to try with, though they come back late', async () => {
    const { kept } = await filled();
    const { held, release } = slowly();
    const fakes = fakeStore(FILES, kept, { decode: held });
    const opened = fakes.store.getState().openDraft();
    const taken = fakes.store.getState().takeSampleSet();
    await release();
    await Promise.all([opened, taken]);
    expect(teachOf(fakes).items).toHaveLength(24);
    expect(wordsOf(fakes)).not.toContain('one');
    expect(teachOf(fakes).name).toBe('Paper flowers');
  });

  it('are not changed by a tab that never saw them, which says that it keeps nothing', async () => {
    const one = await visit();
    const other = await filled(one.kept);
    await one.store.getState().takeExamples(OTHERS);
    await vi.waitFor(() => expect(notices(one)).toEqual([expect.stringContaining('Pictures of another tab')]), 10_000);
    expect(teachOf(one).kept).toBe(false);
    expect(wordsOf(await visit(one.kept))).toEqual(['one', 'two', '', '']);
    other.store.getState().describeItem(teachOf(other).items[2]!.id, 'three');
    await comesAgain(other);
    expect(teachOf(other).kept).toBe(true);
    one.store.getState().begunWith(teachOf(one).items);
    await comesAgain(one);
    expect(wordsOf(await visit(one.kept))).toEqual(['one', 'two', 'three', '']);
    // What they stood in the way of is kept when they are gone.
    other.store.getState().clearItems();
    await comesAgain(other);
    one.store.getState().nameSet('Mine');
    one.store.getState().describeItem(teachOf(one).items[0]!.id, 'my own');
    await comesAgain(one);
    expect(teachOf(one).kept).toBe(true);
    expect(wordsOf(await visit(one.kept))).toContain('my own');
  });

  it('are not changed by a tab that saw them, if the one that brought them went on', async () => {
    const one = await filled();
    const other = await visit(one.kept);
    await one.store.getState().takeExamples(OTHERS);
    await comesAgain(one);
    other.store.getState().clearItems();
    await comesAgain(other);
    expect(teachOf(await visit(one.kept)).items).toHaveLength(6);
    expect(teachOf(one).kept).toBe(true);
  });

  it('are forgotten when they are removed', async () => {
    const tab = await filled();
    const undo = tab.store.getState().clearItems();
    await saved(tab);
    expect(teachOf(await visit(tab.kept)).items).toEqual([]);
    expect([tab.kept.get('draft'), tab.kept.get('draft-pictures')]).toEqual([null, null]);
    undo();
    await vi.waitFor(() => expect(teachOf(tab).kept).toBe(true), 10_000);
    expect(wordsOf(await visit(tab.kept))).toEqual(['one', 'two', '', '']);
  });

  it('are kept with the run from when it begins; changed, they are a draft again', async () => {
    const tab = await filled();
    void tab.store.getState().beginRun();
    tab.engine.latest('begin-run').resolve(aRun());
    await settle();
    await vi.waitFor(() => expect(teachOf(tab).kept).toBe(false), 10_000);
    expect(teachOf(tab).items).toHaveLength(4);
    expect(teachOf(await visit(tab.kept)).items).toEqual([]);
    tab.store.getState().describeItem(teachOf(tab).items[2]!.id, 'three');
    await vi.waitFor(() => expect(teachOf(tab).kept).toBe(true), 10_000);
    expect(wordsOf(await visit(tab.kept))).toEqual(['one', 'two', 'three', '']);
  });

  it('of one tab outlive that another removed its own', async () => {
    const one = await filled();
    const other = await visit(one.kept);
    other.store.getState().clearItems();
    await saved(other);
    one.store.getState().describeItem(teachOf(one).items[2]!.id, 'three');
    await saved(one);
    await vi.waitFor(() => expect(one.kept.get('draft')).not.toBeNull());
    expect(wordsOf(await visit(one.kept))).toEqual(['one', 'two', 'three', '']);
  });
});

it('a tab that never had a picture forgets none', async () => {
  const { kept } = await filled();
  const broken = fakeStore(FILES, kept, { decode: () => Promise.reject(new Error('it cannot decode')) });
  await broken.store.getState().openDraft();
  broken.store.getState().nameSet('Mine');
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(wordsOf(await visit(kept))).toEqual(['one', 'two', '', '']);
});

it.each([
  ['QuotaExceededError', 'no room to keep these pictures'],
  ['SecurityError', 'keeps nothing between visits'],
])('a browser that refuses with %s says so, once', async (name, words) => {
  const refusal = Object.assign(new Error(name), { name });
  const tab = await visit(new Map(), new Map([['draft-pictures', refusal]]));
  await tab.store.getState().takeExamples(FLOWERS);
  await vi.waitFor(() => expect(tab.store.getState().notices).toHaveLength(1), 10_000);
  expect(tab.store.getState().notices[0]?.text).toContain(words);
  expect(teachOf(tab).kept).toBe(false);
});

it('a write that fails half-way leaves what was kept, and nobody reads that more is', async () => {
  const { kept } = await filled();
  const fails = new Map<string, Error>();
  const tab = await visit(kept, fails);
  const type = async (words: string) => {
    const count = tab.came();
    tab.store.getState().describeItem(teachOf(tab).items[2]!.id, words);
    await comesAgain(tab, count);
  };
  fails.set('draft', Object.assign(new Error('full'), { name: 'QuotaExceededError' }));
  await type('three');
  expect(notices(tab)).toEqual([expect.stringContaining('no room to keep')]);
  expect(teachOf(tab).kept).toBe(false);
  expect(wordsOf(await visit(kept))).toEqual(['one', 'two', '', '']);
  // Said once, until it went well in between.
  tab.store.getState().dismiss(tab.store.getState().notices[0]!.id);
  await type('four');
  expect(notices(tab)).toEqual([]);
  fails.clear();
  await type('five');
  expect(teachOf(tab).kept).toBe(true);
  expect(wordsOf(await visit(kept))).toEqual(['one', 'two', 'five', '']);
  fails.set('draft', new Error('gone'));
  await type('six');
  expect(notices(tab)).toEqual([expect.stringContaining('keeps nothing between visits')]);
});

it('what keeps drafts is fetched again after it could not be, and no more than the most are there then', async () => {
  const { kept } = await filled();
  offline.is = true;
  const tab = await visit(kept);
  expect(notices(tab)).toEqual([expect.stringContaining('could not be fetched')]);
  await tab.store.getState().takeExamples(OTHERS);
  expect(teachOf(tab).items).toHaveLength(2);
  const many = Array.from({ length: MOST }, (_, i) => ({ ...teachOf(tab).items[0]!, id: 1000 + i }));
  tab.store.setState({ teach: { ...teachOf(tab), items: many } });
  offline.is = false;
  await tab.store.getState().openDraft();
  expect(wordsOf(tab).slice(0, 4)).toEqual(['one', 'two', '', '']);
  expect(teachOf(tab).items).toHaveLength(MOST);
  expect(teachOf(tab).left).toEqual([{ name: '4 pictures', why: `there are ${MOST} already, which is the most` }]);
});

it('junk on the shelf is passed over', async () => {
  const { kept } = await filled();
  const words = kept.get('draft') as { by: string; items: Record<string, unknown>[] };
  const [first, second, third, fourth] = words.items;
  const junk = [null, 7, { ...first, caption: 7 }, { ...second, square: { left: NaN, top: 0, edge: 1 } }, { ...third, id: 99 }]; // prettier-ignore
  const good = { ...fourth, square: { left: 60, top: 60, edge: 60 } };
  const after = await visit(new Map([...kept, ['draft', { ...words, items: [...junk, good] }]]));
  expect(teachOf(after).items).toHaveLength(1);
  // A square that lies outside is the one in the middle.
  expect(teachOf(after).items[0]?.square).toEqual(teachOf(await visit(kept)).items[3]?.square);
  for (const value of [undefined, null, 'x', [], { by: 1 }, { ...words, by: 'another tab' }]) {
    expect(teachOf(await visit(new Map([...kept, ['draft', value]]))).items).toEqual([]);
  }
});
