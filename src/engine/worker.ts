/** The engine's worker in the tab: messages in, tasks on the host, messages out. */
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import { toFailure } from '../failure.ts';
import { createHost } from './host.ts';
import type { Answer, Call, Report, Request, Response, TaskName } from './protocol.ts';
import { openTabStore } from './store/tab.ts';
import { openWeightCache } from './weights/cache.ts';
import { platformLocks } from './weights/download.ts';
import { httpSource, type WeightSource } from './weights/source.ts';

/** The part of DedicatedWorkerGlobalScope that is used; TypeScript's library for workers excludes the page's. */
declare const self: {
  readonly name: string;
  readonly crossOriginIsolated: boolean;
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Request>) => void): void;
};

/** The wasm backend gains little beyond this many threads at these sizes, and the page wants a core. */
const MOST_THREADS = 4;

const cores = Math.max(1, navigator.hardwareConcurrency || 1);
const calls = new Map<number, AbortController>();

const host = createHost(
  {
    backends: ['webgpu', 'webgl', 'wasm', 'cpu'],
    gpu: navigator.gpu,
    wasm: {
      paths: {
        'tfjs-backend-wasm.wasm': plain,
        'tfjs-backend-wasm-simd.wasm': simd,
        'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd,
      },
      threads: self.crossOriginIsolated ? Math.min(MOST_THREADS, cores) : 1,
    },
    now: () => performance.now(),
  },
  lateSource(),
  (failure) => self.postMessage({ type: 'trouble', failure } satisfies Response),
  openTabStore,
);

/** The manifest's address comes as the worker's name: only the page knows its base. The cache opens on first use. */
function lateSource(): WeightSource {
  const source = openWeightCache(self.name).then((cache) =>
    httpSource(self.name, { cache, locks: platformLocks(), warn: console.warn }),
  );
  return {
    manifest: async (signal) => (await source).manifest(signal),
    files: async (entry, roles, options) => (await source).files(entry, roles, options),
  };
}

async function run<T extends TaskName>({ id, task, input }: Call<T>): Promise<void> {
  const answer = (message: Answer<T>): void => self.postMessage(message);
  const abort = new AbortController();
  calls.set(id, abort);
  try {
    const report = (now: Report<T>): void => answer({ type: 'report', id, task, report: now });
    const output = await host(task, input, { signal: abort.signal, report });
    answer({ type: 'done', id, task, output });
  } catch (error) {
    answer({ type: 'failed', id, failure: toFailure(error) });
  } finally {
    calls.delete(id);
  }
}

self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
  if (data.type === 'cancel') calls.get(data.id)?.abort();
  else void run(data);
});
