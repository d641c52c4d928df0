/**
 * One HTTP request for a file whose length is known beforehand. It fills `part` and says how it ended; what to
 * do about that (resume, start anew, give up) is download.ts's affair.
 */
import { LimnError, type Failure } from '../../failure.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A file on its way. The buffer has the manifest's length, so no server can make it grow. */
export interface Part {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** So many bytes are here, counted after content decoding. */
  loaded: number;
  /** Strong ETag of what has been loaded, so that the rest is asked of the same file. */
  etag: string | undefined;
  /** False once this server has answered a Range request with something of no use. */
  resumable: boolean;
}

export type Outcome =
  | { readonly kind: 'whole' }
  /** Worth another request; `part` tells from where. */
  | { readonly kind: 'broken'; readonly failure: Failure }
  /** The same request would get the same answer. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** A file, but not the one in the manifest. */
  | { readonly kind: 'other'; readonly detail: string };

export interface TransferOptions {
  readonly fetch: Fetch;
  readonly signal?: AbortSignal | undefined;
  /** After so many milliseconds without a byte the transfer counts as broken. */
  readonly stallMs: number;
  /** Past every HTTP cache on the way. */
  readonly fresh: boolean;
  /** Called after each piece. */
  readonly report: () => void;
}

export const WEB_PAGE = 'the server sent a web page in place of the file';
/** Answers that a second request may better. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
/** The last byte is here; so long we wait for the server to say so, which keeps its connection usable. */
const FAREWELL_MS = 1000;

/** Throws `cancelled`, and nothing else. */
export async function transfer(url: string, part: Part, options: TransferOptions): Promise<Outcome> {
  const { signal, stallMs } = options;
  throwIfCancelled(signal);
  const abort = new AbortController();
  const stop = () => abort.abort();
  let stalled = false;
  const stall = () => {
    stalled = true;
    stop();
  };
  let watchdog = setTimeout(stall, stallMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const response = await options.fetch(url, request(part, options.fresh, abort.signal));
    const refusal = examine(response, url, part);
    if (refusal) return refusal;
    const reader = response.body?.getReader();
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) break;
      const room = part.bytes.length - part.loaded;
      part.bytes.set(value.subarray(0, room), part.loaded);
      part.loaded += Math.min(room, value.length);
      if (value.length > room) return { kind: 'other', detail: `longer than its ${part.bytes.length} bytes` };
      options.report();
      clearTimeout(watchdog);
      watchdog = setTimeout(stall, part.loaded === part.bytes.length ? FAREWELL_MS : stallMs);
    }
    if (part.loaded === part.bytes.length) return { kind: 'whole' };
    const detail = `it ended after ${part.loaded} of ${part.bytes.length} bytes`;
    return { kind: 'broken', failure: { kind: 'corrupt-download', url, detail } };
  } catch (error) {
    throwIfCancelled(signal);
    // A server that announced too great a length breaks the connection only when all that we need is here.
    if (part.loaded === part.bytes.length) return { kind: 'whole' };
    const why = stalled ? `nothing came for ${stallMs / 1000} s` : reason(error);
    const detail = `broken off after ${part.loaded} of ${part.bytes.length} bytes: ${why}`;
    return { kind: 'broken', failure: { kind: 'network', url, detail } };
  } finally {
    clearTimeout(watchdog);
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LimnError({ kind: 'cancelled' });
}

/** Whether the server says that this is a page for people. */
export function isWebPage(response: Response): boolean {
  return /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(response.headers.get('content-type') ?? '');
}

/** The engine's words for a fetch that failed; Node hides the useful half in the cause. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/** Whether another request may do better than this status. */
export function isPassing(status: number): boolean {
  return PASSING.has(status);
}

function request(part: Part, fresh: boolean, signal: AbortSignal): RequestInit {
  const headers: Record<string, string> = {};
  if (part.loaded > 0) {
    headers['Range'] = `bytes=${part.loaded}-`;
    if (part.etag !== undefined) headers['If-Range'] = part.etag;
  }
  return { headers, signal, cache: fresh ? 'reload' : 'default' };
}

/** Reads status and headers, and sets `part` to where the body begins. An outcome means: do not read the body. */
function examine(response: Response, url: string, part: Part): Outcome | undefined {
  const { status } = response;
  if (status === 416 || (status === 206 && !continues(response, part))) {
    part.loaded = 0;
    part.resumable = false;
    return { kind: 'broken', failure: { kind: 'network', url, detail: 'the server cannot resume the transfer' } };
  }
  if (!response.ok) return { kind: isPassing(status) ? 'broken' : 'refused', failure: { kind: 'http', url, status } };
  if (isWebPage(response)) return { kind: 'refused', failure: { kind: 'corrupt-download', url, detail: WEB_PAGE } };
  if (status !== 206) {
    part.loaded = 0;
    const etag = response.headers.get('etag');
    part.etag = etag?.startsWith('"') ? etag : undefined;
  }
  return undefined;
}

/** Whether a 206 goes on where `part` ends. Pieces of a compressed stream cannot be joined to decoded bytes. */
function continues(response: Response, part: Part): boolean {
  const encoding = response.headers.get('content-encoding') ?? 'identity';
  const [, begin, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? [];
  const sameLength = total === '*' || Number(total) === part.bytes.length;
  return encoding === 'identity' && Number(begin) === part.loaded && sameLength;
}
