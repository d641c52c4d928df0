/** Downloads from a server that behaves as a test wants. */
import { afterEach } from 'vitest';
import { fetchFile, type DownloadOptions, type FileProgress } from '../../../src/engine/weights/download.ts';
import { arrived, CONTENT, remote, serve, type Handler, type Server } from './bad-server.ts';
import { failureOf } from './raw-file.ts';

/** The latest one. */
export let server: Server;
afterEach(() => server.close());

export const quick = { sleep: () => Promise.resolve(), stallMs: 5000 };

export async function start(handler: Handler): Promise<void> {
  server = await serve(handler);
}

/** Downloads CONTENT from a server that behaves like this. */
export async function get(handler: Handler, options: DownloadOptions = {}) {
  await start(handler);
  const report = (progress: FileProgress) => {
    options.report?.(progress);
    arrived(progress.loaded);
  };
  return fetchFile(remote(server.url), { ...quick, ...options, report });
}
export const fail = (handler: Handler, options?: DownloadOptions) => failureOf(() => get(handler, options));
export const same = (bytes: Uint8Array) => Buffer.compare(CONTENT, bytes) === 0;
