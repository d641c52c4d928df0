/** Before a run begins: its numbers, what it will cost, and why it cannot be at all. */
import { expect, test } from '@playwright/test';
import { encodePng } from '../../src/image/png.ts';
import { sampleSet } from '../../src/teach/sample-set.ts';
import { WITHOUT_CRITIC } from '../support/fake-models.ts';
import { open } from '../support/page.ts';
import { button, drop, filled } from '../support/teach-room.ts';

test('Enter takes a number over, and the keyboard stays there', async ({ page }) => {
  await filled(page);
  const steps = page.getByLabel('Steps');
  await steps.fill('99999');
  await steps.press('Enter');
  await expect(steps).toHaveValue('20000');
  await expect(steps).toBeFocused();
  await steps.fill('');
  await steps.press('Enter');
  await expect(steps).toHaveValue('20000');
});

test('what it costs is told before it begins, and less is offered where it is much', async ({ page }) => {
  await filled(page, { rehearseSeconds: 45 });
  await expect(page.getByText('200 steps take about 2.5 hours here, 45 s a step.')).toBeVisible();
  await expect(page.getByText('4,000,000 of its 4,000,000 numbers move.')).toBeVisible();
  await button(page, /^batches of 4, the last layers only: /).click();
  await expect(page.getByRole('radio', { name: 'Last layers, 900 K' })).toBeChecked();
  await expect(page.getByText(/take about 75 minutes here/)).toBeVisible();
  await expect(page.getByText('900,000 of its 4,000,000 numbers move.')).toBeVisible();
});

test('another backend has another price: it is measured anew, also where one is chosen before the first is', async ({
  page,
}) => {
  const choose = async (name: RegExp) => {
    await page.getByRole('button', { name: /^Device:/ }).click();
    await page.getByRole('radio', { name }).click();
    await page.keyboard.press('Escape');
  };
  const price = page.getByText(/^200 steps take about/);
  // About ten of these until the model is there, and every backend loads it anew.
  await filled(page, { loadStep: 500 });
  await choose(/^WebAssembly/);
  await expect(price).toBeVisible();
  await expect(button(page, 'Begin')).toBeEnabled();
  await choose(/^WebGL/);
  await expect(price).toBeHidden();
  await expect(button(page, 'Begin')).toBeDisabled();
  await expect(price).toBeVisible();
  await expect(button(page, 'Begin')).toBeEnabled();
});

test('a device that cannot train says why', async ({ page }) => {
  await filled(page, { cannotTrain: 'This device knows no way back.' });
  await expect(page.getByText('This device knows no way back.')).toBeVisible();
  await expect(button(page, 'Begin')).toBeDisabled();
});

test('a browser without room says so before anything is lost', async ({ page }) => {
  await filled(page, { quotaBytes: 30e6 });
  await expect(page.getByText(/no room to keep a run: it needs 60 MB and has 29 MB/)).toBeVisible();
  await expect(button(page, 'Begin')).toBeDisabled();
});

test('a model without a critic cannot be taught, and says so', async ({ page }) => {
  await open(page, { hash: '#teach', models: { 'manifest.json': WITHOUT_CRITIC } });
  await expect(page.getByText(/Flowers came without a critic/)).toBeVisible();
  // What is brought is told of all the same.
  await page.getByLabel('Bring a model').setInputFiles({
    name: 'junk.zip',
    mimeType: 'application/zip',
    buffer: Buffer.from('no archive'),
  });
  await expect(page.locator('.teach-left')).toContainText('junk.zip: it is damaged');
  const kept = page.getByText('One picture is kept here for a model that can be taught.');
  await expect(kept).toHaveCount(0);
  await drop(page, [{ name: 'one.png', bytes: await encodePng(sampleSet('flowers', 1)[0]!.pixels) }]);
  await expect(kept).toBeVisible();
  await expect(page.locator('.teach-left')).toHaveCount(0);
  await expect(page.locator('[data-announcer]')).toHaveText('1 picture is here.');
});
