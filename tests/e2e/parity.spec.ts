/** The same recipe gives the same picture in the browser, on every backend, as on the command line: within 2 of 255. */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { bundled } from '../../bin/run.js';
import type { createNodeHost } from '../../src/engine/node.ts';
import type { BackendName, Report } from '../../src/engine/protocol.ts';
import type { Recipe } from '../../src/recipe.ts';
import { FIXTURES, paintWith, quiet, tinyRecipe } from '../support/engine.ts';
import type { Looked, Mirrored } from '../support/parity-page.ts';
import { bundleScript, openScript } from '../support/script-page.ts';

const SHIPPED = fileURLToPath(new URL('../../public/models', import.meta.url));
const NODE = fileURLToPath(new URL('../../src/engine/node.ts', import.meta.url));
const COUNT = 2;

type Layer = Extract<Report<'look'>, { stage: 'picture' }>;

let script = '';
let open: typeof createNodeHost;
test.beforeAll(async () => {
  script = await bundleScript('tests/support/parity-page.ts');
  // Bundled, as for the command line: Node by itself cannot follow the imports of tfjs' single kernels.
  const node = (await import(pathToFileURL(await bundled(NODE)).href)) as { createNodeHost: typeof open };
  open = node.createNodeHost;
});

async function serve(page: Page, models: string): Promise<void> {
  await page.route('**/models/**', (route) => {
    const [, path] = new URL(route.request().url()).pathname.split('/models/');
    return route.fulfill({ body: readFileSync(`${models}/${path ?? ''}`) });
  });
}

async function compare(page: Page, backend: BackendName, recipe: Recipe, models: string): Promise<void> {
  const host = await open(models, () => undefined, { gpu: false });
  const expected = await paintWith(host, 'wasm', recipe, COUNT);
  await serve(page, models);
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

for (const backend of ['webgpu', 'webgl'] as const) {
  test(`a picture in stages, between two captions, listens on ${backend} as on the command line`, async ({ page }) => {
    test.setTimeout(400_000);
    const towards = { caption: 'a blue flower', seed: 9, text: 0.4, noise: 0.5 };
    const recipe = tinyRecipe({ model: 'tiny-mirror', caption: 'a red flower with a yellow center', towards });
    const host = await open(FIXTURES, () => undefined, { gpu: false });
    const layers: Layer[] = [];
    const report = (now: Report<'look'>): void => void (now.stage === 'picture' && layers.push(now));
    await host('load', { model: recipe.model, backend: 'wasm' }, quiet());
    await host('look', { recipe }, { ...quiet(), report });
    await serve(page, FIXTURES);
    await openScript(page, script, 'lookHere');
    const found = await page.evaluate(([name, r]) => (globalThis as unknown as ParityPage).lookHere(name, r), [
      backend,
      recipe,
    ] as const);
    expect(found.leaked).toBe(0);
    expect(found.layers).toHaveLength(2);
    for (const [i, { picture, attention }] of found.layers.entries()) {
      const apart = (a: readonly number[], b: ArrayLike<number> = []): number =>
        a.length === b.length ? a.reduce((most, v, at) => Math.max(most, Math.abs(v - (b[at] ?? NaN))), 0) : NaN;
      expect(apart(picture, layers[i]?.pixels.data)).toBeLessThanOrEqual(2);
      expect(apart(attention, layers[i]?.attention?.values)).toBeLessThan(2e-3);
    }
  });

  test(`the tiny model is read back and improved on ${backend} as on the command line`, async ({ page }) => {
    test.setTimeout(400_000);
    const recipe = tinyRecipe({ caption: 'this flower has white petals and a yellow center', seed: 8 });
    // A software GPU takes seconds a step.
    const steps = 1;
    const host = await open(FIXTURES, () => undefined, { gpu: false });
    await host('load', { model: 'tiny', backend: 'wasm' }, quiet());
    const better = await host('improve', { recipe, steps }, quiet());
    const { pixels } = better.before.picture;
    const read = await host('mirror', { model: 'tiny', pixels, caption: recipe.caption, width: 3 }, quiet());
    await serve(page, FIXTURES);
    await openScript(page, script, 'mirrorHere');
    const found = await page.evaluate(([name, r, n]) => (globalThis as unknown as ParityPage).mirrorHere(name, r, n), [
      backend,
      recipe,
      steps,
    ] as const);
    expect(found.leaked).toBe(0);
    expect(found.read.caption).toBe(read.caption);
    expect(found.read.logProbability).toBeCloseTo(read.logProbability, 1);
    expect(found.read.asked?.loss).toBeCloseTo(read.asked?.loss ?? NaN, 1);
    const [before, after] = found.losses;
    expect(after).toBeLessThan(before);
    expect(after).toBeCloseTo(better.loss, 1);
    for (const [i, v] of (better.picture.recipe.style?.z ?? []).entries()) expect(found.z[i]).toBeCloseTo(v, 1);
  });
}

for (const [model, caption] of [
  ['flowers', 'this flower has large white petals and a yellow center'],
  ['faces', 'a smiling young woman with wavy blond hair'],
] as const) {
  test(`the shipped ${model} are painted on webgpu as on the command line`, async ({ page }) => {
    // A software GPU takes seconds a picture.
    test.setTimeout(400_000);
    await compare(page, 'webgpu', tinyRecipe({ model, caption }), SHIPPED);
  });
}

interface ParityPage {
  lookHere(backend: BackendName, recipe: Recipe): Promise<Looked>;
  mirrorHere(backend: BackendName, recipe: Recipe, steps: number): Promise<Mirrored>;
  paintHere(backend: BackendName, recipe: Recipe, count: number): Promise<{ backend: string; pictures: number[][] }>;
}
