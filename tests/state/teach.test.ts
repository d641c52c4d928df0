import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { Pixels } from '../../src/engine/protocol.ts';
import type { Decode } from '../../src/state/take-picture.ts';
import { receiveFiles } from '../../src/state/receive.ts';
import { pixelsOf, silentItems, wordlessItems } from '../../src/state/teach-items.ts';
import { runFiles } from '../../src/state/run-files.ts';
import type { Incoming } from '../../src/state/take-examples.ts';
import { pack } from '../../src/teach/archive.ts';
import { MOST } from '../../src/teach/limits.ts';
import { settle } from '../support/fake-engine.ts';
import { WITHOUT_MIRROR } from '../support/fake-models.ts';
import { examples } from '../support/lesson.ts';
import { decodePng } from '../support/png-reader.ts';
import { aRun } from '../support/runs.ts';
import { FILES, fakeStore, type Fakes } from '../support/store.ts';

const PNG = readFileSync('tests/fixtures/pictures/photo.png');

/** Bytes of a picture file, each with another grey for the decoder below. */
function picture(path: string, grey: number): Incoming {
  const bytes = new Uint8Array([...PNG, grey]);
  return { path, size: bytes.length, arrayBuffer: () => Promise.resolve(bytes.buffer) };
}
const text = (path: string, words: string): Incoming => {
  const bytes = new TextEncoder().encode(words);
  return { path, size: bytes.length, arrayBuffer: () => Promise.resolve(bytes.buffer) };
};
const archive = (path: string, files: readonly Incoming[]): Promise<Incoming> =>
  Promise.all(files.map(async (file) => ({ path: file.path, bytes: new Uint8Array(await file.arrayBuffer()) }))).then(
    (parts) => {
      const bytes = pack(parts);
      return { path, size: bytes.length, arrayBuffer: () => Promise.resolve(bytes.buffer) };
    },
  );

/** 32 × 16; the grey is the file's last byte, and its left half is darker. */
const decode: Decode = async (file) => {
  const grey = new Uint8Array(await file.arrayBuffer()).at(-1) ?? 0;
  const data = new Uint8ClampedArray(4 * 32 * 16).map((_, i) => (i % 4 === 3 ? 255 : i % 128 < 64 ? grey / 2 : grey));
  return { width: 32, height: 16, data } satisfies Pixels;
};

async function room(files = FILES): Promise<Fakes> {
  const fakes = fakeStore(files, new Map(), { decode });
  await fakes.store.getState().fetchCatalogue();
  fakes.store.getState().enter('teach');
  return fakes;
}

/** Each picture is decoded when the test says so. */
async function slowRoom() {
  const waiting: (() => void)[] = [];
  const slow: Decode = async (...file) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return decode(...file);
  };
  const fakes = fakeStore(FILES, new Map(), { decode: slow });
  await fakes.store.getState().fetchCatalogue();
  fakes.store.getState().enter('teach');
  const decoding = () => vi.waitFor(() => expect(waiting).not.toEqual([]));
  const open = async (count: number) => {
    for (let i = 0; i < count; i++) {
      await decoding();
      waiting.shift()?.();
      await settle();
    }
  };
  return { ...fakes, open, decoding };
}

