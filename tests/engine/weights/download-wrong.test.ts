import { describe, expect, it } from 'vitest';
import { CONTENT, drop, honest, rangeOf, type Handler, type Server } from './bad-server.ts';
import { fail, get, same, server } from './downloading.ts';

describe('a transfer of the wrong bytes', () => {
  const page = '<!DOCTYPE html><html><title>Sign in</title></html>';
  const words = 'the server sent a web page in place of the file';

  it('15: tells a web page by its type', async () => {
    const typed: Handler = (_, r) =>
      r.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<title>Sign in</title>');
    expect(await fail(typed)).toEqual({ kind: 'corrupt-download', url: server.url, detail: words });
    expect(server.requests).toHaveLength(1);
  });

  it.each([page, ' \n<html>' + 'x'.repeat(400_000)])('15: tells a web page by its looks', async (text) => {
    const untyped: Handler = (_, r) => r.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(text);
    expect(await fail(untyped)).toMatchObject({ kind: 'corrupt-download', detail: words });
    expect(server.requests).toHaveLength(1);
  });

  const other = CONTENT.map((byte, i) => (i === 150_000 ? byte ^ 1 : byte));
  const fresh = (s: Server) => s.requests.map((q) => q.headers['cache-control'] === 'no-cache');

  it('12, 23: fails on one flipped bit, after a second look past the caches', async () => {
    expect(await fail((q, r) => honest(q, r, other))).toEqual({
      kind: 'corrupt-download',
      url: server.url,
      detail: 'its SHA-256 is not the one in the manifest; reload the page, it may be older than its files',
    });
    expect(fresh(server)).toEqual([false, true]);
  });

  it('23: gets the right file where only a cache on the way was old', async () => {
    expect(same(await get((q, r, n) => honest(q, r, n === 1 ? other : CONTENT)))).toBe(true);
    expect(fresh(server)).toEqual([false, true]);
  });

  it('16: joins no halves of two files', async () => {
    const changes: Handler = (q, r, n) => (n === 1 ? drop(r, 0.9, other) : honest(q, r));
    expect(same(await get(changes))).toBe(true);
    // The joined file has a wrong hash; only then is it fetched whole.
    expect(server.requests.map(rangeOf)).toEqual([0, 270_000, 0]);
  });

  it('23: cuts off a longer body at once', async () => {
    let sent = 0;
    let hangUps = 0;
    const endless: Handler = (_, r) => {
      r.writeHead(200);
      const more = () => {
        while (!r.destroyed && r.write(CONTENT)) sent += CONTENT.length;
      };
      r.on('drain', more);
      r.on('close', () => hangUps++);
      more();
    };
    const failure = await fail(endless);
    expect(failure).toMatchObject({ kind: 'corrupt-download', detail: expect.stringMatching(/^longer/) as unknown });
    expect(server.requests).toHaveLength(2);
    expect(sent).toBeLessThan(20e6);
    await expect.poll(() => hangUps).toBe(2);
  });

  it('23: gives up on a shorter file', async () => {
    const failure = await fail((q, r) => honest(q, r, CONTENT.subarray(0, 200_000)), { retries: 2 });
    expect(failure).toMatchObject({ kind: expect.stringMatching(/corrupt-download|network/) as unknown });
    expect(server.requests.length).toBeLessThan(6);
  });
});

describe('cancelling', () => {
  it('ends a transfer under way', async () => {
    const abort = new AbortController();
    let hear: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (hear = resolve));
    const slow: Handler = (_, r) => {
      r.on('close', hear);
      r.writeHead(200, { 'Content-Length': CONTENT.length });
      r.write(CONTENT.subarray(0, 1000));
    };
    const failure = await fail(slow, { signal: abort.signal, report: () => abort.abort() });
    expect(failure).toEqual({ kind: 'cancelled' });
    await closed;
    expect(server.requests).toHaveLength(1);
  });

  it('does not wait for the next attempt', async () => {
    const abort = new AbortController();
    const sleep = () => {
      abort.abort();
      return new Promise<void>(() => undefined);
    };
    const failure = await fail((_, r) => r.writeHead(503).end(), { signal: abort.signal, sleep });
    expect(failure).toEqual({ kind: 'cancelled' });
  });

  it('beforehand asks for nothing', async () => {
    expect(await fail((q, r) => honest(q, r), { signal: AbortSignal.abort() })).toEqual({ kind: 'cancelled' });
    expect(server.requests).toHaveLength(0);
  });
});
