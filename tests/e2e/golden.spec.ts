/** The golden files of tests/models/golden.test.ts on the backends that only a browser has. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { KERNELS } from '../../src/engine/kernels/names.ts';
import { GOLDEN, type GoldenName } from '../support/golden-names.ts';
import { bundleScript, openScript } from '../support/script-page.ts';

const TOLERANCE = 1e-3;

let script = '';
test.beforeAll(async () => {
  script = await bundleScript('tests/support/golden-page.ts');
});

for (const backend of ['webgpu', 'webgl'] as const) {
  for (const name of GOLDEN) {
    test(`PyTorch's golden file of ${name} holds on ${backend}`, async ({ page }) => {
      test.setTimeout(400_000);
      await openScript(page, script, 'checkGolden');
      const bytes = [...readFileSync(`tests/golden/${name}.safetensors`)];
      const config: unknown = JSON.parse(readFileSync(`tests/golden/${name}.json`, 'utf8'));
      const found = await page.evaluate(
        ([b, n, data, c]) => (globalThis as unknown as GoldenPage).checkGolden(b, n, data, c),
        [backend, name, bytes, config] as const,
      );
      expect(found.backend).toBe(backend);
      expect(found.deviations.length).toBeGreaterThan(1);
      for (const { what, relative } of found.deviations) expect(relative, what).toBeLessThan(TOLERANCE);
    });
  }

  test(`the listed kernels and their gradients compute on ${backend} what they do on cpu`, async ({ page }) => {
    await openScript(page, script, 'checkKernels');
    const found = await page.evaluate((b) => (globalThis as unknown as GoldenPage).checkKernels(b), backend);
    expect(found.kernels.sort()).toEqual([...KERNELS].sort());
    expect(found.wrong).toEqual([]);
  });
}

interface GoldenPage {
  checkGolden(
    backend: 'webgpu' | 'webgl',
    name: GoldenName,
    bytes: readonly number[],
    config: unknown,
  ): Promise<{ backend: string; deviations: { what: string; relative: number }[] }>;
  checkKernels(backend: 'webgpu' | 'webgl'): Promise<{ kernels: string[]; wrong: string[] }>;
}
