import { createGzip, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fetchFile, type FileProgress } from '../../../src/engine/weights/download.ts';
import { CONTENT, drop, honest, rangeOf, remote, type Handler } from './bad-server.ts';
import { fail, get, quick, same, server, start } from './downloading.ts';
import { failureOf } from './raw-file.ts';

describe('a transfer that goes well', () => {
  it('counts true bytes, up to all of them', async () => {
    const heard: FileProgress[] = [];
    expect(same(await get((q, r) => honest(q, r), { report: (p) => heard.push(p) }))).toBe(true);
    expect(heard.length).toBeGreaterThan(1);
    expect(heard.every((p) => p.total === CONTENT.length && p.cached === 0)).toBe(true);
    expect(heard.map((p) => p.loaded)).toEqual(heard.map((p) => p.loaded).sort((a, b) => a - b));
    expect(heard.at(-1)?.loaded).toBe(CONTENT.length);
    expect(server.requests).toHaveLength(1);
  });

  it('17: needs no Content-Length', async () => {
    const chunked: Handler = (_, r) => {
      r.writeHead(200);
      r.write(CONTENT.subarray(0, 1000));
      r.end(CONTENT.subarray(1000));
    };
    expect(same(await get(chunked))).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  it('17: is not misled by a Content-Length that is too great', async () => {
    expect(same(await get((_, r) => drop(r, 1, CONTENT, 2)))).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  it('17: asks for the rest where a Content-Length is too small', async () => {
    const modest: Handler = (q, r) => {
      if (rangeOf(q) > 0) return honest(q, r);
      r.writeHead(200, { 'Content-Length': 1000, Connection: 'close' });
      r.end(CONTENT);
    };
    expect(same(await get(modest))).toBe(true);
    expect(server.requests.map(rangeOf)).toEqual([0, 1000]);
  });

  it('18: counts decoded bytes of a compressed transfer', async () => {
    const packed = gzipSync(CONTENT);
    expect(packed.length).toBeLessThan(CONTENT.length);
    const heard: FileProgress[] = [];
    const zipped: Handler = (_, r) => {
      r.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': packed.length });
      r.end(packed);
    };
    expect(same(await get(zipped, { report: (p) => heard.push(p) }))).toBe(true);
    expect(heard.at(-1)).toEqual({ loaded: CONTENT.length, total: CONTENT.length, cached: 0 });
  });
});

describe('a transfer that breaks', () => {
  it('18: resumes a compressed transfer by decoded bytes, uncompressed', async () => {
    let cut = () => {};
    const zipped: Handler = (q, r, n) => {
      if (n > 1) return honest(q, r);
      cut = () => r.destroy();
      r.writeHead(200, { 'Content-Encoding': 'gzip' });
      const gzip = createGzip();
      gzip.pipe(r);
      gzip.write(CONTENT.subarray(0, 150_000));
      // What was written goes out whole; the rest never comes.
      gzip.flush();
    };
    // Cut only once decoded bytes are here, however the packets fall.
    expect(same(await get(zipped, { report: () => cut() }))).toBe(true);
    expect(server.requests).toHaveLength(2);
    const second = server.requests[1];
    expect(second && rangeOf(second)).toBeGreaterThan(0);
    expect(second?.headers['accept-encoding']).toContain('identity');
    expect(second?.headers['cache-control']).toBeUndefined();
  });

  it('16: at 90 % goes on from there', async () => {
    const bytes = await get((q, r, n) => (n === 1 ? drop(r, 0.9) : honest(q, r)));
    expect(same(bytes)).toBe(true);
    expect(server.requests.map(rangeOf)).toEqual([0, 270_000]);
  });

  it('16: begins anew where the server ignores Range', async () => {
    const heard: number[] = [];
    const deaf: Handler = (_, r, n) => {
      if (n === 1) drop(r, 0.9);
      else r.end(CONTENT);
    };
    expect(same(await get(deaf, { report: (p) => heard.push(p.loaded) }))).toBe(true);
    expect(server.requests.map(rangeOf)).toEqual([0, 270_000]);
    expect(heard.at(-1)).toBe(CONTENT.length);
  });

  it.each([
    ['another place', 'bytes 0-299999/300000', {}],
    ['another length', 'bytes 270000-299998/299999', {}],
    ['nothing', '', {}],
    ['a compressed stream', 'bytes 270000-299999/300000', { 'Content-Encoding': 'gzip' }],
  ])('16: begins anew where a 206 tells of %s', async (_, contentRange, headers) => {
    const lies: Handler = (q, r, n) => {
      if (n === 1) return drop(r, 0.9);
      if (rangeOf(q) === 0) return honest(q, r);
      r.writeHead(206, { 'Content-Range': contentRange, ...headers });
      r.end(CONTENT.subarray(0, 30_000));
    };
    expect(same(await get(lies))).toBe(true);
    expect(server.requests.map(rangeOf)).toEqual([0, 270_000, 0]);
    // It was seen in the headers, not only later by the hash, which would ask past the caches.
    expect(server.requests[2]?.headers['cache-control']).toBeUndefined();
  });

  it('16: begins anew where the server answers 416', async () => {
    const refuses: Handler = (q, r, n) => {
      if (n === 1) drop(r, 0.9);
      else if (rangeOf(q) > 0) r.writeHead(416).end();
      else honest(q, r);
    };
    expect(same(await get(refuses))).toBe(true);
    expect(server.requests).toHaveLength(3);
  });

  it('16: does not ask twice for what the server cannot do', async () => {
    const refuses: Handler = (q, r, n) => {
      if (rangeOf(q) > 0) r.writeHead(416).end();
      else if (n < 4) drop(r, 0.9);
      else honest(q, r);
    };
    expect(same(await get(refuses))).toBe(true);
    expect(server.requests.map(rangeOf)).toEqual([0, 270_000, 0, 0]);
  });

  it('16: asks for the rest of the same file, by its strong ETag only', async () => {
    const tagged = (etag: string): Handler => {
      return (q, r, n) => {
        r.setHeader('ETag', etag);
        if (n === 1) drop(r, 0.9);
        else honest(q, r);
      };
    };
    await get(tagged('"one"'));
    expect(server.requests[1]?.headers['if-range']).toBe('"one"');
    await server.close();
    await get(tagged('W/"one"'));
    expect(server.requests[1]?.headers['if-range']).toBeUndefined();
  });

  it('16: resumes as often as it gains ground, and waits longer each time it gains none', async () => {
    const waits: number[] = [];
    const sleep = (ms: number) => Promise.resolve(void waits.push(ms));
    const drips: Handler = (q, r, n) => {
      const begin = rangeOf(q);
      // Every second request dies at once.
      if (n % 2 === 0) return void r.destroy();
      const end = Math.min(begin + 30_000, CONTENT.length);
      r.writeHead(n === 1 ? 200 : 206, { 'Content-Range': `bytes ${begin}-${end - 1}/${CONTENT.length}` });
      r.end(CONTENT.subarray(begin, end));
    };
    expect(same(await get(drips, { sleep, retries: 2 }))).toBe(true);
    expect(server.requests).toHaveLength(19);
    expect(waits.slice(0, 4)).toEqual([500, 1000, 500, 1000]);
  });

  it('16: gives up on a server that ignores Range and always drops', async () => {
    const failure = await fail((_, r) => drop(r, 0.9), { retries: 2 });
    expect(failure).toMatchObject({ kind: 'network', url: server.url });
    expect(failure).toMatchObject({ detail: expect.stringContaining('270000 of 300000 bytes') as unknown });
    expect(server.requests).toHaveLength(3);
  });

  it('counts silence as a break', async () => {
    const hangs: Handler = (q, r, n) => {
      if (n > 1) return honest(q, r);
      r.writeHead(200, { 'Content-Length': CONTENT.length });
      r.write(CONTENT.subarray(0, 1000));
    };
    expect(same(await get(hangs, { stallMs: 500 }))).toBe(true);
    expect(server.requests.map(rangeOf)).toEqual([0, 1000]);
    await server.close();
    expect(await fail(() => undefined, { stallMs: 100, retries: 0 })).toMatchObject({
      kind: 'network',
      detail: 'broken off after 0 of 300000 bytes: nothing came for 0.1 s',
    });
  });

  it('says so where no server is', async () => {
    await start(() => undefined);
    await server.close();
    const failure = await failureOf(() => fetchFile(remote(server.url), { ...quick, retries: 1 }));
    expect(failure).toMatchObject({ kind: 'network', detail: expect.stringContaining('ECONNREFUSED') as unknown });
  });

  it('19: with 404 ends at once, with 500 is tried again', async () => {
    expect(await fail((_, r) => r.writeHead(404).end())).toEqual({ kind: 'http', url: server.url, status: 404 });
    expect(server.requests).toHaveLength(1);
    await server.close();
    expect(same(await get((q, r, n) => (n === 1 ? r.writeHead(500).end() : honest(q, r))))).toBe(true);
    await server.close();
    expect(await fail((_, r) => r.writeHead(500).end(), { retries: 3 })).toMatchObject({ kind: 'http', status: 500 });
    expect(server.requests).toHaveLength(4);
  });
});
