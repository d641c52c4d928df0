/**
 * Where downloaded files stay between visits, keyed by their SHA-256, so that a new release fetches only what
 * changed and the same file is never kept twice. Nothing here is trusted: the reader hashes what it gets.
 */

export interface WeightCache {
  /** False where it ends with the tab (private windows, insecure addresses). */
  readonly persistent: boolean;
  /** The file's bytes, not to be written to; undefined where it is absent or was evicted. */
  get(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Rejects with a QuotaExceededError where there is no room. */
  put(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  delete(sha256: string): Promise<void>;
  /** Frees what no model of the present manifest uses. */
  keepOnly(hashes: ReadonlySet<string>): Promise<void>;
}

/** With the folder of the models behind it: another Limn on the same origin keeps other files. */
const CACHE_NAME = 'limn-weights-2:';
/** Every Limn on the origin had this one, and threw the others' files away. */
const OLD_NAME = 'limn-weights-1';
/** Below the page's origin; no such address exists, it is only a key. */
const KEY_FOLDER = '/limn-weights/';
/** A model or two; the bytes lie in memory a second time, beside the tensors. */
const MEMORY_LIMIT = 64 * 2 ** 20;

/** What this file needs of a window or a worker. */
export interface CacheScope {
  readonly caches?: CacheStorage;
  readonly location?: { readonly origin: string };
}

/** For the models beside this manifest: the browser's Cache API, or memory where that is absent or refuses (24). Never rejects. */
export async function openWeightCache(manifestUrl: string, scope: CacheScope = globalThis): Promise<WeightCache> {
  try {
    const origin = scope.location?.origin;
    // Some browsers throw at the mere look at `caches`, others at opening.
    if (scope.caches && origin) {
      const cache = await scope.caches.open(CACHE_NAME + new URL('.', manifestUrl).pathname);
      void scope.caches.delete(OLD_NAME).catch(() => undefined);
      return browserCache(cache, origin);
    }
  } catch {
    // A visit without a lasting cache downloads again next time; nothing else is lost.
  }
  return memoryCache();
}

/** For the length of a visit; beyond `limit` bytes the oldest go. */
export function memoryCache(limit = MEMORY_LIMIT): WeightCache {
  const held = new Map<string, Uint8Array<ArrayBuffer>>();
  let total = 0;
  const remove = (sha256: string) => {
    total -= held.get(sha256)?.length ?? 0;
    held.delete(sha256);
  };
  return {
    persistent: false,
    get: (sha256) => Promise.resolve(held.get(sha256)),
    put: (sha256, bytes) => {
      remove(sha256);
      if (bytes.length > limit) return Promise.resolve();
      held.set(sha256, bytes);
      total += bytes.length;
      for (const oldest of held.keys()) {
        if (total <= limit) break;
        remove(oldest);
      }
      return Promise.resolve();
    },
    delete: (sha256) => Promise.resolve(remove(sha256)),
    keepOnly: (hashes) => Promise.resolve([...held.keys()].filter((sha256) => !hashes.has(sha256)).forEach(remove)),
  };
}

function browserCache(cache: Cache, origin: string): WeightCache {
  const key = (sha256: string) => new URL(KEY_FOLDER + sha256, origin).href;
  return {
    persistent: true,
    async get(sha256) {
      const response = await cache.match(key(sha256));
      return response && new Uint8Array(await response.arrayBuffer());
    },
    put(sha256, bytes) {
      const headers = { 'Content-Type': 'application/octet-stream' };
      return cache.put(key(sha256), new Response(bytes, { headers }));
    },
    async delete(sha256) {
      await cache.delete(key(sha256));
    },
    async keepOnly(hashes) {
      const keep = new Set([...hashes].map(key));
      const spare = (await cache.keys()).filter((request) => !keep.has(request.url));
      await Promise.all(spare.map((request) => cache.delete(request)));
    },
  };
}
