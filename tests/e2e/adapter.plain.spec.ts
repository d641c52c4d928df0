import { expect, test } from '@playwright/test';

// What the fallback's tests stand on: the interface is there, and no adapter comes.
test('without GPU flags there is no WebGPU adapter', async ({ page }) => {
  await page.goto('/');
  expect(await page.evaluate(() => 'gpu' in navigator)).toBe(true);
  expect(await page.evaluate(async () => (await navigator.gpu.requestAdapter()) === null)).toBe(true);
});
