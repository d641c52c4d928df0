/**
 * A file of known length and SHA-256, from the cache or the network. Whatever the road does (drops, lies about
 * lengths, compresses, serves an old copy), the bytes that come out are the manifest's bytes, or a LimnError.
 */
import { LimnError, toFailure, type Failure } from '../../failure.ts';
import type { WeightCache } from './cache.ts';
import { keepPart, takePart, type Parts } from './parts.ts';
import { sha256Hex } from './sha256.ts';
import { throwIfCancelled, transfer, WEB_PAGE, type Fetch, type Part } from './transfer.ts';

export interface RemoteFile {
  readonly url: string;
  readonly bytes: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** Bytes. `loaded` may fall where a server cannot resume; `cached` of them needed no transfer. */
export interface FileProgress {
  readonly loaded: number;
  readonly total: number;
  readonly cached: number;
}

/** The part of navigator.locks that is needed here. */
export interface Locks {
  request<T>(name: string, options: { signal?: AbortSignal }, work: () => Promise<T>): Promise<T>;
}

export interface DownloadOptions {
  readonly fetch?: Fetch | undefined;
  readonly cache?: WeightCache | undefined;
  /** What came of files whose transfer broke off; this one goes on from there, and leaves its own there. */
  readonly parts?: Parts | undefined;
  readonly locks?: Locks | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report?: ((progress: FileProgress) => void) | undefined;
  /** Hears what went wrong without stopping the load: `quota`, or a cache that fails. */
  readonly warn?: ((failure: Failure) => void) | undefined;
  /** Requests in a row that may bring nothing new, beyond the first. */
  readonly retries?: number | undefined;
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined;
  readonly stallMs?: number | undefined;
}

export const RETRIES = 4;
const STALL_MS = 30_000;

/**
 * The file's bytes, not to be written to (the cache may hold them too). Throws `network`, `http`,
 * `corrupt-download` or `cancelled`; a cache that fails or is full only warns.
 */
export async function fetchFile(file: RemoteFile, options: DownloadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const kept = await fromCache(file, options);
  if (kept) return kept;
  return alone(file, options, async () => {
    // While this tab waited for its turn another may have put the file there.
    const meanwhile = await fromCache(file, options);
    if (meanwhile) return meanwhile;
    const bytes = await download(file, options);
    await keep(file, bytes, options);
    return bytes;
  });
}

/** Milliseconds to wait before the n-th retry, from 1. */
export function backoff(n: number): number {
  return Math.min(8000, 250 * 2 ** n);
}

/** Waits, and throws `cancelled` without delay when the signal says so. */
export async function pause(milliseconds: number, options: Pick<DownloadOptions, 'sleep' | 'signal'>): Promise<void> {
  const { signal, sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) } = options;
  throwIfCancelled(signal);
  let wake: () => void = () => undefined;
  const cancelled = new Promise<void>((resolve) => (wake = resolve));
  signal?.addEventListener('abort', wake, { once: true });
  await Promise.race([sleep(milliseconds), cancelled]);
  signal?.removeEventListener('abort', wake);
  throwIfCancelled(signal);
}

/** The platform's fetch, by its own name: called as another object's method it would refuse. */
export const platformFetch: Fetch = (url, init) => fetch(url, init);

/** The browser's locks across tabs, or undefined where it has none. */
export function platformLocks(): Locks | undefined {
  return (globalThis.navigator as Navigator | undefined)?.locks;
}

async function download(file: RemoteFile, options: DownloadOptions): Promise<Uint8Array<ArrayBuffer>> {
  const part = takePart(options.parts, file.sha256, file.bytes);
  try {
    return await complete(file, part, options);
  } catch (error) {
    // Of a file that arrived damaged nobody knows which bytes are.
    const sound = toFailure(error).kind !== 'corrupt-download' && part.resumable && part.loaded > 0;
    if (options.parts && sound) keepPart(options.parts, file.sha256, part);
    throw error;
  }
}

