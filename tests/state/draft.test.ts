import { describe, expect, it, vi } from 'vitest';
import { encodePng } from '../../src/image/png.ts';
import type { Shelf } from '../../src/state/shelf.ts';
import type { Incoming } from '../../src/state/take-examples.ts';
import type { Decode } from '../../src/state/take-picture.ts';
import { sampleSet } from '../../src/teach/sample-set.ts';
import { settle } from '../support/fake-engine.ts';
import { decodePng } from '../support/png-reader.ts';
import { aRun } from '../support/runs.ts';
import { FILES, fakeStore, type Fakes } from '../support/store.ts';

const decode: Decode = async (file) => decodePng(new Uint8Array(await file.arrayBuffer()));

/** Cut-paper flowers as files. */
const FLOWERS = await Promise.all(
  sampleSet(4).map(async ({ name, pixels }): Promise<Incoming> => {
    const bytes = await encodePng(pixels);
    return { path: `set/${name}`, size: bytes.length, arrayBuffer: () => Promise.resolve(bytes.slice().buffer) };
  }),
);

interface Visit extends Fakes {
  /** Keys that were written, in order. */
  readonly written: string[];
}

/** A tab that opens the room; `kept` is what all tabs of a browser share. */
async function visit(kept = new Map<string, unknown>(), fails: Error | null = null): Promise<Visit> {
  const written: string[] = [];
  const shelf: Shelf = {
    read: (key) => Promise.resolve(structuredClone(kept.get(key))),
    update: async (key, change) => {
      if (fails) throw fails;
      written.push(key);
      kept.set(key, structuredClone(change(await Promise.resolve(kept.get(key)))));
    },
  };
  const fakes = fakeStore(FILES, kept, { decode, shelf });
  await fakes.store.getState().fetchCatalogue();
  fakes.store.getState().enter('teach');
  await fakes.store.getState().openDraft();
  return { ...fakes, written };
}

const teachOf = ({ store }: Fakes) => store.getState().teach;
const wordsOf = (fakes: Fakes) => teachOf(fakes).items.map(({ caption }) => caption);
/** All that is there is on the shelf. */
const saved = async (tab: Visit, count = tab.written.length) => {
  await vi.waitFor(() => expect(tab.written.length).toBeGreaterThan(count), 10_000);
  const { kept } = teachOf(tab);
  return kept;
};

/** With four pictures and two captions on the shelf. */
async function filled(): Promise<Visit> {
  const tab = await visit();
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

  it('join what was dropped before they were back, each once', async () => {
    const { kept } = await filled();
    const fakes = fakeStore(FILES, kept, { decode });
    await fakes.store.getState().takeExamples(FLOWERS.slice(3));
    await fakes.store.getState().openDraft();
    expect(wordsOf(fakes)).toEqual(['one', 'two', '', '']);
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
  const tab = await visit(new Map(), Object.assign(new Error(name), { name }));
  await tab.store.getState().takeExamples(FLOWERS);
  await vi.waitFor(() => expect(tab.store.getState().notices).toHaveLength(1), 10_000);
  expect(tab.store.getState().notices[0]?.text).toContain(words);
  expect(teachOf(tab).kept).toBe(false);
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
