/** The page upon the real worker, where there is no WebGPU adapter. */
import { expect, test } from '@playwright/test';
import { fixtureModels } from '../support/fixture-models.ts';
import { painted, pictures } from '../support/page.ts';

test('without WebGPU the next backend paints, and the page says why', async ({ page }) => {
  await fixtureModels(page);
  await page.goto('/');
  await painted(page);
  await expect(pictures(page)).toHaveCount(4);
  const device = page.getByRole('button', { name: /^Device:/ });
  await expect(device).toContainText(/WebGL|WebAssembly/);
  await device.click();
  const webgpu = page
    .getByRole('dialog', { name: 'What paints' })
    .locator('label')
    .filter({ hasText: /^WebGPU/ });
  await expect(webgpu).toContainText(/Passed over: .*adapter/);
});
