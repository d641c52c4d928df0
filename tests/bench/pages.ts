/** Pages of a Chromium for benchmarks: the built app's server, and pages of one bundled script beside it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { findChromium } from '../../scripts/chromium.mjs';

const PORT = 4187;
/** Another build than `dist`. */
const DIST = process.env['LIMN_DIST'] ?? 'dist';
export const ADDRESS = `http://localhost:${PORT}/`;
const FLAGS = ['--headless=new', '--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan'];
/** Without a graphics card WebGPU runs in software; LIMN_BENCH_GPU=1 leaves the choice to Chromium. */
const SOFTWARE = process.env['LIMN_BENCH_GPU'] ? [] : ['--use-angle=swiftshader', '--use-vulkan=swiftshader'];

/** `use` in a Chromium with the built app being served; null where there is none. */
export async function inChromium<T>(use: (browser: Browser) => Promise<T>): Promise<T | null> {
  const executablePath = findChromium();
  if (!executablePath) return null;
  const server = await serve();
  const browser = await chromium.launch({ executablePath, args: [...FLAGS, ...SOFTWARE] });
  try {
    return await use(browser);
  } finally {
    await browser.close();
    server.kill();
  }
}

async function serve(): Promise<ChildProcess> {
  const vite = createRequire(import.meta.url)
    .resolve('vite/package.json')
    .replace(/package\.json$/, 'bin/vite.js');
  const args = ['preview', '--outDir', DIST, '--port', String(PORT), '--strictPort'];
  const server = spawn(process.execPath, [vite, ...args], { stdio: 'ignore' });
  for (let i = 0; i < 100; i++) {
    const answer = await fetch(ADDRESS).catch(() => null);
    if (answer?.ok) return server;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  server.kill();
  throw new Error(`${DIST} could not be served: run "npm run build" first`);
}

/** page.ts as JavaScript, for `inPage`. */
export async function pageScript(): Promise<string> {
  const bundle = await build({
    entryPoints: [new URL('page.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    mainFields: ['module', 'main'],
    external: ['./ort/*'],
  });
  return bundle.outputFiles[0]?.text ?? '';
}

/** onnxruntime-web's files are served below ort/, tfjs' wasm files below wasm/. */
export async function inPage<T>(browser: Browser, script: string, use: (page: Page) => Promise<T>): Promise<T> {
  const { resolve } = createRequire(import.meta.url);
  const ort = join(resolve('onnxruntime-web'), '..');
  const wasm = join(resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'), '..');
  const page = await browser.newPage();
  try {
    const html = '<!doctype html><title>bench</title><script type="module" src="bench.js"></script>';
    await page.route('**/bench.html', (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await page.route('**/bench.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
    for (const [below, folder] of [
      ['ort', ort],
      ['wasm', wasm],
    ] as const) {
      // prettier-ignore
      await page.route(`**/${below}/*`, (route) => {
        const name = new URL(route.request().url()).pathname.split('/').pop() ?? '';
        const contentType = name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
        return route.fulfill({ contentType, body: readFileSync(join(folder, name)) });
      });
    }
    await page.goto(`${ADDRESS}bench.html`);
    await page.waitForFunction(() => 'compareOnWebGpu' in globalThis);
    return await use(page);
  } finally {
    await page.close();
  }
}

/** What stands in place of a figure that did not come. */
export interface GaveUp {
  readonly gaveUp: string;
}

/** What was asked for; or why it did not come: an error, or more than `limit` seconds, the page to be closed then. */
export async function within<T>(asked: Promise<T>, limit: number, what = ''): Promise<T | GaveUp> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<GaveUp>((resolve) => {
    timer = setTimeout(() => resolve({ gaveUp: `more than ${limit} s${what}` }), 1000 * limit);
  });
  try {
    return await Promise.race([asked.catch(gaveUp), patience]);
  } finally {
    clearTimeout(timer);
  }
}

export const gaveUp = (error: unknown): GaveUp => ({
  gaveUp: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
});
