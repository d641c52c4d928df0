import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryCache } from '../../../src/engine/weights/cache.ts';
import { readFileSource } from '../../../src/engine/weights/disk.ts';
import type { FileProgress } from '../../../src/engine/weights/download.ts';
import type { Manifest, ModelEntry } from '../../../src/engine/weights/manifest.ts';
import { sha256Hex } from '../../../src/engine/weights/sha256.ts';
import { fetchModel, httpSource } from '../../../src/engine/weights/source.ts';
import { arrived, CONTENT, drop, honest, rangeOf, serve, sha256, type Handler, type Server } from './bad-server.ts';
import { failureOf } from './raw-file.ts';

const VOCABULARY = Buffer.from('["white","petals"]');
const FILES = new Map([
  ['/models/flowers/generator.safetensors', CONTENT],
  ['/models/flowers/vocabulary.json', VOCABULARY],
]);
const file = (role: string, path: string, content: Uint8Array) => {
  return { role, path, bytes: content.length, sha256: sha256(content) };
};
const entry: ModelEntry = {
  id: 'flowers',
  name: 'Flowers',
  architecture: 'gan-int-cls',
  config: {},
  sizes: [64],
  files: [
    file('generator', 'flowers/generator.safetensors', CONTENT),
    file('twin', 'flowers/generator.safetensors', CONTENT),
    file('vocabulary', 'flowers/vocabulary.json', VOCABULARY),
  ],
};
const manifest: Manifest = { version: 1, models: [entry] };

let server: Server | undefined;
let folder: string | undefined;
afterEach(async () => {
  vi.unstubAllGlobals();
  await server?.close();
  server = undefined;
  if (folder) await rm(folder, { recursive: true });
  folder = undefined;
});

const quick = { sleep: () => Promise.resolve() };
const site: Handler = (q, r) => {
  const content = FILES.get(q.url ?? '');
  if (content) honest(q, r, content);
  else r.writeHead(404).end();
};
async function start(handler: Handler): Promise<string> {
  server = await serve(handler);
  return `${server.url}models/manifest.json`;
}

describe('fetchModel', () => {
  it('fetches every role, each file once, and sums the progress', async () => {
    const heard: FileProgress[] = [];
    const url = await start(site);
    const files = await fetchModel(entry, ['generator', 'twin', 'vocabulary'], url, { report: (p) => heard.push(p) });
    expect(Buffer.compare(files.get('generator') ?? Buffer.alloc(0), CONTENT)).toBe(0);
    expect(files.get('twin')).toBe(files.get('generator'));
    expect(Buffer.from(files.get('vocabulary') ?? []).toString()).toBe('["white","petals"]');
    expect(server?.requests.map((q) => q.url).sort()).toEqual([...FILES.keys()].sort());
    const total = CONTENT.length + VOCABULARY.length;
    expect(heard[0]).toEqual({ loaded: 0, total, cached: 0 });
    expect(heard.at(-1)).toEqual({ loaded: total, total, cached: 0 });
  });

  it('goes on, in the next load, from where the last one gave up', async () => {
    let line = 'bad';
    const url = await start((q, r) => (line === 'bad' ? drop(r, 0.9) : site(q, r, 0)));
    const source = httpSource(url, { ...quick, retries: 0 });
    const load = () => source.files(entry, ['generator'], { report: ({ loaded }) => arrived(loaded) });
    expect(await failureOf(load)).toMatchObject({ kind: 'network' });
    line = 'good';
    expect(Buffer.compare((await load()).get('generator') ?? Buffer.alloc(0), CONTENT)).toBe(0);
    expect(server?.requests.map(rangeOf)).toEqual([0, 270_000]);
  });

  it('fetches no role that was not asked for', async () => {
    const files = await httpSource(await start(site)).files(entry, ['vocabulary']);
    expect([...files.keys()]).toEqual(['vocabulary']);
    expect(server?.requests).toHaveLength(1);
  });

  it('refuses a role that the manifest does not name, before it asks for anything', async () => {
    const url = await start(site);
    expect(await failureOf(() => fetchModel(entry, ['generator', 'encoder'], url))).toEqual({
      kind: 'bad-weights',
      file: 'flowers',
      detail: 'the manifest names no encoder for it',
    });
    expect(server?.requests).toHaveLength(0);
  });

  it('19: throws the first failure and ends the other transfers', async () => {
    let ended: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (ended = resolve));
    const url = await start((q, r) => {
      if (q.url?.endsWith('vocabulary.json')) return void setTimeout(() => r.writeHead(404).end(), 50);
      r.on('close', ended);
      r.writeHead(200);
      r.write(CONTENT.subarray(0, 10));
    });
    const failure = await failureOf(() => fetchModel(entry, ['generator', 'vocabulary'], url, quick));
    expect(failure).toMatchObject({ kind: 'http', status: 404 });
    await closed;
  });

  it('can be cancelled', async () => {
    const abort = new AbortController();
    const url = await start((_, r) => {
      r.writeHead(200);
      r.write('x');
      setTimeout(() => abort.abort(), 20);
    });
    const failure = await failureOf(() =>
      fetchModel(entry, ['generator', 'vocabulary'], url, { signal: abort.signal }),
    );
    expect(failure).toEqual({ kind: 'cancelled' });
  });
});

