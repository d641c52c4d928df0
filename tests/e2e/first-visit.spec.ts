import { expect, test } from '@playwright/test';
import type { Failure } from '../../src/failure.ts';
import { caption, open, openPainted, painted, pictures } from '../support/page.ts';
import { CARD, fakeModels } from '../support/fake-models.ts';

test('the page is there before the painter is, says what it fetches, and paints by itself', async ({ page }) => {
  await open(page, { worker: { loadStep: 150 } });
  await expect(caption(page)).toBeVisible();
  await expect(page.getByText(/Fetching the painter: \d\.\d.of.5\.4.MB/)).toBeVisible();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await expect(page.getByText(/leaves this tab/)).toBeVisible();
  await painted(page);
  await expect(pictures(page)).toHaveCount(4);
  await expect(caption(page)).toHaveValue(CARD.examples[0] ?? '');
  await expect(page.getByRole('button', { name: /^Device:/ })).toContainText('WebGPU');
  await expect(page.getByRole('button', { name: /^Device:/ })).toContainText('Compass and Ruler');
  await expect(page.getByRole('button', { name: /^Device:/ })).toContainText('3.1 ms a picture');
  await expect(page.getByText('Flowers, 64 px, 5.4')).toBeVisible();
});

test('the shell renders without any answer from the server about models or the worker', async ({ page }) => {
  await page.route(/\/models\/|worker-/, () => undefined);
  await page.goto('/');
  await expect(caption(page)).toBeVisible({ timeout: 3000 });
  await caption(page).fill('one can write at once');
});

test('a failed loading says what to do, and trying again works', async ({ page }) => {
  const loadFails: Failure = { kind: 'network', url: 'flowers/generator.safetensors', detail: 'offline' };
  await open(page, { worker: { loadFails, failsOnce: true } });
  await expect(page.getByRole('alert')).toContainText('A file could not be fetched.');
  await expect(page.getByRole('button', { name: /^Device:/ })).toContainText('Not running');
  await page.getByRole('button', { name: 'Try again' }).click();
  await painted(page);
  await expect(page.getByRole('alert')).toBeHidden();
});

test('a lost device is told calmly, and the picture is painted anew', async ({ page }) => {
  await open(page, { worker: { losesAt: 2, paintStep: 50, loadStep: 40 } });
  await expect(page.locator('[data-announcer]')).toHaveText(/starting again and painting your picture anew/);
  await expect(page.getByText('The graphics device went away', { exact: true })).toBeVisible();
  await painted(page);
  await expect(pictures(page)).toHaveCount(4);
  await expect(page.getByRole('alert')).toBeHidden();
});

test('a device that is lost again and again is given up, and another backend can be chosen', async ({ page }) => {
  const worker = { losesAt: 1, losesAlways: true };
  await open(page, { worker });
  await expect(page.getByRole('alert')).toContainText('The graphics device went away and did not come back.');
  await page.getByRole('button', { name: 'Choose another backend' }).click();
  const popover = page.getByRole('dialog', { name: 'What paints' });
  await expect(popover).toBeVisible();
  worker.losesAlways = false;
  await popover.getByRole('radio', { name: /Plain JavaScript/ }).click();
  await page.keyboard.press('Escape');
  await painted(page);
  await expect(page.getByRole('button', { name: /^Device:/ })).toContainText('Plain JavaScript');
});

test('why a backend was passed over stands beside it', async ({ page }) => {
  await openPainted(page);
  await page.getByRole('button', { name: /^Device:/ }).click();
  await expect(page.getByRole('dialog', { name: 'What paints' })).toContainText('Passed over: a test said so');
});

test('a page without a catalogue says so and can try again', async ({ page }) => {
  await open(page, { models: { 'manifest.json': '<!doctype html>' } });
  await expect(page.getByRole('alert')).toContainText('A file arrived damaged.');
  await fakeModels(page);
  await page.getByRole('button', { name: 'Try again' }).click();
  await painted(page);
});

test('a link is painted, too, when the catalogue is tried again', async ({ page }) => {
  await open(page, { hash: '#v=1&c=a+red+flower&s=5&n=1', models: { 'manifest.json': '<!doctype html>' } });
  await expect(page.getByRole('alert')).toContainText('A file arrived damaged.');
  await fakeModels(page);
  await page.getByRole('button', { name: 'Try again' }).click();
  await painted(page);
  await expect(pictures(page)).toHaveCount(1);
  await expect(pictures(page)).toHaveAccessibleName(/seed 5:/);
});
