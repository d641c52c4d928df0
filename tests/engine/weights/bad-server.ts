import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RemoteFile } from '../../../src/engine/weights/download.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

export interface Server {
  readonly url: string;
  /** Every request so far. */
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

/** A real server on this machine that answers as the test wants; `count` numbers the requests from 1. */
export async function serve(handler: Handler): Promise<Server> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handler(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** 300,000 bytes that do not compress to nothing and look like no web page. */
export const CONTENT = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 5));

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export const remote = (url: string, content: Uint8Array = CONTENT): RemoteFile => ({
  url,
  bytes: content.length,
  sha256: sha256(content),
});

/** Where a Range request wants to begin, or 0. */
export const rangeOf = (request: IncomingMessage) =>
  Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);

/** What a good server does: the whole file, or the rest of it. */
export function honest(request: IncomingMessage, response: ServerResponse, content: Uint8Array = CONTENT): void {
  const begin = rangeOf(request);
  if (begin > 0) {
    response.writeHead(206, {
      'Content-Range': `bytes ${begin}-${content.length - 1}/${content.length}`,
      'Content-Length': content.length - begin,
    });
  } else response.writeHead(200, { 'Content-Length': content.length });
  response.end(content.subarray(begin));
}

const cuts = new Set<{ readonly bytes: number; readonly cut: () => void }>();

/** Announces `content` whole (or so many times its length), sends this part of it, and cuts the line once `arrived` has told that it is there. */
export function drop(response: ServerResponse, part: number, content: Uint8Array = CONTENT, announced = 1): void {
  const bytes = Math.floor(part * content.length);
  response.writeHead(200, { 'Content-Length': announced * content.length });
  response.write(content.subarray(0, bytes));
  cuts.add({ bytes, cut: () => response.destroy() });
}

/** To be called with the client's progress. By a clock instead, a busy machine would cut too early. */
export function arrived(loaded: number): void {
  for (const waiting of cuts) {
    if (loaded < waiting.bytes) continue;
    cuts.delete(waiting);
    waiting.cut();
  }
}
