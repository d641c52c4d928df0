/** Inversion on the backends that only a browser has: each goes the way that wasm goes under Node. */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { bundled } from '../../bin/run.js';
import type { createNodeHost } from '../../src/engine/node.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import type { Recipe } from '../../src/recipe.ts';
import { FIXTURES, paintWith, quiet, tinyRecipe } from '../support/engine.ts';
import type { Inverted } from '../support/invert-page.ts';
import { bundleScript, openScript } from '../support/script-page.ts';

const NODE = fileURLToPath(new URL('../../src/engine/node.ts', import.meta.url));
const STEPS = 6;

let script = '';
let z: readonly number[] = [];
test.beforeAll(async () => {
  script = await bundleScript('tests/support/invert-page.ts');
  const { createNodeHost: open } = (await import(pathToFileURL(await bundled(NODE)).href)) as {
    createNodeHost: typeof createNodeHost;
  };
  const host = await open(FIXTURES, () => undefined, { gpu: false });
  const [picture] = await paintWith(host, 'wasm', tinyRecipe(), 1);
  const { caption, model } = tinyRecipe();
  const { pixels } = picture!;
  ({ z } = await host('invert', { model, pixels, caption, steps: STEPS, restarts: 1, seed: 3 }, quiet()));
});

for (const backend of ['webgpu', 'webgl'] as const) {
  test(`a picture is inverted on ${backend} as on wasm`, async ({ page }) => {
    test.setTimeout(400_000);
    await page.route('**/models/**', (route) => {
      const [, path] = new URL(route.request().url()).pathname.split('/models/');
      return route.fulfill({ body: readFileSync(`${FIXTURES}/${path ?? ''}`) });
    });
    await openScript(page, script, 'invertHere');
    const found = await page.evaluate(
      ([b, recipe, steps]) => (globalThis as unknown as InvertPage).invertHere(b, recipe, steps),
      [backend, tinyRecipe(), STEPS] as const,
    );
    expect(found.backend).toBe(backend);
    expect(found.losses).toHaveLength(STEPS + 1);
    expect(found.losses.at(-1)).toBeLessThan(found.losses[0]!);
    expect(found.found).toBeLessThan(found.first);
    for (const [i, value] of found.z.entries()) expect(Math.abs(value - z[i]!)).toBeLessThan(0.01);
    expect(found.left).toBe(0);
  });
}

interface InvertPage {
  invertHere(backend: BackendName, recipe: Recipe, steps: number): Promise<Inverted>;
}
