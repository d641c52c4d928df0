/**
 * A worker that speaks the engine's protocol and paints flowers with a compass, for tests of the page: it loads as
 * slowly, paints as slowly and fails as is asked of it. The function below is sent to the browser as text, so it
 * stands alone.
 */
import type { Page } from '@playwright/test';
import type { Failure } from '../../src/failure.ts';
import type { Device, Picture, Request, Response } from '../../src/engine/protocol.ts';

export interface FakeWorkerOptions {
  /** Milliseconds between two reports of loading; there are about ten. */
  readonly loadStep: number;
  /** Milliseconds a picture. */
  readonly paintStep: number;
  /** Loading stops for good after so many reports. */
  readonly loadStops: number | null;
  /** Of each painting only so many pictures come. */
  readonly paintStops: number | null;
  readonly loadFails: Failure | null;
  /** After so many pictures the device is lost: the first worker only, or every one. */
  readonly losesAt: number | null;
  readonly losesAlways: boolean;
  readonly device: Device;
}

const DEFAULTS: FakeWorkerOptions = {
  loadStep: 0,
  paintStep: 5,
  loadStops: null,
  paintStops: null,
  loadFails: null,
  losesAt: null,
  losesAlways: false,
  device: {
    backend: 'webgpu',
    adapter: 'Compass and Ruler',
    passedOver: [{ backend: 'webgl', reason: 'a test said so' }],
  },
};

/** Serves the fake in the place of the engine's worker. */
export async function fakeWorker(page: Page, options: Partial<FakeWorkerOptions> = {}): Promise<void> {
  let started = 0;
  await page.route(/\/assets\/worker-[^/]*\.js$/, (route) => {
    const all = { ...DEFAULTS, ...options };
    const loses = started++ === 0 || all.losesAlways ? all.losesAt : null;
    return route.fulfill({
      contentType: 'text/javascript',
      headers: { 'Cross-Origin-Embedder-Policy': 'require-corp' },
      body: `(${worker.toString()})(${JSON.stringify({ ...all, losesAt: loses })});`,
    });
  });
}

function worker(options: FakeWorkerOptions): void {
  const cancelled = new Set<number>();
  const post = (message: Response) => self.postMessage(message);
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  let queue: Promise<void> = Promise.resolve();
  let chosen: string = options.device.backend;
  let painted = 0;

  function flower({ caption, seed }: Picture['recipe']): Picture['pixels'] {
    const size = 64;
    const data = new Uint8ClampedArray(4 * size * size);
    const colours: [RegExp, [number, number, number]][] = [
      [/white/, [240, 238, 232]],
      [/yellow/, [240, 200, 40]],
      [/purple|violet/, [120, 60, 170]],
      [/red/, [200, 40, 40]],
      [/blue/, [70, 100, 210]],
      [/orange/, [235, 130, 30]],
    ];
    const found = colours.filter(([word]) => word.test(caption)).map(([, colour]) => colour);
    const petal = found[0] ?? [225, 120, 160];
    const centre = found[1] ?? [235, 190, 60];
    const petals = 5 + (seed % 5);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const [dx, dy] = [(x - 31.5 + 4 * Math.sin(seed)) / 30, (y - 31.5 + 4 * Math.cos(seed * 1.7)) / 30];
        const [r, a] = [Math.hypot(dx, dy), Math.atan2(dy, dx)];
        const edge = 0.55 + 0.3 * Math.abs(Math.cos((petals * (a + seed)) / 2));
        const leaf = 40 + 25 * Math.sin(x / 7 + seed) + 20 * Math.cos(y / 5);
        const shade = 0.72 + 0.4 * Math.cos(petals * (a + seed)) * r;
        const colour =
          r < 0.2
            ? centre
            : r < edge
              ? petal.map((v) => v * Math.min(1, shade + 0.25))
              : [leaf * 0.7, leaf + 30, leaf * 0.6];
        for (let c = 0; c < 3; c++) data[4 * (y * size + x) + c] = colour[c] ?? 0;
        data[4 * (y * size + x) + 3] = 255;
      }
    }
    return { width: size, height: size, data };
  }

  async function run(request: Extract<Request, { type: 'call' }>): Promise<void> {
    const { id } = request;
    if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
    if (request.task === 'load') {
      if (request.input.backend !== 'auto') chosen = request.input.backend;
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
      if (options.loadFails) return post({ type: 'failed', id, failure: options.loadFails });
      post({ type: 'report', id, task: 'load', report: { stage: 'compile' } });
      await wait(options.loadStep);
      const device = { ...options.device, backend: chosen as Device['backend'] };
      const output = { id: request.input.model, device, downloadedBytes: total, parameters: 1, milliseconds: 1 };
      return post({ type: 'done', id, task: 'load', output });
    }
    if (request.task === 'generate') {
      const { recipe, count } = request.input;
      for (let index = 0; index < count; index++) {
        await wait(options.paintStep);
        while (index === options.paintStops && !cancelled.has(id)) await wait(20);
        if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
        if (painted++ === options.losesAt) {
          post({ type: 'trouble', failure: { kind: 'device-lost', detail: 'a test took it' } });
          await wait(1e9);
        }
        const mine = { ...recipe, seed: (recipe.seed + index) % 2 ** 32 };
        post({
          type: 'report',
          id,
          task: 'generate',
          report: { index, picture: { recipe: mine, pixels: flower(mine) } },
        });
      }
      return post({
        type: 'done',
        id,
        task: 'generate',
        output: { pictures: count, milliseconds: count * 3.14 },
      });
    }
  }

  self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
    if (data.type === 'cancel') cancelled.add(data.id);
    else queue = queue.then(() => run(data));
  });
}
