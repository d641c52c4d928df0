import { afterEach, describe, expect, it } from 'vitest';
import { fetchFile, type DownloadOptions } from '../../../src/engine/weights/download.ts';
import { keepPart, takePart, type Parts } from '../../../src/engine/weights/parts.ts';
import { arrived, CONTENT, drop, honest, rangeOf, remote, serve, type Handler, type Server } from './bad-server.ts';
import { failureOf } from './raw-file.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** Downloads CONTENT from a server that behaves like this. */
async function get(handler: Handler, options: DownloadOptions) {
  server = await serve(handler);
  const report: DownloadOptions['report'] = (progress) => {
    options.report?.(progress);
    arrived(progress.loaded);
  };
  return fetchFile(remote(server.url), { sleep: () => Promise.resolve(), retries: 0, ...options, report });
}

/** What a download that fails leaves. */
async function leave(handler: Handler, options: DownloadOptions = {}) {
  const parts: Parts = new Map();
  const failure = await failureOf(() => get(handler, { parts, ...options }));
  await server?.close();
  return { parts, failure, loaded: [...parts.values()].map((part) => part.loaded) };
}

const same = (bytes: Uint8Array) => Buffer.compare(CONTENT, bytes) === 0;
const WRONG = CONTENT.map((byte) => byte ^ 1);

describe('parts of files', () => {
  it('are gone on from, and go when the file is whole', async () => {
    const { parts, failure, loaded } = await leave((_, r) => drop(r, 0.9));
    expect(failure).toMatchObject({ kind: 'network' });
    expect(loaded).toEqual([270_000]);
    const heard: number[] = [];
    expect(same(await get((q, r) => honest(q, r), { parts, report: (p) => heard.push(p.loaded) }))).toBe(true);
    expect(server?.requests.map(rangeOf)).toEqual([270_000]);
    expect(heard[0]).toBe(270_000);
    expect(parts.size).toBe(0);
  });

  it('stay where the download was cancelled', async () => {
    const abort = new AbortController();
    const hangs: Handler = (_, r) => void (r.writeHead(200), r.write(CONTENT.subarray(0, 1000)));
    const left = await leave(hangs, { signal: abort.signal, report: () => abort.abort() });
    expect(left).toMatchObject({ failure: { kind: 'cancelled' }, loaded: [1000] });
  });

  it('are none of a file that is damaged', async () => {
    const left = await leave((q, r) => honest(q, r, WRONG));
    expect(left).toMatchObject({ failure: { kind: 'corrupt-download' }, loaded: [] });
  });

  it('of another file are found out by the hash, and the file is fetched anew', async () => {
    const { parts } = await leave((_, r) => drop(r, 0.9, WRONG));
    expect(same(await get((q, r) => honest(q, r), { parts }))).toBe(true);
    expect(server?.requests.map(rangeOf)).toEqual([270_000, 0]);
  });

  it('are bounded: the oldest go', () => {
    const parts: Parts = new Map();
    const keep = (name: string, mebibytes: number) =>
      keepPart(parts, name, takePart(undefined, name, mebibytes * 2 ** 20));
    keep('a', 30);
    keep('b', 30);
    keep('c', 30);
    expect([...parts.keys()]).toEqual(['b', 'c']);
    keep('d', 65);
    expect(parts.size).toBe(0);
  });
});
