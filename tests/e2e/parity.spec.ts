/** The same recipe gives the same picture in the browser, on every backend, as on the command line: within 2 of 255. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { createHost } from '../../src/engine/host.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import { readFileSource } from '../../src/engine/weights/disk.ts';
import type { Recipe } from '../../src/recipe.ts';
import { FIXTURES, paintWith, tinyRecipe } from '../support/engine.ts';
import { bundleScript, openScript } from '../support/script-page.ts';

const SHIPPED = fileURLToPath(new URL('../../public/models', import.meta.url));
const COUNT = 2;

let script = '';
test.beforeAll(async () => {
  script = await bundleScript('tests/support/parity-page.ts');
});

async function compare(page: Page, backend: BackendName, recipe: Recipe, models: string): Promise<void> {
  const host = createHost(await nodePlatform({ gpu: false }), readFileSource(models), () => undefined);
  const expected = await paintWith(host, 'wasm', recipe, COUNT);
  await page.route('**/models/**', (route) => {
    const [, path] = new URL(route.request().url()).pathname.split('/models/');
    return route.fulfill({ body: readFileSync(`${models}/${path ?? ''}`) });
  });
  await openScript(page, script, 'paintHere');
  const found = await page.evaluate(
    ([name, r, count]) => (globalThis as unknown as ParityPage).paintHere(name, r, count),
    [backend, recipe, COUNT] as const,
  );
  expect(found.backend).toBe(backend);
  expect(found.pictures).toHaveLength(COUNT);
  for (const [i, picture] of found.pictures.entries()) {
    const there = expected[i]?.pixels.data ?? [];
    expect(picture).toHaveLength(there.length);
    const worst = picture.reduce((most, value, at) => Math.max(most, Math.abs(value - (there[at] ?? NaN))), 0);
    expect(worst, `picture ${i}`).toBeLessThanOrEqual(2);
  }
}

for (const backend of ['webgpu', 'webgl', 'wasm', 'cpu'] as const) {
  test(`the tiny model paints on ${backend} as on the command line`, async ({ page }) => {
    await compare(page, backend, tinyRecipe(), FIXTURES);
  });
}

test('the shipped model paints on webgpu as on the command line', async ({ page }) => {
  // A software GPU takes seconds a picture.
  test.setTimeout(400_000);
  const caption = 'this flower has large white petals and a yellow center';
  await compare(page, 'webgpu', tinyRecipe({ model: 'flowers', caption }), SHIPPED);
});

interface ParityPage {
  paintHere(backend: BackendName, recipe: Recipe, count: number): Promise<{ backend: string; pictures: number[][] }>;
}
