/** The private file system, by a fake one whose handles lead nowhere once the site's data was cleared, as real ones do. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { opfsStore } from '../../src/engine/store/opfs.ts';

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

class Folder {
  readonly #site: { cleared: boolean };
  readonly #folders = new Map<string, Folder>();
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();
  constructor(site: { cleared: boolean }) {
    this.#site = site;
  }
  /** As a handle answers: `found`, or that it leads nowhere. */
  #answer<T>(found: () => T | undefined): Promise<T> {
    const there = this.#site.cleared ? undefined : found();
    return there === undefined ? Promise.reject(new DOMException('', 'NotFoundError')) : Promise.resolve(there);
  }
  getDirectoryHandle(name: string, { create = false } = {}): Promise<Folder> {
    return this.#answer(() => {
      if (create && !this.#folders.has(name)) this.#folders.set(name, new Folder(this.#site));
      return this.#folders.get(name);
    });
  }
  getFileHandle(name: string, { create = false } = {}): Promise<unknown> {
    return this.#answer(() => {
      if (create && !this.#files.has(name)) this.#files.set(name, bytes());
      const content = this.#files.get(name);
      if (!content) return undefined;
      let written = bytes();
      const writable = {
        write: (some: Uint8Array<ArrayBuffer>) => this.#answer(() => (written = some)),
        close: () => this.#answer(() => this.#files.set(name, written)),
      };
      return {
        getFile: () => this.#answer(() => new Blob([content])),
        createWritable: () => this.#answer(() => writable),
      };
    });
  }
  removeEntry(name: string): Promise<unknown> {
    return this.#answer(() => this.#folders.delete(name) || this.#files.delete(name) || undefined);
  }
  async *keys(): AsyncIterable<string> {
    yield* await this.#answer(() => [...this.#folders.keys(), ...this.#files.keys()]);
  }
}

/** `clear`: what a person does in the browser's settings; `anew`: whether the browser opens another file system then. */
async function opened() {
  let site = { cleared: false };
  let top = new Folder(site);
  const storage = { getDirectory: () => Promise.resolve(top) } as unknown as StorageManager;
  const clear = (anew: boolean): void => {
    site.cleared = true;
    if (!anew) return;
    site = { cleared: false };
    top = new Folder(site);
  };
  const store = await opfsStore(storage);
  if (!store) throw new Error('it did not open');
  return { store, clear };
}

beforeEach(() => void vi.stubGlobal('FileSystemFileHandle', class { createWritable(): void {} })); // prettier-ignore
afterEach(() => void vi.unstubAllGlobals());

it('gives back what was written, lists it, and removes it', async () => {
  const { store } = await opened();
  expect(await store.read('runs/a/run.json')).toBeUndefined();
  expect(await store.list('runs')).toEqual([]);
  await store.write('runs/b/run.json', bytes(1));
  await store.write('runs/a/run.json', bytes(2));
  await store.write('runs/a/run.json', bytes(3, 4));
  expect(await store.read('runs/a/run.json')).toEqual(bytes(3, 4));
  expect(await store.list('runs')).toEqual(['a', 'b']);
  await store.remove('runs/a');
  await store.remove('never/was');
  expect(await store.list('runs')).toEqual(['b']);
});

it('goes on after the site’s data was cleared, with what is written from then on', async () => {
  const { store, clear } = await opened();
  await store.write('runs/a/data', bytes(1));
  clear(true);
  expect(await store.read('runs/a/data')).toBeUndefined();
  expect(await store.list('runs')).toEqual([]);
  await store.write('runs/a/step', bytes(2));
  expect(await store.read('runs/a/step')).toEqual(bytes(2));
  expect(await store.list('runs/a')).toEqual(['step']);
});

it('does not call a write done that wrote nothing', async () => {
  const { store, clear } = await opened();
  clear(false);
  await expect(store.write('runs/a/step', bytes(2))).rejects.toThrow(
    expect.objectContaining({ name: 'NotFoundError' }),
  );
  expect(await store.read('runs/a/step')).toBeUndefined();
});

it('is none where the browser refuses, or could leave half a file', async () => {
  const refusing = { getDirectory: () => Promise.reject(new DOMException('', 'SecurityError')) };
  expect(await opfsStore(refusing as unknown as StorageManager)).toBeUndefined();
  expect(await opfsStore(undefined)).toBeUndefined();
  vi.stubGlobal('FileSystemFileHandle', class {}); // prettier-ignore
  expect(await opfsStore(refusing as unknown as StorageManager)).toBeUndefined();
});
