/**
 * The built app in Chromium: a first visit with an empty cache, a second one, a click; on each backend that the
 * browser has. And the same generator on onnxruntime-web's webgpu backend, in a page of its own.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { findChromium } from '../../scripts/chromium.mjs';
import type { BackendName } from '../../src/engine/protocol.ts';
import type { Comparison } from './generators.ts';
import { round } from './measure.ts';
import type { MirrorFigures } from './mirror.ts';
import type { CascadeFigures } from './stages.ts';

const PORT = 4187;
const ADDRESS = `http://localhost:${PORT}/`;
const FLAGS = ['--headless=new', '--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan'];
/** Without a graphics card WebGPU runs in software; LIMN_BENCH_GPU=1 leaves the choice to Chromium. */
const SOFTWARE = process.env['LIMN_BENCH_GPU'] ? [] : ['--use-angle=swiftshader', '--use-vulkan=swiftshader'];

export async function benchBrowser(models: string, quick: boolean): Promise<unknown> {
  const executablePath = findChromium();
  if (!executablePath) return { skipped: 'no Chromium was found' };
  const server = await serve();
  const browser = await chromium.launch({ executablePath, args: [...FLAGS, ...SOFTWARE] });
  try {
    const backends = [];
    for (const backend of ['webgpu', 'webgl', 'wasm'] as const) backends.push(await visits(browser, backend));
    return { chromium: browser.version(), backends, ...(await inPages(browser, models, quick)) };
  } finally {
    await browser.close();
    server.kill();
  }
}

