import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { painted } from '../support/page.ts';

/** As playwright.config.ts. */
const DIST = process.env['LIMN_DIST'] ?? 'dist';
const BASE = '/some/one/else/';
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** The plainest host there is: the built folder under a path of its own, no headers but the type. */
function plainHost(): Server {
  return createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const file = join(DIST, path.slice(BASE.length) || 'index.html');
    if (!path.startsWith(BASE) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
}

test('the built folder works under any path, on a host that sets no headers', async ({ page }) => {
  const host = plainHost().listen(0);
  try {
    const origin = `http://localhost:${(host.address() as AddressInfo).port}`;
    const missed: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) missed.push(response.url());
    });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(origin + BASE);
    // By the real engine: the worker, its wasm and the models were all found.
    await painted(page);
    // The policy comes with the page itself here.
    await expect(page.locator('meta[http-equiv="Content-Security-Policy"]')).toHaveCount(1);
    expect(missed).toEqual([]);
    expect(complaints).toEqual([]);
    // Others' licences go where their code goes, the worker's too.
    expect(await (await page.request.get(`${origin}${BASE}LICENSE`)).text()).toContain('MIT License');
    const licences = await (await page.request.get(`${origin}${BASE}licences.txt`)).text();
    for (const name of ['react-dom', 'mediabunny', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-webgpu'])
      expect(licences).toContain(`\n${name} `);
  } finally {
    host.closeAllConnections();
    host.close();
  }
});
