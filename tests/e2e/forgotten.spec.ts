import { expect, test, type Page } from '@playwright/test';
import { caption, open, openPainted, painted, pictures } from '../support/page.ts';

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const earlier = (page: Page) => page.getByRole('region', { name: 'Earlier' });

/** Left edge and width, pixels. */
async function column(page: Page): Promise<readonly [number, number]> {
  const box = await earlier(page).boundingBox();
  return [Math.round(box?.x ?? 0), Math.round(box?.width ?? 0)];
}

test('a model is kept, painted with and forgotten: its pictures stay, and more like them are painted', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, { hash: '#teach', worker: { trainStep: 10 } });
  await button(page, /^Try with 24/).click();
  await page.getByLabel('Steps').fill('20');
  await page.getByLabel('Steps').press('Enter');
  await button(page, 'Begin').click();
  await button(page, 'Keep').click();
  await button(page, 'Paint with it').click();
  await painted(page);
  await caption(page).fill('a red flower');
  await page.keyboard.press('Control+Enter');
  await expect(pictures(page)).toHaveCount(4);
  await painted(page);
  const card = page.getByRole('complementary', { name: 'Mirror' });
  await expect(card).toBeVisible();
  const before = await column(page);
  expect(before[1]).toBeGreaterThan(700);

  await page.getByRole('link', { name: 'Teach' }).click();
  const own = page.getByRole('region', { name: 'Your models' });
  await own.getByRole('button', { name: /^Forget/ }).click();
  await button(page, 'Forget for good').click();
  await expect(own.getByRole('listitem')).toHaveCount(0);
  await page.getByRole('link', { name: 'Paint' }).click();
  await expect(card).toContainText('not here any more');
  expect(await column(page)).toEqual(before);

  await pictures(page).first().click();
  await button(page, 'Paint more like this').click();
  await expect(page.getByText(/Another model paints in its place/)).toBeVisible();
  await painted(page);
  await expect(page.locator('.model-pill')).toContainText('Flowers');
  await expect(card).not.toContainText('not here any more');
  expect(await column(page)).toEqual(before);
});

test('Esc before anything came: the pictures that stood there come back', async ({ page }) => {
  await openPainted(page);
  const names = await pictures(page).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
  await page.evaluate(() => {
    for (const [key, ctrlKey] of [
      ['Enter', true],
      ['Escape', false],
    ] as const)
      // prettier-ignore
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true }));
  });
  await expect(button(page, 'Stop')).toBeHidden();
  await expect(pictures(page)).toHaveCount(4);
  expect(await pictures(page).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))).toEqual(names);
  await expect(earlier(page)).toHaveCount(0);
});
