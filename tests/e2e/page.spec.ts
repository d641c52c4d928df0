import { expect, test } from '@playwright/test';

test('the page obeys its policy, is isolated, and finds a WebGPU adapter', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const response = await page.goto('/');
  expect(response?.headers()['content-security-policy']).toContain("default-src 'none'");
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(await page.evaluate(async () => (await navigator.gpu.requestAdapter()) !== null)).toBe(true);
  // An inline script must not run: the policy is there and bites.
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "ran"';
    document.head.append(script);
  });
  await expect(page).not.toHaveTitle('ran');
  expect(complaints.filter((text) => !text.includes('inline script'))).toEqual([]);
});