describe('the manifest over HTTP', () => {
  const ask = async (handler: Handler) => httpSource(await start(handler), quick).manifest();
  const fail = (handler: Handler) => failureOf(() => ask(handler));

  it('23: is asked for anew each time', async () => {
    expect(await ask((_, r) => r.end(JSON.stringify(manifest)))).toEqual(manifest);
    expect(server?.requests[0]?.headers['cache-control']).toBe('max-age=0');
  });

  it('19: is tried again after 500, not after 404', async () => {
    const answer = await ask((_, r, n) => (n < 3 ? r.writeHead(500).end() : r.end(JSON.stringify(manifest))));
    expect(answer).toEqual(manifest);
    await server?.close();
    expect(await fail((_, r) => r.writeHead(404).end())).toMatchObject({ kind: 'http', status: 404 });
    expect(server?.requests).toHaveLength(1);
  });

  it("is the last visit's where there is no network", async () => {
    const asked: (RequestCache | undefined)[] = [];
    const offline = (_url: string, { cache }: RequestInit): Promise<Response> => {
      asked.push(cache);
      if (cache === 'force-cache') return Promise.resolve(new Response(JSON.stringify(manifest)));
      return Promise.reject(new TypeError('Failed to fetch'));
    };
    const source = httpSource('http://localhost/models/manifest.json', { ...quick, fetch: offline });
    expect(await source.manifest()).toEqual(manifest);
    expect(asked).toEqual(['no-cache', 'force-cache']);
  });

  it('tells the cache which files it still needs', async () => {
    const kept: string[][] = [];
    const cache = {
      ...memoryCache(),
      keepOnly: (hashes: ReadonlySet<string>) => Promise.resolve(void kept.push([...hashes])),
    };
    const url = await start((_, r) => r.end(JSON.stringify(manifest)));
    await httpSource(url, { ...quick, cache }).manifest();
    expect(kept).toEqual([[sha256(CONTENT), sha256(VOCABULARY)]]);
  });

  it('15: is no web page', async () => {
    const page: Handler = (_, r) => r.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>');
    expect(await fail(page)).toMatchObject({
      kind: 'corrupt-download',
      detail: expect.stringContaining('web page') as unknown,
    });
  });

  it('is bounded, JSON, and checked', async () => {
    const broken = await fail((_, r) => r.end('{"version":1'));
    expect(broken).toMatchObject({ kind: 'bad-weights', detail: 'it is no JSON' });
    await server?.close();
    const later = await fail((_, r) => r.end('{"version":2,"models":[]}'));
    expect(later).toMatchObject({ kind: 'bad-weights', detail: expect.stringMatching(/^version: /) as unknown });
    await server?.close();
    const long = await fail((_, r) => r.end(' '.repeat(1_000_001)));
    expect(long).toMatchObject({ kind: 'corrupt-download', detail: 'longer than 1000000 bytes' });
  });
});

describe('readFileSource', () => {
  async function source(content: Uint8Array = CONTENT) {
    folder = await mkdtemp(join(tmpdir(), 'limn-'));
    await mkdir(join(folder, 'flowers'));
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await writeFile(join(folder, 'flowers/generator.safetensors'), content);
    return readFileSource(folder);
  }

  it('reads the manifest and the files', async () => {
    const disk = await source();
    const heard: FileProgress[] = [];
    expect(await disk.manifest()).toEqual(manifest);
    const files = await disk.files(entry, ['generator'], { report: (p) => heard.push(p) });
    expect(Buffer.compare(files.get('generator') ?? Buffer.alloc(0), CONTENT)).toBe(0);
    expect(heard).toEqual([{ loaded: 300_000, total: 300_000, cached: 300_000 }]);
  });

  it('12: refuses files of another length or hash, and says which are missing', async () => {
    const flipped = await source(CONTENT.map((byte) => byte ^ 1));
    expect(await failureOf(() => flipped.files(entry, ['generator']))).toMatchObject({ kind: 'bad-weights' });
    expect(await failureOf(() => flipped.files(entry, ['vocabulary']))).toMatchObject({
      kind: 'bad-weights',
      detail: expect.stringContaining('ENOENT') as unknown,
    });
    await rm(folder ?? '', { recursive: true });
    const short = await source(CONTENT.subarray(1));
    expect(await failureOf(() => short.files(entry, ['generator']))).toMatchObject({
      detail: 'expected 300000 bytes, found 299999',
    });
  });
});

describe('sha256Hex', () => {
  it('is the same with and without SubtleCrypto, which insecure pages lack', async () => {
    const bytes = new Uint8Array(CONTENT);
    expect(await sha256Hex(bytes)).toBe(sha256(CONTENT));
    vi.stubGlobal('crypto', {});
    expect(await sha256Hex(bytes)).toBe(sha256(CONTENT));
    expect(await sha256Hex(new Uint8Array(0))).toBe(sha256(new Uint8Array(0)));
  });
});
