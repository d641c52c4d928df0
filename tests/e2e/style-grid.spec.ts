/** The grid of captions and styles: on a phone, as one file, and where some of it is missing. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { open, pictures } from '../support/page.ts';
import { decodePng } from '../support/png-reader.ts';
import { cells, openLooked, PICTURES } from '../support/style-room.ts';

test('on a phone the pictures of one style, and of two, lie within the screen', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await openLooked(page);
  await page.getByRole('button', { name: 'Keep this style' }).click();
  await expect(cells(page)).toHaveCount(3);
  const within = async () => {
    for (const width of [320, 360, 414]) {
      await page.setViewportSize({ width, height: 700 });
      const edges = await page
        .locator('.style-cell, .style-words button')
        .evaluateAll((all) => all.map((element) => element.getBoundingClientRect().right));
      expect(Math.max(...edges), `at ${width}`).toBeLessThanOrEqual(width);
      const over = await page.locator('.style-scroll').evaluate((e) => e.scrollWidth - e.clientWidth);
      expect(over, `at ${width}`).toBe(0);
    }
  };
  await within();
  await page.locator('[data-picture-field] input').setInputFiles(`${PICTURES}/plain.bmp`);
  await expect(cells(page)).toHaveCount(6);
  await within();
});

test('the grid as one PNG', async ({ page }) => {
  await openLooked(page);
  await expect(cells(page)).toHaveCount(3);
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as one PNG' }).click();
  const file = readFileSync(await (await coming).path());
  expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([522, 892]);
});

test('a sheet of styles holds no picture of another strength, and a caption that cannot be read says why', async ({
  page,
}) => {
  // Of each painting one picture comes, and the next stays away until it is stopped.
  await open(page, { worker: { paintStops: 1 } });
  await expect(pictures(page)).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-announcer]')).toHaveText('Stopped after 1 picture.');
  await pictures(page).first().click();
  await page.getByRole('button', { name: 'Use its style' }).click();
  const stop = page.getByRole('button', { name: /^Stop, 1 of/ });
  const missing = page.getByRole('button', { name: 'Paint what is missing' });
  await expect(stop).toBeVisible();
  await expect(async () => {
    await page.keyboard.press('Escape');
    if (await missing.isVisible()) await missing.click();
    await expect(cells(page)).toHaveCount(3, { timeout: 1000 });
  }).toPass();
  await expect(stop).toBeHidden();
  await expect(page.locator('.style-cell.stale')).toHaveCount(0);
  await page.getByRole('slider', { name: 'Strength' }).fill('0.5');
  await expect(stop).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(missing).toBeVisible();
  await expect(page.locator('.style-cell.stale')).toHaveCount(2);

  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as one PNG' }).click();
  const { width, data } = decodePng(new Uint8Array(readFileSync(await (await coming).path())));
  // In the middle of a row's only picture: 28 + 260 + 14 from the left, 192 wide, 206 from row to row.
  const middleOfRow = (row: number) => {
    const at = 4 * ((28 + 206 * (row + 1) + 26 + 96) * width + 302 + 96);
    return [...data.slice(at, at + 3)];
  };
  expect(middleOfRow(0)).not.toEqual([250, 248, 244]);
  expect(middleOfRow(1)).toEqual([250, 248, 244]);
  expect(middleOfRow(2)).toEqual([250, 248, 244]);

  const words = page.getByLabel('Caption of this row').first();
  await expect(words).toHaveAccessibleDescription('');
  await words.fill('🌸');
  await expect(words).toHaveAccessibleDescription('The model can read none of this.');
  await expect(page.locator('.style-fault').first()).toBeVisible();
});