async function serve(): Promise<ChildProcess> {
  const vite = createRequire(import.meta.url)
    .resolve('vite/package.json')
    .replace(/package\.json$/, 'bin/vite.js');
  const server = spawn(process.execPath, [vite, 'preview', '--port', String(PORT), '--strictPort'], {
    stdio: 'ignore',
  });
  for (let i = 0; i < 100; i++) {
    const answer = await fetch(ADDRESS).catch(() => null);
    if (answer?.ok) return server;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  server.kill();
  throw new Error('dist could not be served: run `npm run build` first');
}

/** Page opened → pictures on the screen, in milliseconds. */
async function untilPainted(page: Page): Promise<number> {
  const begun = performance.now();
  await page.goto(ADDRESS);
  await page.locator('[data-announcer]', { hasText: /painted\.$/ }).waitFor({ timeout: 400_000, state: 'attached' });
  return performance.now() - begun;
}

async function visits(browser: Browser, backend: BackendName) {
  const context = await browser.newContext();
  try {
    await context.addInitScript(insistOn, backend);
    const page = await context.newPage();
    // What crosses the wire, the worker's share included: bodies as they are sent, headers left out.
    const sizes: Promise<number>[] = [];
    page.on('requestfinished', (request) =>
      sizes.push(
        request.sizes().then(
          ({ responseBodySize }) => responseBodySize,
          () => 0,
        ),
      ),
    );
    const cold = await untilPainted(page);
    const downloaded = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    const warm = await untilPainted(page);
    const device = (await page.getByRole('button', { name: /^Device: / }).textContent()) ?? '';
    const click = await clickToPicture(page);
    return {
      backend,
      device,
      firstVisitMs: round(cold, 0),
      secondVisitMs: round(warm, 0),
      clickToFirstPictureMs: round(click),
      bytesToFirstPicture: downloaded,
    };
  } catch (error) {
    return { backend, failed: error instanceof Error ? error.message.split('\n')[0] : String(error) };
  } finally {
    await context.close();
  }
}

/** In the page: every load asks for this backend, as if a person had chosen it before the first visit. */
function insistOn(backend: BackendName): void {
  interface Message {
    readonly task?: string;
    readonly input?: object;
  }
  const post = Object.getOwnPropertyDescriptor(Worker.prototype, 'postMessage')?.value as (message: Message) => void;
  Worker.prototype.postMessage = function (this: Worker, message: Message): void {
    const isLoad = message.task === 'load';
    post.call(this, isLoad ? { ...message, input: { ...message.input, backend } } : message);
  };
}

async function clickToPicture(page: Page): Promise<number> {
  await page.getByRole('radio', { name: '1', exact: true }).check({ force: true });
  return page.evaluate(async () => {
    const button = [...document.querySelectorAll('button')].find((b) => /^paint/i.test(b.textContent ?? ''));
    const announcer = document.querySelector('[data-announcer]');
    if (!button || !announcer) throw new Error('the page has no Paint button');
    const begun = performance.now();
    const painted = new Promise<number>((resolve) => {
      const look = new MutationObserver(() => {
        if (/painted\.$/.test(announcer.textContent ?? '')) resolve(performance.now() - begun);
      });
      look.observe(announcer, { childList: true, characterData: true, subtree: true });
    });
    button.click();
    return painted;
  });
}

type Each<T> = Record<'webgpu' | 'webgl', T>;
type Figures = {
  againstOnnxruntime: Comparison[];
  inversionStepMs: Each<number>;
  mirror: Each<MirrorFigures>;
  mirrorGan: Each<CascadeFigures>;
};

/** In pages of their own: the generator on both engines' webgpu backends, taken in turn; steps of z; the mirror; MirrorGAN. */
async function inPages(browser: Browser, models: string, quick: boolean): Promise<Figures | { failed: string }> {
  const bundle = await build({
    entryPoints: [new URL('page.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    mainFields: ['module', 'main'],
    external: ['./ort/*'],
  });
  const script = bundle.outputFiles[0]?.text ?? '';
  const { models: listed } = JSON.parse(readFileSync(join(models, 'manifest.json'), 'utf8')) as {
    models: { id: string; config: { generator: unknown }; files: { role: string; path: string }[] }[];
  };
  const entry = listed.find(({ id }) => id === 'flowers');
  const file = entry?.files.find(({ role }) => role === 'generator');
  const weights = readFileSync(join(models, file?.path ?? '')).toString('base64');
  const generator = [weights, entry?.config.generator, quick] as const;
  const step = (backend: 'webgpu' | 'webgl'): Promise<number> =>
    inPage(browser, script, (page) =>
      page.evaluate(([b, ...g]) => (globalThis as unknown as BenchPage).inversionStep(b, ...g), [
        backend,
        ...generator,
      ] as const),
    );
  const mirror = (backend: 'webgpu' | 'webgl'): Promise<MirrorFigures> =>
    inPage(browser, script, (page) =>
      page.evaluate(([b, q]) => (globalThis as unknown as BenchPage).mirrorOf(b, q), [backend, quick] as const),
    );
  const stages = (backend: 'webgpu' | 'webgl'): Promise<CascadeFigures> =>
    inPage(browser, script, (page) =>
      page.evaluate(([b, q]) => (globalThis as unknown as BenchPage).stagesOf(b, q), [backend, quick] as const),
    );
  try {
    const againstOnnxruntime = await inPage(browser, script, (page) =>
      page.evaluate((g) => (globalThis as unknown as BenchPage).compareOnWebGpu(...g), generator),
    );
    const inversionStepMs = { webgpu: await step('webgpu'), webgl: await step('webgl') };
    return {
      againstOnnxruntime,
      inversionStepMs,
      mirror: { webgpu: await mirror('webgpu'), webgl: await mirror('webgl') },
      mirrorGan: { webgpu: await stages('webgpu'), webgl: await stages('webgl') },
    };
  } catch (error) {
    return { failed: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

async function inPage<T>(browser: Browser, script: string, use: (page: Page) => Promise<T>): Promise<T> {
  const folder = join(createRequire(import.meta.url).resolve('onnxruntime-web'), '..');
  const page = await browser.newPage();
  try {
    const html = '<!doctype html><title>bench</title><script type="module" src="bench.js"></script>';
    await page.route('**/bench.html', (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await page.route('**/bench.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
    await page.route('**/ort/*', (route) => {
      const name = new URL(route.request().url()).pathname.split('/').pop() ?? '';
      const contentType = name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
      return route.fulfill({ contentType, body: readFileSync(join(folder, name)) });
    });
    await page.goto(`${ADDRESS}bench.html`);
    await page.waitForFunction(() => 'compareOnWebGpu' in globalThis);
    return await use(page);
  } finally {
    await page.close();
  }
}

interface BenchPage {
  compareOnWebGpu(weights: string, config: unknown, quick: boolean): Promise<Comparison[]>;
  inversionStep(backend: 'webgpu' | 'webgl', weights: string, config: unknown, quick: boolean): Promise<number>;
  mirrorOf(backend: 'webgpu' | 'webgl', quick: boolean): Promise<MirrorFigures>;
  stagesOf(backend: 'webgpu' | 'webgl', quick: boolean): Promise<CascadeFigures>;
}
