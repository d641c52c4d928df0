/** A page of the test's own on the app's origin, without the app: one bundled script, under no policy. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { build } from 'esbuild';

const WASM = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm');

/** entry: a TypeScript file that puts what the test calls on globalThis. → its JavaScript, for `openScript` */
export async function bundleScript(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    mainFields: ['module', 'main'],
  });
  return outputFiles[0]?.text ?? '';
}

/** Opens it, and waits until `name` is on globalThis. tfjs' wasm files are served below wasm/. */
export async function openScript(page: Page, script: string, name: string): Promise<void> {
  const html =
    '<!doctype html><html lang="en"><title>test</title><script type="module" src="script.js"></script></html>';
  await page.route('**/script.html', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.route('**/script.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
  await page.route('**/wasm/*.wasm', (route) => {
    const file = new URL(route.request().url()).pathname.split('/').pop() ?? '';
    return route.fulfill({ contentType: 'application/wasm', body: readFileSync(WASM.replace(/[^/]+$/, file)) });
  });
  await page.goto('script.html');
  await page.waitForFunction((key) => key in globalThis, name);
}
