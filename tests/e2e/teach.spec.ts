/** The room Teach from one end to the other: a set, a run, a model that paints. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { fixtureModels } from '../support/fixture-models.ts';
import { painted, pictures } from '../support/page.ts';
import { archive, begun, button, drop, rows, stepOf, where } from '../support/teach-room.ts';

test('one click for a set, one to begin; it pauses, goes on, ends, and is a model that paints', async ({ page }) => {
  await begun(page, 30, { trainStep: 250 });
  await expect(page.getByRole('region', { name: 'What it paints' }).getByRole('img')).toHaveCount(12);
  await expect(page.getByText(/pictures a second/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(button(page, 'Resume')).toBeVisible();
  const at = await stepOf(page);
  expect(at).toBeLessThan(30);
  await button(page, 'One step').click();
  await expect(where(page)).toHaveText(`Step ${at + 1} of 30`);
  await button(page, 'Resume').click();
  await expect(page.getByText(/It has learned for as long/)).toBeVisible();
  await expect(page.locator('[data-announcer]')).toHaveText('The training is finished.');
  await page.getByRole('region', { name: 'Keep it as a model' }).getByLabel('Name').fill('Cut paper');
  await button(page, 'Keep').click();
  await expect(page.getByText('Cut paper is kept.')).toBeVisible();
  await button(page, 'Paint with it').click();
  await painted(page);
  await expect(page).toHaveURL(/m=my-1/);
  // What it has learnt is what it paints first.
  await expect(page).toHaveURL(/c=a\+paper\+flower/);
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('heading', { name: 'Cut paper' })).toBeVisible();
  await expect(page.getByRole('article', { name: 'Cut paper' })).toContainText('Tuned from');
  await expect(page.getByRole('article', { name: 'Cut paper' })).toContainText(/2\.0\sMB to paint with/);
  await page.getByRole('link', { name: 'Teach' }).click();
  await expect(page.getByRole('region', { name: 'Your models' })).toContainText(
    /2\.0\sMB to paint with, 5\.0\sMB in all/,
  );
});

test('the whole way on the real engine: drop, train, pause, reload, resume, export, and paint elsewhere', async ({
  page,
  browser,
}) => {
  // Wasm on a small machine, which compiles and fits everything anew after a reload.
  test.setTimeout(400_000);
  const PATIENCE = { timeout: 150_000 };
  const tiny = '/#v=1&m=tiny&c=a+red+flower&s=5&n=1&l=1';
  await fixtureModels(page);
  await page.goto(tiny);
  await painted(page, PATIENCE);
  await page.getByRole('link', { name: 'Teach' }).click();
  await drop(page, [await archive(12)]);
  await expect(rows(page)).toHaveCount(12);
  await page.getByLabel('Steps').fill('2000');
  await page.getByLabel('Steps').press('Enter');
  await expect(page.getByText(/^2,000 steps take about/)).toBeVisible(PATIENCE);
  await button(page, 'Begin').click();
  await expect.poll(() => stepOf(page), PATIENCE).toBeGreaterThanOrEqual(20);
  await button(page, 'Pause').click();
  await expect(button(page, 'Resume')).toBeVisible(PATIENCE);
  const at = await stepOf(page);
  expect(at).toBeLessThan(2000);

  await page.reload();
  await button(page, 'Open paper').click(PATIENCE);
  await expect(where(page)).toHaveText(new RegExp(`^Step ${at.toLocaleString('en')} of 2,000$`));
  await expect(page.getByRole('region', { name: 'What it paints' }).getByRole('img').first()).toBeVisible(PATIENCE);
  await button(page, 'Resume').click();
  await expect.poll(() => stepOf(page), PATIENCE).toBeGreaterThan(at);
  await button(page, 'Stop here').click();
  await expect(page.getByText(/It stands still/)).toBeVisible(PATIENCE);
  await page.getByRole('region', { name: 'Keep it as a model' }).getByLabel('Name').fill('Paper');
  await button(page, 'Keep').click();
  await expect(page.getByText('Paper is kept.')).toBeVisible(PATIENCE);
  const download = page.waitForEvent('download');
  await button(page, 'Export Paper').first().click();
  const file = await (await download).path();

  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await fixtureModels(other);
  await other.goto('/#teach');
  await drop(other, [{ name: 'limn-my-paper.zip', bytes: readFileSync(file) }]);
  await expect(other.getByText('Paper is here, and can paint.')).toBeVisible(PATIENCE);
  await button(other, 'Paint with it Paper').click();
  await other.keyboard.press('Control+Enter');
  await painted(other, PATIENCE);
  await expect(other).toHaveURL(/m=my-/);
  const address = other.url();
  // The model is still there after a reload, and a link to it finds it.
  await other.reload();
  await painted(other, PATIENCE);
  expect(other.url()).toBe(address);
  await expect(pictures(other).first()).toBeVisible();
  await elsewhere.close();
});
