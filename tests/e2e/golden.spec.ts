/** The golden files of tests/models/golden.test.ts on the backends that only a browser has. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { bundleScript, openScript } from '../support/script-page.ts';

const NAMES = ['gan-int-cls', 'char-cnn-rnn'] as const;
const TOLERANCE = 1e-3;

let script = '';
test.beforeAll(async () => {
  script = await bundleScript('tests/support/golden-page.ts');
});

for (const backend of ['webgpu', 'webgl'] as const) {
  test(`PyTorch's golden files hold on ${backend}`, async ({ page }) => {
    await openScript(page, script, 'checkGolden');
    for (const name of NAMES) {
      const bytes = [...readFileSync(`tests/golden/${name}.safetensors`)];
      const config: unknown = JSON.parse(readFileSync(`tests/golden/${name}.json`, 'utf8'));
      const found = await page.evaluate(
        ([b, n, data, c]) => (globalThis as unknown as GoldenPage).checkGolden(b, n, data, c),
        [backend, name, bytes, config] as const,
      );
      expect(found.backend).toBe(backend);
      expect(found.deviations.length).toBeGreaterThan(1);
      for (const { what, relative } of found.deviations) expect(relative, `${name}: ${what}`).toBeLessThan(TOLERANCE);
    }
  });
}

interface GoldenPage {
  checkGolden(
    backend: 'webgpu' | 'webgl',
    name: (typeof NAMES)[number],
    bytes: readonly number[],
    config: unknown,
  ): Promise<{ backend: string; deviations: { what: string; relative: number }[] }>;
}
