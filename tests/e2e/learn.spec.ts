/** Training on the backends that only a browser has, and the stores that only a browser has. */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { bundled } from '../../bin/run.js';
import type { createNodeHost } from '../../src/engine/node.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import type { Point } from '../../src/engine/protocol-teaching.ts';
import type { Store } from '../../src/engine/store/store.ts';
import { FIXTURES, quiet } from '../support/engine.ts';
import type { Kind, Learnt } from '../support/learn-page.ts';
import { BRISK, examples } from '../support/lesson.ts';
import { bundleScript, openScript } from '../support/script-page.ts';

const NODE = fileURLToPath(new URL('../../src/engine/node.ts', import.meta.url));
const STEPS = 2;

let script = '';
const expected: Point[] = [];
test.beforeAll(async () => {
  script = await bundleScript('tests/support/learn-page.ts');
  const { createNodeHost: open } = (await import(pathToFileURL(await bundled(NODE)).href)) as {
    createNodeHost: typeof createNodeHost;
  };
  const host = await open(FIXTURES, () => undefined, { gpu: false });
  await host('load', { model: 'tiny', backend: 'wasm' }, quiet());
  const input = { name: 'Tulips', model: 'tiny', examples: examples(4), settings: BRISK };
  const run = await host('begin-run', input, quiet());
  const report = (one: { stage: string; point?: Point }) => one.point && expected.push(one.point);
  await host('train', { run: run.id, until: STEPS }, { ...quiet(), report });
});

interface LearnPage {
  learnHere(backend: BackendName, kind: Kind, until: number): Promise<Learnt>;
  useStore(kind: Store['kind']): Promise<unknown>;
}

async function openPage(page: Page): Promise<void> {
  await page.route('**/models/**', (route) => {
    const [, path] = new URL(route.request().url()).pathname.split('/models/');
    return route.fulfill({ body: readFileSync(`${FIXTURES}/${path ?? ''}`) });
  });
  await openScript(page, script, 'learnHere');
}

const learnHere = (page: Page, backend: BackendName, kind: Kind, until: number): Promise<Learnt> =>
  page.evaluate(([b, k, steps]) => (globalThis as unknown as LearnPage).learnHere(b, k, steps), [
    backend,
    kind,
    until,
  ] as const);

for (const [backend, kind] of [
  ['webgpu', 'opfs'],
  ['webgl', 'indexeddb'],
] as const) {
  test(`${backend} learns as wasm does; after a reload it goes on from what ${kind} has`, async ({ page }) => {
    test.setTimeout(400_000);
    await openPage(page);
    const first = await learnHere(page, backend, kind, 1);
    expect(first.backend).toBe(backend);
    await openPage(page);
    const second = await learnHere(page, backend, kind, STEPS);
    expect(second.run).toMatchObject({ id: first.run.id, step: STEPS, checkpoints: [0, 1, 2] });
    const points = [...first.points, ...second.points];
    expect(points.map(({ step }) => step)).toEqual([1, 2]);
    for (const [i, { lossCritic, lossGenerator }] of points.entries()) {
      expect(lossCritic).toBeCloseTo(expected[i]!.lossCritic, 2);
      expect(lossGenerator).toBeCloseTo(expected[i]!.lossGenerator, 2);
    }
  });
}

test('a browser that learns to keep files goes on with what it has in IndexedDB', async ({ page }) => {
  await openPage(page);
  const before = await learnHere(page, 'wasm', 'indexeddb', 1);
  expect(before).toMatchObject({ kind: 'indexeddb', run: { step: 1 } });
  await openPage(page);
  const after = await learnHere(page, 'wasm', 'tab', 2);
  expect(after).toMatchObject({ kind: 'opfs', run: { id: before.run.id, checkpoints: [0, 1, 2] } });
  expect(after.points.map(({ step }) => step)).toEqual([2]);
  // At the next visit it is the same run, in two places.
  await openPage(page);
  expect(await learnHere(page, 'wasm', 'tab', 3)).toMatchObject({ run: { id: before.run.id, step: 3 } });
});

for (const kind of ['opfs', 'indexeddb'] as const) {
  test(`${kind} keeps whole files`, async ({ page }) => {
    await openPage(page);
    expect(await page.evaluate((k) => (globalThis as unknown as LearnPage).useStore(k), kind)).toEqual({
      listed: [['b', 'two'], ['one'], []],
      read: [4, 5],
      absent: ['none', 'none', 'none'],
      after: [['two'], 'gone'],
      empty: [],
      room: true,
    });
  });
}
