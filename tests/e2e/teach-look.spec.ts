/** Every state of the room Teach, for axe and on narrow screens. */
import { expect, test, type Page } from '@playwright/test';
import { archive, begun, button, drop, openRoom, paused, rows } from '../support/teach-room.ts';
import { expectNothingForAxe, expectNothingSideways } from '../support/seemly.ts';

/** Every state of the room that looks different. */
const STATES: Record<string, (page: Page) => Promise<void>> = {
  empty: openRoom,
  table: async (page) => {
    await openRoom(page);
    await drop(page, [await archive(12, 7), { name: 'bad.zip', bytes: new Uint8Array(3) }]);
    await expect(rows(page)).toHaveCount(12);
    await expect(page.getByText(/take about/)).toBeVisible();
    await page.getByText('More', { exact: true }).click();
    await button(page, 'paper-02.png: choose the square').click();
  },
  paused: async (page) => {
    await paused(page);
    await page.getByRole('slider', { name: 'Line between before and now' }).fill('0.5');
    await page.getByText('The 24 pictures it learns from').click();
  },
  astray: async (page) => {
    await begun(page, 40, { divergesAt: 17 });
    await expect(page.getByRole('alert')).toBeVisible();
  },
  kept: async (page) => {
    await begun(page, 8);
    await button(page, 'Keep').click();
    await expect(page.getByText('is kept.')).toBeVisible();
    await button(page, 'All runs').click();
    await button(page, 'Forget Paper flowers').first().click();
  },
};

for (const [name, enter] of Object.entries(STATES)) {
  test(`${name}: nothing for axe, light and dark; no sideways scrolling at 360, 820 and 1440`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await enter(page);
    await expectNothingForAxe(page);
    await expectNothingSideways(page, [360, 820, 1440], 740);
  });
}
