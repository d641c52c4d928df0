import { describe, expect, it } from 'vitest';
import { memoryCache, openWeightCache } from '../../../src/engine/weights/cache.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const location = { origin: 'https://limn.example' };
const MANIFEST = 'https://limn.example/models/manifest.json';

/** The Cache API as far as it is used here; Node has none. */
function fakeCaches() {
  const all = new Map<string, Map<string, Response>>();
  const url = (request: RequestInfo | URL) => (request instanceof Request ? request.url : String(request));
  const cache = (held: Map<string, Response>) => ({
    match: (request: RequestInfo | URL) => Promise.resolve(held.get(url(request))?.clone()),
    put: (request: RequestInfo | URL, response: Response) => Promise.resolve(void held.set(url(request), response)),
    delete: (request: RequestInfo | URL) => Promise.resolve(held.delete(url(request))),
    keys: () => Promise.resolve([...held.keys()].map((key) => new Request(key))),
  });
  const caches = {
    open: (name: string) => {
      const held = all.get(name) ?? new Map<string, Response>();
      all.set(name, held);
      return Promise.resolve(cache(held));
    },
    delete: (name: string) => Promise.resolve(all.delete(name)),
  } as unknown as CacheStorage;
  return { all, caches };
}

describe.each([
  ['the Cache API', () => openWeightCache(MANIFEST, { caches: fakeCaches().caches, location })],
  ['memory', () => Promise.resolve(memoryCache())],
])('a cache in %s', (_, open) => {
  it('gives back what was put, by its hash', async () => {
    const cache = await open();
    expect(await cache.get(A)).toBeUndefined();
    await cache.put(A, Uint8Array.of(1, 2));
    await cache.put(A, Uint8Array.of(3, 4));
    expect(await cache.get(A)).toEqual(Uint8Array.of(3, 4));
    expect(await cache.get(A)).toEqual(Uint8Array.of(3, 4));
    expect(await cache.get(B)).toBeUndefined();
    await cache.delete(A);
    expect(await cache.get(A)).toBeUndefined();
  });

  it('keeps only what is still of use', async () => {
    const cache = await open();
    await cache.put(A, Uint8Array.of(1));
    await cache.put(B, Uint8Array.of(2));
    await cache.keepOnly(new Set([B, 'c'.repeat(64)]));
    expect(await cache.get(A)).toBeUndefined();
    expect(await cache.get(B)).toEqual(Uint8Array.of(2));
  });
});

describe('openWeightCache', () => {
  it('keys by hash below the page itself', async () => {
    const { all, caches } = fakeCaches();
    const cache = await openWeightCache(MANIFEST, { caches, location });
    expect(cache.persistent).toBe(true);
    await cache.put(A, Uint8Array.of(1));
    const [held] = all.values();
    expect([...(held?.keys() ?? [])]).toEqual([`https://limn.example/limn-weights/${A}`]);
  });

  it('leaves to another Limn on the same origin what is its own, and drops the one that all shared', async () => {
    const { all, caches } = fakeCaches();
    await caches.open('limn-weights-1');
    const here = await openWeightCache(MANIFEST, { caches, location });
    const there = await openWeightCache('https://limn.example/other/models/manifest.json', { caches, location });
    await here.put(A, Uint8Array.of(1));
    await there.put(B, Uint8Array.of(2));
    await there.keepOnly(new Set([B]));
    expect(await here.get(A)).toEqual(Uint8Array.of(1));
    expect([...all.keys()]).toEqual(['limn-weights-2:/models/', 'limn-weights-2:/other/models/']);
  });

  it.each([
    ['is absent', { location }],
    ['refuses to open', { location, caches: { open: () => Promise.reject(new Error('insecure')) } }],
    [
      'throws when looked at',
      {
        location,
        get caches(): CacheStorage {
          throw new DOMException('insecure', 'SecurityError');
        },
      },
    ],
  ])('24: falls back to memory where the Cache API %s', async (_, scope) => {
    const cache = await openWeightCache(MANIFEST, scope as unknown as Parameters<typeof openWeightCache>[1]);
    expect(cache.persistent).toBe(false);
    await cache.put(A, Uint8Array.of(1));
    expect(await cache.get(A)).toEqual(Uint8Array.of(1));
  });
});

describe('memoryCache', () => {
  it('drops the oldest beyond its limit, and holds nothing that is larger', async () => {
    const cache = memoryCache(10);
    await cache.put(A, new Uint8Array(6));
    await cache.put(B, new Uint8Array(6));
    expect(await cache.get(A)).toBeUndefined();
    expect((await cache.get(B))?.length).toBe(6);
    await cache.put(A, new Uint8Array(11));
    expect(await cache.get(A)).toBeUndefined();
    expect((await cache.get(B))?.length).toBe(6);
  });
});
