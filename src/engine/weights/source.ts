/**
 * Where models come from: the manifest, and a model's files by role. The tab reads over HTTP (here), the command
 * line from a folder (disk.ts); the engine sees one interface.
 */
import { LimnError, type Failure } from '../../failure.ts';
import {
  backoff,
  fetchFile,
  pause,
  platformFetch,
  RETRIES,
  type DownloadOptions,
  type FileProgress,
} from './download.ts';
import { badWeights } from './header.ts';
import { checkManifest, type Manifest, type ModelEntry, type ModelFile } from './manifest.ts';
import { isPassing, isWebPage, reason, throwIfCancelled, WEB_PAGE } from './transfer.ts';

export type ModelFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

export interface WeightSource {
  manifest(signal?: AbortSignal): Promise<Manifest>;
  /** The files of these roles, their hashes checked; bytes are not to be written to. */
  files(
    entry: ModelEntry,
    roles: readonly string[],
    options?: { signal?: AbortSignal | undefined; report?: ((progress: FileProgress) => void) | undefined },
  ): Promise<ModelFiles>;
  /** Whether the entry's id means another model by now; absent where that cannot be. */
  replaced?(entry: ModelEntry): Promise<boolean>;
}

/** Bytes. A manifest of 64 models takes about 60 kB. */
const MAX_MANIFEST = 1_000_000;

/** Models below the folder of `manifestUrl` (absolute). */
export function httpSource(manifestUrl: string, options: DownloadOptions = {}): WeightSource {
  const defaults = { parts: new Map(), ...options } satisfies DownloadOptions;
  return {
    async manifest(signal) {
      const manifest = await fetchManifest(manifestUrl, { ...defaults, signal });
      const hashes = manifest.models.flatMap(({ files }) => files.map(({ sha256 }) => sha256));
      // Files of older releases go; a cache that cannot even do that is no reason to fail.
      void defaults.cache?.keepOnly(new Set(hashes)).catch(() => undefined);
      return manifest;
    },
    files: (entry, roles, wishes) => fetchModel(entry, roles, manifestUrl, { ...defaults, ...wishes }),
  };
}

/**
 * Files of a model at once, each once even if two roles share it, with summed progress. The first failure ends
 * the other transfers and is thrown: those of `fetchFile`, or bad-weights where the manifest names no such role.
 */
export async function fetchModel(
  entry: ModelEntry,
  roles: readonly string[],
  manifestUrl: string,
  options: DownloadOptions = {},
): Promise<ModelFiles> {
  throwIfCancelled(options.signal);
  const wanted = roles.map((role) => fileOf(entry, role));
  const files = [...new Map(wanted.map((file) => [file.sha256, file])).values()];
  const progress = files.map((file): FileProgress => ({ loaded: 0, total: file.bytes, cached: 0 }));
  const sum = (key: keyof FileProgress) => progress.reduce((total, file) => total + file[key], 0);
  const report = () => options.report?.({ loaded: sum('loaded'), total: sum('total'), cached: sum('cached') });
  report();

  const abort = new AbortController();
  const stop = () => abort.abort();
  options.signal?.addEventListener('abort', stop, { once: true });
  const errors: unknown[] = [];
  const transfers = files.map(async (file, i) => {
    try {
      const bytes = await fetchFile(
        { url: new URL(file.path, manifestUrl).href, bytes: file.bytes, sha256: file.sha256 },
        {
          ...options,
          signal: abort.signal,
          report: (now) => {
            progress[i] = now;
            report();
          },
        },
      );
      return [file.sha256, bytes] as const;
    } catch (error) {
      errors.push(error);
      stop();
      throw error;
    }
  });
  const settled = await Promise.allSettled(transfers);
  options.signal?.removeEventListener('abort', stop);
  if (errors.length > 0) throw errors[0];

  const byHash = new Map(settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
  return new Map(
    wanted.flatMap(({ role, sha256 }) => {
      const bytes = byHash.get(sha256);
      return bytes ? [[role, bytes] as const] : [];
    }),
  );
}

/** The entry's file of this role, or bad-weights. */
export function fileOf(entry: ModelEntry, role: string): ModelFile {
  const file = entry.files.find((candidate) => candidate.role === role);
  if (!file) throw badWeights(entry.id, `the manifest names no ${role} for it`);
  return file;
}

/** UTF-8 JSON → Manifest; bad-weights where it is none. */
export function parseManifest(bytes: Uint8Array, file: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw badWeights(file, 'it is no JSON', error);
  }
  return checkManifest(value, file);
}

/** Always asks the server whether it changed: an old manifest with new files is the one mix that cannot load. */
export async function fetchManifest(url: string, options: DownloadOptions = {}): Promise<Manifest> {
  const { retries = RETRIES } = options;
  for (let attempt = 1; ; attempt++) {
    const answer = await attemptManifest(url, 'no-cache', options);
    if (answer instanceof Uint8Array) return parseManifest(answer, url);
    if (answer.kind === 'network' && attempt === 1) {
      // Without a network the last visit's manifest does: its files are named by their hashes, whatever came since.
      const kept = await attemptManifest(url, 'force-cache', options);
      if (kept instanceof Uint8Array) return parseManifest(kept, url);
    }
    const mayPass = answer.kind === 'network' || (answer.kind === 'http' && isPassing(answer.status));
    if (!mayPass || attempt > retries) throw new LimnError(answer);
    await pause(backoff(attempt), options);
  }
}

async function attemptManifest(
  url: string,
  cache: RequestCache,
  options: DownloadOptions,
): Promise<Uint8Array | Failure> {
  const { fetch = platformFetch, signal, stallMs = 30_000 } = options;
  throwIfCancelled(signal);
  const abort = new AbortController();
  const stop = () => abort.abort();
  const watchdog = setTimeout(stop, stallMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const response = await fetch(url, { cache, signal: abort.signal });
    if (!response.ok) return { kind: 'http', url, status: response.status };
    if (isWebPage(response)) return { kind: 'corrupt-download', url, detail: WEB_PAGE };
    const reader = response.body?.getReader();
    const bytes = new Uint8Array(MAX_MANIFEST);
    let loaded = 0;
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) return bytes.subarray(0, loaded);
      if (loaded + value.length > bytes.length) {
        return { kind: 'corrupt-download', url, detail: `longer than ${MAX_MANIFEST} bytes` };
      }
      bytes.set(value, loaded);
      loaded += value.length;
    }
  } catch (error) {
    throwIfCancelled(signal);
    return { kind: 'network', url, detail: reason(error) };
  } finally {
    clearTimeout(watchdog);
    signal?.removeEventListener('abort', stop);
    stop();
  }
}
