/**
 * A worker that speaks the engine's protocol and paints flowers with a compass, for tests of the page: it loads as
 * slowly, paints as slowly and fails as is asked of it. The functions are sent to the browser as text, so each of them
 * stands alone.
 */
import type { Page } from '@playwright/test';
import type { Call, Device, Request, Response, TaskName } from '../../src/engine/protocol.ts';
import { mirroring } from './fake-worker-mirror.ts';
import { keeping } from './fake-worker-models.ts';
import { flower, painting } from './fake-worker-paint.ts';
import { DEFAULTS, type Bench, type FakeWorkerOptions, type Handlers, type Part } from './fake-worker-parts.ts';
import { inverting } from './fake-worker-style.ts';
import { training } from './fake-worker-train.ts';

const PARTS: readonly Part[] = [training, keeping, painting, inverting, mirroring];

/** Serves the fake in the place of the engine's worker. */
export async function fakeWorker(page: Page, options: Partial<FakeWorkerOptions> = {}): Promise<void> {
  const parts = PARTS.map((part) => part.toString()).join(', ');
  let started = 0;
  await page.route(/\/assets\/worker-[^/]*\.js$/, (route) => {
    const all = { ...DEFAULTS, ...options };
    const loses = started++ === 0 || all.losesAlways ? all.losesAt : null;
    return route.fulfill({
      contentType: 'text/javascript',
      headers: { 'Cross-Origin-Embedder-Policy': 'require-corp' },
      body: `(${worker.toString()})(${JSON.stringify({ ...all, losesAt: loses })}, ${flower.toString()}, [${parts}]);`,
    });
  });
}

function worker(options: FakeWorkerOptions, flower: Bench['flower'], parts: readonly Part[]): void {
  const cancelled = new Set<number>();
  const post = (message: Response) => self.postMessage(message);
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  let queue: Promise<void> = Promise.resolve();
  let chosen: string = options.device.backend;
  let { loadFails } = options;

  const loading: Part = () => ({
    async load(id, input) {
      if (input.backend !== 'auto') chosen = input.backend;
      const total = 5_400_000;
      for (let step = 0; step <= 8; step++) {
        if (step === options.loadStops) await wait(1e9);
        post({
          type: 'report',
          id,
          task: 'load',
          report: { stage: 'download', loaded: (total * step) / 8, total, cached: 0 },
        });
        await wait(options.loadStep);
      }
      if (loadFails) {
        post({ type: 'failed', id, failure: loadFails });
        if (options.failsOnce) loadFails = null;
        return;
      }
      post({ type: 'report', id, task: 'load', report: { stage: 'compile' } });
      await wait(options.loadStep);
      const device = { ...options.device, backend: chosen as Device['backend'] };
      const output = { id: input.model, device, downloadedBytes: total, parameters: 1, milliseconds: 1 };
      return post({ type: 'done', id, task: 'load', output });
    },
  });

  const bench: Bench = { options, cancelled, post, wait, flower };
  const handlers = {} as Handlers;
  for (const part of [loading, ...parts]) Object.assign(handlers, part(bench));

  async function run<T extends TaskName>({ id, task, input }: Call<T>): Promise<void> {
    if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
    // Of a task that no part knows nothing is heard.
    if (task in handlers) await handlers[task](id, input);
  }

  self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
    if (data.type === 'cancel') cancelled.add(data.id);
    else queue = queue.then(() => run(data));
  });
}