describe('pictures come in', () => {
  it('with the captions of a list and of text files', async () => {
    const { store } = await room();
    await store
      .getState()
      .takeExamples([
        picture('set/a.png', 40),
        picture('set/b.png', 80),
        picture('set/c.png', 120),
        text('set/metadata.jsonl', '{"file_name": "a.png", "text": "one"}'),
        text('set/b.txt', 'two'),
      ]);
    const { items, left, name, taking } = store.getState().teach;
    expect(items.map(({ name, caption, captionBy }) => [name, caption, captionBy])).toEqual([
      ['a.png', 'one', 'file'],
      ['b.png', 'two', 'file'],
      ['c.png', '', 'nobody'],
    ]);
    expect([left, name, taking.state]).toEqual([[], 'set', 'idle']);
    expect(silentItems(store.getState().teach).map((item) => item.name)).toEqual(['c.png']);
  });

  it('out of an archive, which gives the set its name', async () => {
    const { store } = await room();
    const zip = await archive('tulips.zip', [picture('a.png', 40), text('metadata.csv', 'file_name,text\na.png,one')]);
    await store.getState().takeExamples([zip]);
    const { items, name } = store.getState().teach;
    expect(items.map(({ caption }) => caption)).toEqual(['one']);
    expect(name).toBe('tulips');
  });

  it('what cannot be used is left out with its reason: damaged, empty, no picture, twice', async () => {
    const { store } = await room();
    await store
      .getState()
      .takeExamples([
        picture('a.png', 40),
        picture('again.png', 41),
        { path: 'empty.png', size: 0, arrayBuffer: () => Promise.resolve(new ArrayBuffer(0)) },
        text('words.png', 'no picture at all'),
        text('film.mp4', 'x'),
        { path: 'gone.png', size: 9, arrayBuffer: () => Promise.reject(new Error('moved')) },
        text('bad.zip', 'no archive'),
      ]);
    const { items, left } = store.getState().teach;
    expect(items.map(({ name }) => name)).toEqual(['a.png']);
    expect(Object.fromEntries(left.map(({ name, why }) => [name, why]))).toEqual({
      'again.png': 'it is the same picture as a.png',
      'empty.png': expect.stringContaining('empty') as string,
      'words.png': expect.stringContaining('not a picture') as string,
      'film.mp4': 'it is neither a picture nor a list of captions',
      'gone.png': expect.stringContaining('could not be opened') as string,
      'bad.zip': 'it is damaged, locked with a password, or no ZIP archive',
    });
  });

  it('a list that comes later finds the pictures that are there; what a person wrote stays', async () => {
    const { store } = await room();
    await store.getState().takeExamples([picture('a.png', 40), picture('b.png', 80)]);
    const [first] = store.getState().teach.items;
    store.getState().describeItem(first!.id, 'my own words');
    await store.getState().takeExamples([text('metadata.csv', 'file_name,text\na.png,one\nb.png,two')]);
    expect(store.getState().teach.items.map(({ caption }) => caption)).toEqual(['my own words', 'two']);
    expect(store.getState().teach.left).toEqual([]);
  });

  it('words in bounds: a text file of its own size, all of them together', async () => {
    const { store } = await room();
    const claims = (file: Incoming, size: number): Incoming => ({ ...file, size });
    await store
      .getState()
      .takeExamples([
        ...[
          picture('a.png', 40),
          text('a.txt', 'read'),
          picture('b.png', 80),
          claims(text('b.txt', 'not read'), 70_000),
        ],
        ...['1', '2', '3', '4'].map((name) => claims(text(`${name}/captions.csv`, 'file_name,text'), 8 * 2 ** 20)),
        ...[picture('c.png', 120), text('c.txt', 'read, too')],
      ]);
    const { items, left } = store.getState().teach;
    expect(items.map(({ caption }) => caption)).toEqual(['read', '', 'read, too']);
    expect(left).toMatchObject([
      { name: 'b.txt', why: 'it is larger than 64 KB' },
      { name: '4/captions.csv', why: 'the texts that came with it are larger than 32 MB' },
    ]);
  });

  it('stopping while words are read reads no more of them, and the page has turns meanwhile', async () => {
    const { store } = await room();
    let read = 0;
    const slow = (path: string): Incoming => ({
      ...text(path, 'words'),
      arrayBuffer: () => {
        // As long as a page may be kept busy.
        for (const began = performance.now(); performance.now() - began < 40;);
        read++;
        return Promise.resolve(new TextEncoder().encode('words').buffer);
      },
    });
    const taken = store.getState().takeExamples(Array.from({ length: 50 }, (_, i) => slow(`${i}.txt`)));
    await vi.waitFor(() => expect(read).toBeGreaterThan(0), { interval: 1 });
    store.getState().stopTaking();
    await taken;
    expect(read).toBeLessThan(40);
  });

  it('no more than the most', async () => {
    const { store } = await room();
    const one = store.getState().teach;
    await store.getState().takeExamples([picture('a.png', 40)]);
    const [item] = store.getState().teach.items;
    const full = Array.from({ length: MOST }, (_, i) => ({ ...item!, id: 1000 + i }));
    store.setState({ teach: { ...one, items: full } });
    await store.getState().takeExamples([picture('b.png', 200), picture('c.png', 220)]);
    expect(store.getState().teach.items).toHaveLength(MOST);
    expect(store.getState().teach.left).toEqual([
      { name: '2 pictures', why: `there are ${MOST} already, which is the most` },
    ]);
  });

  it('stopping keeps what came, and takes no more', async () => {
    const { store, open, decoding } = await slowRoom();
    const taken = store.getState().takeExamples([picture('a.png', 40), picture('b.png', 80)]);
    await open(1);
    await decoding();
    store.getState().stopTaking();
    await open(1);
    await taken;
    const { items, taking } = store.getState().teach;
    expect([items.map(({ name }) => name), taking.state]).toEqual([['a.png'], 'idle']);
  });

  it('a second drop waits for the first, and none takes pictures, words or reasons from the other', async () => {
    const { store, open } = await slowRoom();
    const first = store.getState().takeExamples([picture('a.png', 40), text('film.mp4', 'x'), picture('b.png', 80)]);
    const second = store.getState().takeExamples([picture('c.png', 120), text('c.txt', 'third')]);
    await open(3);
    await Promise.all([first, second]);
    const { items, left, taking } = store.getState().teach;
    expect(items.map(({ name, caption }) => [name, caption])).toEqual([
      ['a.png', ''],
      ['b.png', ''],
      ['c.png', 'third'],
    ]);
    expect(left.map(({ name }) => name)).toEqual(['film.mp4']);
    expect(taking.state).toBe('idle');
    await store.getState().takeExamples([text('metadata.csv', 'file_name,text\na.png,one')]);
    expect(store.getState().teach.left).toEqual([]);
  });

  it('what is cleared in mid-drop stays away, with what waits behind it, and comes back by its undo alone', async () => {
    const { store, open, decoding } = await slowRoom();
    const first = store.getState().takeExamples([picture('a.png', 40), picture('b.png', 80)]);
    const second = store.getState().takeExamples([picture('c.png', 120)]);
    await open(1);
    await decoding();
    const undo = store.getState().clearItems();
    await open(1);
    await Promise.all([first, second]);
    expect(store.getState().teach).toMatchObject({ items: [], left: [], taking: { state: 'idle' } });
    undo();
    expect(store.getState().teach.items.map(({ name }) => name)).toEqual(['a.png']);
  });

  it('the set to try with ends a drop that is under way', async () => {
    const { store, open } = await slowRoom();
    const taken = store.getState().takeExamples([picture('a.png', 40), picture('b.png', 80)]);
    await open(1);
    await store.getState().takeSampleSet();
    await open(1);
    await taken;
    const { items, name } = store.getState().teach;
    expect(items).toHaveLength(24);
    expect([items.some((item) => item.name === 'a.png'), name]).toEqual([false, 'Paper flowers']);
  });

  it('while a run is open, what came and what did not is told: the table is out of sight', async () => {
    const { store } = await room();
    const told = () => store.getState().notices.map(({ text }) => text);
    await store.getState().takeExamples([picture('a.png', 40)]);
    expect(told()).toEqual([]);
    void store.getState().openRun(aRun());
    await settle();
    await store.getState().takeExamples([text('bad.zip', 'no archive')]);
    expect(told()).toEqual(['bad.zip was left out: it is damaged, locked with a password, or no ZIP archive.']);
    await store
      .getState()
      .takeExamples([picture('b.png', 80), picture('c.png', 120), text('film.mp4', 'x'), text('d.mp4', 'x')]);
    expect(told().at(-1)).toBe(
      '2 pictures are kept here for another run. 2 files were left out, or in part; “All runs” shows why.',
    );
    expect(store.getState().teach.items).toHaveLength(3);
  });

  it('those of a run, with their words, for another: under its name, two of one name among them', async () => {
    const decode: Decode = async (file) => decodePng(new Uint8Array(await file.arrayBuffer()));
    const { store } = fakeStore(FILES, new Map(), { decode });
    const [one, two, three] = examples(3);
    const kept = [one!, { ...two!, name: '0.png' }, { ...three!, caption: 'a flower, in two.halves' }];
    await store.getState().takeExamples(await runFiles('.Tulips/red', kept));
    const { items, left, name } = store.getState().teach;
    expect(items.map(({ name, caption, picture }) => ({ name, caption, pixels: picture }))).toEqual(kept);
    expect([left, name]).toEqual([[], 'Tulips red']);
  });

  it('an archive that is dropped in another room opens this one', async () => {
    const { store } = await room();
    store.getState().enter('paint');
    await receiveFiles(store, [await archive('set.zip', [picture('a.png', 40)])], false);
    expect(store.getState().room).toBe('teach');
    expect(store.getState().teach.items).toHaveLength(1);
  });
});