async function complete(file: RemoteFile, part: Part, options: DownloadOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { fetch = platformFetch, retries = RETRIES, stallMs = STALL_MS, signal } = options;
  const report = () => options.report?.({ loaded: part.loaded, total: file.bytes, cached: 0 });
  let fresh = false;
  let furthest = part.loaded;
  let failures = 0;
  if (part.loaded > 0) report();
  for (;;) {
    const outcome = await transfer(file.url, part, { fetch, signal, stallMs, fresh, report });
    if (outcome.kind === 'whole' && (await sha256Hex(part.bytes)) === file.sha256) return part.bytes;
    if (looksLikeWebPage(part)) throw damaged(file, WEB_PAGE);
    if (outcome.kind === 'refused') throw new LimnError(outcome.failure);
    if (outcome.kind === 'broken') {
      // Only new ground earns more patience: a server that always drops at 90 % must come to an end.
      if (part.loaded > furthest) failures = 0;
      furthest = Math.max(furthest, part.loaded);
      if (++failures > retries) throw new LimnError(outcome.failure);
      if (!part.resumable) part.loaded = 0;
      await pause(backoff(failures), options);
    } else {
      // Another file than the manifest's: an old copy in a cache on the way, or files newer than our manifest.
      const detail = outcome.kind === 'other' ? outcome.detail : 'its SHA-256 is not the one in the manifest';
      if (fresh) throw damaged(file, `${detail}; reload the page, it may be older than its files`);
      fresh = true;
      part.loaded = 0;
    }
    report();
  }
}

function damaged(file: RemoteFile, detail: string): LimnError {
  return new LimnError({ kind: 'corrupt-download', url: file.url, detail });
}

/** A page for people that was served under another type, as some hosts do for addresses that they do not know. */
function looksLikeWebPage(part: Part): boolean {
  const start = new TextDecoder('latin1').decode(part.bytes.subarray(0, Math.min(part.loaded, 512)));
  return /^\s*<(!doctype\s+html|html)\b/i.test(start);
}

async function fromCache(file: RemoteFile, options: DownloadOptions): Promise<Uint8Array<ArrayBuffer> | undefined> {
  throwIfCancelled(options.signal);
  try {
    const bytes = await options.cache?.get(file.sha256);
    if (!bytes) return undefined;
    if ((await sha256Hex(bytes)) === file.sha256) {
      options.report?.({ loaded: file.bytes, total: file.bytes, cached: file.bytes });
      return bytes;
    }
    await options.cache?.delete(file.sha256);
  } catch (error) {
    options.warn?.(cacheFailure(file, error));
  }
  return undefined;
}

async function keep(file: RemoteFile, bytes: Uint8Array<ArrayBuffer>, options: DownloadOptions): Promise<void> {
  try {
    await options.cache?.put(file.sha256, bytes);
  } catch (error) {
    options.warn?.(cacheFailure(file, error));
  }
}

function cacheFailure(file: RemoteFile, error: unknown): Failure {
  const name = error instanceof Error ? error.name : '';
  if (/quota/i.test(name)) return { kind: 'quota', neededBytes: file.bytes };
  return { kind: 'internal', detail: `the cache could not be used: ${error instanceof Error ? error.message : name}` };
}

/** One tab at a time for each file, where that can save a download: with locks, and a cache that tabs share. */
async function alone<T>(file: RemoteFile, options: DownloadOptions, work: () => Promise<T>): Promise<T> {
  const { locks, cache, signal } = options;
  if (!locks || !cache?.persistent) return work();
  let begun = false;
  try {
    return await locks.request(`limn-weights/${file.sha256}`, signal ? { signal } : {}, () => {
      begun = true;
      return work();
    });
  } catch (error) {
    throwIfCancelled(signal);
    if (begun) throw error;
    // Locks can be refused (opaque origins); a file downloaded twice is the lesser evil.
    return work();
  }
}
