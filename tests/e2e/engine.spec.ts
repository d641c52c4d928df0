/** The page upon the real worker. */
import { expect, test, type Page } from '@playwright/test';
import { fixtureModels } from '../support/fixture-models.ts';
import { middle, painted, pictures } from '../support/page.ts';

test.beforeEach(({ page }) => fixtureModels(page));

test('the engine paints by itself, and the same seed paints the same picture', async ({ page }) => {
  await page.goto('/');
  await painted(page);
  await expect(page.getByRole('button', { name: /^Device:/ })).toContainText(/Web(GPU|GL|Assembly)/);
  await expect(pictures(page)).toHaveCount(4);
  const first = await middle(pictures(page).nth(0).locator('canvas'));
  const second = await middle(pictures(page).nth(1).locator('canvas'));
  expect(first).toHaveLength(4);
  expect(second).not.toEqual(first);
  await page.getByRole('button', { name: 'Lock the seed' }).click();
  await page.keyboard.press('Control+Enter');
  await painted(page);
  expect(await middle(pictures(page).nth(0).locator('canvas'))).toEqual(first);
});

test('backends can be chosen, WebGPU among them, and all paint the same', async ({ page }) => {
  await page.goto('/#v=1&m=tiny&c=a+red+flower&s=5&n=1&l=1');
  await painted(page);
  const before = await middle(pictures(page).nth(0).locator('canvas'));
  for (const name of ['WebGPU', 'WebAssembly']) {
    await choose(page, name);
    await page.keyboard.press('Control+Enter');
    await painted(page);
    const after = await middle(pictures(page).nth(0).locator('canvas'));
    for (const [i, value] of after.entries()) expect(Math.abs(value - (before[i] ?? -1)), name).toBeLessThanOrEqual(2);
  }
});

test('the second visit downloads no weights', async ({ page }) => {
  const weights: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.safetensors')) weights.push(request.url());
  });
  await page.goto('/');
  await painted(page);
  expect(weights).toHaveLength(2);
  await page.reload();
  await painted(page);
  expect(weights).toHaveLength(2);
});

test('without a network it goes on painting', async ({ page, context }) => {
  await page.goto('/#v=1&m=tiny&c=a+red+flower&s=5&n=1&l=1');
  await painted(page);
  await context.setOffline(true);
  await page.getByRole('radio', { name: '4', exact: true }).check({ force: true });
  await page.keyboard.press('Control+Enter');
  await expect(pictures(page)).toHaveCount(4);
  await painted(page);
});

async function choose(page: Page, name: string): Promise<void> {
  const device = page.getByRole('button', { name: /^Device:/ });
  await device.click();
  await page.getByRole('radio', { name: new RegExp(`^${name}`) }).click();
  await page.keyboard.press('Escape');
  await expect(device).toContainText(name);
}
