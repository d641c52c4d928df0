import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LimnError, type Failure } from '../../../src/failure.ts';
import { memoryCache, type WeightCache } from '../../../src/engine/weights/cache.ts';
import {
  fetchFile,
  platformLocks,
  type DownloadOptions,
  type FileProgress,
  type Locks,
} from '../../../src/engine/weights/download.ts';
import { CONTENT, honest, remote, serve, sha256, type Server } from './bad-server.ts';
import { failureOf } from './raw-file.ts';

let server: Server;
afterEach(() => server.close());

const HASH = sha256(CONTENT);
const same = (bytes: Uint8Array | undefined) => bytes !== undefined && Buffer.compare(CONTENT, bytes) === 0;
const copy = () => new Uint8Array(CONTENT);

async function get(options: DownloadOptions) {
  server = await serve((q, r) => honest(q, r));
  return fetchFile(remote(server.url), { sleep: () => Promise.resolve(), ...options });
}

/** As a browser's cache is: shared between tabs, and with faults where a test wants them. */
const lasting = (faults: Partial<WeightCache> = {}): WeightCache => ({ ...memoryCache(), persistent: true, ...faults });
const quota = () => Promise.reject(new DOMException('The quota has been exceeded.', 'QuotaExceededError'));

describe('the cache', () => {
  it('spares the second download, and says so', async () => {
    const cache = lasting();
    await get({ cache });
    const heard: FileProgress[] = [];
    expect(same(await fetchFile(remote(server.url), { cache, report: (p) => heard.push(p) }))).toBe(true);
    expect(server.requests).toHaveLength(1);
    expect(heard).toEqual([{ loaded: CONTENT.length, total: CONTENT.length, cached: CONTENT.length }]);
  });

  it.each([
    ['a flipped bit', copy().with(7, (CONTENT[7] ?? 0) ^ 1)],
    ['half the file', copy().slice(0, 1000)],
    ['nothing', new Uint8Array(0)],
  ])('12: that holds %s is not believed, and mended', async (_, bytes) => {
    const cache = lasting();
    await cache.put(HASH, bytes);
    expect(same(await get({ cache }))).toBe(true);
    expect(server.requests).toHaveLength(1);
    expect(same(await cache.get(HASH))).toBe(true);
  });

  it('12: forgets a bad entry that it cannot replace', async () => {
    const cache = lasting({ put: quota });
    const held = new Map([[HASH, Uint8Array.of(1)]]);
    const find = (key: string) => Promise.resolve(held.get(key));
    const forget = (key: string) => Promise.resolve(void held.delete(key));
    expect(same(await get({ cache: { ...cache, get: find, delete: forget } }))).toBe(true);
    expect(held.size).toBe(0);
  });

  it('12: never holds bytes with a wrong hash', async () => {
    const puts: string[] = [];
    const cache = lasting({ put: (key) => Promise.resolve(void puts.push(key)) });
    server = await serve((q, r) =>
      honest(
        q,
        r,
        CONTENT.map((byte) => byte ^ 1),
      ),
    );
    expect(await failureOf(() => fetchFile(remote(server.url), { cache }))).toMatchObject({ kind: 'corrupt-download' });
    expect(puts).toEqual([]);
  });

  it('20: that is full does not stop the load', async () => {
    const warnings: Failure[] = [];
    expect(same(await get({ cache: lasting({ put: quota }), warn: (w) => warnings.push(w) }))).toBe(true);
    expect(warnings).toEqual([{ kind: 'quota', neededBytes: CONTENT.length }]);
  });

  it('21: that was emptied only costs a download', async () => {
    const cache = lasting();
    await get({ cache });
    await cache.keepOnly(new Set());
    expect(same(await fetchFile(remote(server.url), { cache }))).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  it('24: that is absent, or throws at every touch, does not stop the load', async () => {
    expect(same(await get({}))).toBe(true);
    await server.close();
    const broken = () => Promise.reject(new DOMException('The operation is insecure.', 'SecurityError'));
    const warnings: Failure[] = [];
    const cache = lasting({ get: broken, put: broken, delete: broken });
    expect(same(await get({ cache, warn: (w) => warnings.push(w) }))).toBe(true);
    expect(warnings.length).toBeGreaterThan(0);
    expect(new Set(warnings.map((w) => w.kind))).toEqual(new Set(['internal']));
  });
});

/** One holder a name at a time, the others in a queue, as navigator.locks does it. */
function fakeLocks(): Locks & { readonly names: string[] } {
  const tails = new Map<string, Promise<unknown>>();
  const names: string[] = [];
  return {
    names,
    request<T>(name: string, options: { signal?: AbortSignal }, work: () => Promise<T>): Promise<T> {
      names.push(name);
      const before = tails.get(name) ?? Promise.resolve();
      const aborted = new Promise<never>((_, reject) => {
        options.signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
      });
      const result = Promise.race([before, aborted]).then(work);
      tails.set(
        name,
        result.catch(() => undefined),
      );
      return result;
    },
  };
}

describe('two tabs at once', () => {
  it('22: download a file once', async () => {
    const shared = { cache: lasting(), locks: fakeLocks() };
    server = await serve((q, r) => honest(q, r));
    const both = await Promise.all([1, 2].map(() => fetchFile(remote(server.url), shared)));
    expect(both.every(same)).toBe(true);
    expect(server.requests).toHaveLength(1);
    expect(new Set(shared.locks.names)).toEqual(new Set([`limn-weights/${HASH}`]));
  });

  it('22: both succeed where the first could keep nothing', async () => {
    const shared = { cache: lasting({ put: quota }), locks: fakeLocks() };
    server = await serve((q, r) => honest(q, r));
    const both = await Promise.all([1, 2].map(() => fetchFile(remote(server.url), shared)));
    expect(both.every(same)).toBe(true);
  });

  it('22: the second can be cancelled while it waits', async () => {
    const shared = { cache: lasting(), locks: fakeLocks() };
    void shared.locks.request(`limn-weights/${HASH}`, {}, () => new Promise(() => undefined));
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    expect(await failureOf(() => get({ ...shared, signal: abort.signal }))).toEqual({ kind: 'cancelled' });
    expect(server.requests).toHaveLength(0);
  });

  it('do not wait for each other where they share no cache', async () => {
    const locks = fakeLocks();
    expect(same(await get({ cache: memoryCache(), locks }))).toBe(true);
    expect(locks.names).toEqual([]);
  });

  it("take the browser's locks where there are any", () => {
    const locks = fakeLocks();
    vi.stubGlobal('navigator', { locks });
    expect(platformLocks()).toBe(locks);
    vi.stubGlobal('navigator', undefined);
    expect(platformLocks()).toBeUndefined();
    vi.unstubAllGlobals();
  });

  it('go on without locks that are refused, but do not hide a failure of the work', async () => {
    const refused: Locks = { request: () => Promise.reject(new DOMException('Denied', 'SecurityError')) };
    expect(same(await get({ cache: lasting(), locks: refused }))).toBe(true);
    await server.close();
    server = await serve((_, r) => r.writeHead(404).end());
    const failure = await failureOf(() => fetchFile(remote(server.url), { cache: lasting(), locks: fakeLocks() }));
    expect(failure).toMatchObject({ kind: 'http', status: 404 });
    expect(server.requests).toHaveLength(1);
  });
});

describe('any road', () => {
  /** What a server may do with one request; numbers are shares of what was asked for. */
  const act = fc.oneof(
    fc.record({ kind: fc.constantFrom('send', 'deaf', 'drop', 'end', 'flip', 'wrong-place'), at: fc.nat(99) }),
    fc.record({ kind: fc.constantFrom('throw', 'status', 'page', 'long'), at: fc.constantFrom(404, 416, 500, 503) }),
  );
  const content = CONTENT.subarray(0, 5000);

  function respond({ kind, at }: { kind: string; at: number }, begin: number): Response {
    const from = kind === 'deaf' ? 0 : begin;
    const piece = new Uint8Array(content.subarray(from));
    const cut = Math.floor((piece.length * at) / 100);
    if (kind === 'flip') piece[cut] = (piece[cut] ?? 0) ^ 1;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(kind === 'drop' || kind === 'end' ? piece.subarray(0, cut) : piece);
        if (kind === 'long') controller.enqueue(piece.slice(0, 1).fill(1));
        if (kind === 'drop') controller.error(new TypeError('terminated'));
        else controller.close();
      },
    });
    if (kind === 'throw') throw new TypeError('Failed to fetch');
    if (kind === 'status') return new Response(null, { status: at });
    if (kind === 'page') return new Response('<html>', { headers: { 'Content-Type': 'text/html' } });
    if (from === 0) return new Response(body);
    const place = kind === 'wrong-place' ? from + 1 : from;
    return new Response(body, { status: 206, headers: { 'Content-Range': `bytes ${place}-4999/5000` } });
  }

  it('ends in the right bytes or in a failure of its own kind, after a bounded number of requests', async () => {
    server = await serve(() => undefined);
    const ends = { right: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), async (acts) => {
        let requests = 0;
        const fetch = (_: string, init: RequestInit) => {
          const range = new Headers(init.headers).get('range');
          const next = acts[requests++ % acts.length] ?? { kind: 'send', at: 0 };
          return Promise.resolve().then(() => respond(next, Number(/\d+/.exec(range ?? '')?.[0] ?? 0)));
        };
        const file = { url: 'http://x/', bytes: content.length, sha256: sha256(content) };
        try {
          const bytes = await fetchFile(file, { fetch, sleep: () => Promise.resolve() });
          expect(Buffer.compare(bytes, content)).toBe(0);
          ends.right++;
        } catch (error) {
          if (!(error instanceof LimnError)) throw error;
          expect(['network', 'http', 'corrupt-download']).toContain(error.failure.kind);
          ends.failed++;
        }
        expect(requests).toBeLessThan(1000);
      }),
      { numRuns: 500 },
    );
    expect(ends.right).toBeGreaterThan(100);
    expect(ends.failed).toBeGreaterThan(50);
  });
});