describe('the table', () => {
  async function table(): Promise<Fakes> {
    const fakes = await room();
    await fakes.store.getState().takeExamples([40, 80, 120].map((grey) => picture(`${grey}.png`, grey)));
    return fakes;
  }

  it('pasted lines go to the rows from there on, and no further', async () => {
    const { store } = await table();
    const { items } = store.getState().teach;
    store.getState().pasteCaptions(items[1]!.id, ['  two ', 'three', 'four']);
    expect(store.getState().teach.items.map(({ caption }) => caption)).toEqual(['', 'two', 'three']);
  });

  it('what is removed comes back to its place', async () => {
    const { store } = await table();
    const { items } = store.getState().teach;
    const undo = store.getState().removeItem(items[1]!.id);
    expect(store.getState().teach.items).toHaveLength(2);
    undo();
    expect(store.getState().teach.items).toEqual(items);
    const back = store.getState().clearItems();
    expect(store.getState().teach.items).toEqual([]);
    back();
    expect(store.getState().teach.items).toEqual(items);
  });

  it('the square is what is learned from', async () => {
    const { store } = await table();
    const [item] = store.getState().teach.items;
    expect(item?.square).toEqual({ left: 8, top: 0, edge: 16 });
    store.getState().cropItem(item!.id, { left: 0, top: 0, edge: 16 });
    const pixels = pixelsOf(store.getState().teach.items[0]!, 4);
    expect([pixels.width, pixels.height]).toEqual([4, 4]);
    // The left half is the darker one.
    expect([...pixels.data.slice(0, 4)]).toEqual([20, 20, 20, 255]);
  });

  it('the mirror describes what nobody described, and not over what was typed meanwhile', async () => {
    const { store, engine } = await table();
    const { items } = store.getState().teach;
    store.getState().describeItem(items[0]!.id, 'mine');
    void store.getState().describeItems();
    const answer = (caption: string) =>
      engine.latest('mirror').resolve({ caption, words: [], logProbability: 0, milliseconds: 1 });
    expect(engine.latest('mirror').input.pixels.width).toBe(64);
    answer('a flower');
    await settle();
    expect(engine.count('mirror')).toBe(2);
    store.getState().describeItem(items[2]!.id, 'typed');
    answer('another');
    await settle();
    expect(store.getState().teach.items.map(({ caption, captionBy }) => [caption, captionBy])).toEqual([
      ['mine', 'person'],
      ['a flower', 'mirror'],
      ['typed', 'person'],
    ]);
    expect(store.getState().teach.describing.state).toBe('idle');
  });

  it('what has words that cannot be read is not offered to the mirror, which would pass it over', async () => {
    const { store, engine } = await table();
    const { items } = store.getState().teach;
    store.getState().describeItem(items[0]!.id, '花');
    const told = wordlessItems(store.getState().teach).length;
    expect([silentItems(store.getState().teach).length, told]).toEqual([3, 2]);
    void store.getState().describeItems();
    for (let i = 0; i < told; i++) {
      engine.latest('mirror').resolve({ caption: 'a flower', words: [], logProbability: 0, milliseconds: 1 });
      await settle();
    }
    expect([engine.count('mirror'), store.getState().teach.describing.state]).toEqual([told, 'idle']);
  });

  it('describing can be stopped, may fail, and is not offered without a mirror', async () => {
    const { store, engine } = await table();
    void store.getState().describeItems();
    store.getState().stopDescribing();
    await settle();
    expect(store.getState().teach.describing.state).toBe('idle');
    void store.getState().describeItems();
    engine.latest('mirror').reject({ kind: 'network', url: 'x', detail: 'y' });
    await settle();
    expect(store.getState().teach.describing.state).toBe('failed');
    const blind = await room({ ...FILES, 'models/manifest.json': WITHOUT_MIRROR });
    await blind.store.getState().takeExamples([picture('a.png', 40)]);
    await blind.store.getState().describeItems();
    expect(blind.engine.count('mirror')).toBe(0);
  });
});

it('the set to try with takes the place of what is there', async () => {
  const { store } = await room();
  await store.getState().takeSampleSet();
  const { items, name } = store.getState().teach;
  expect(items).toHaveLength(24);
  expect(name).toBe('Paper flowers');
  expect(silentItems(store.getState().teach)).toEqual([]);
});
