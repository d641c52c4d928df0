/** A run upon the real worker and a real WebGPU device: what happens to it happens to many hours of somebody's work. */
import { expect, test, type Page } from '@playwright/test';
import { fixtureModels } from '../support/fixture-models.ts';
import { chooseWebGpu, loseDevice, openHeld, PATIENCE, worker } from '../support/lose-device.ts';
import { painted } from '../support/page.ts';

// A software GPU compiles every shader anew after a loss, and machines that test are small.
test.setTimeout(1_200_000);

/** More than will be made; the first checkpoint would come after a quarter of them. */
const STEPS = 2000;
/** Until a device in software knows the way back. */
const LONG = { timeout: 400_000 };

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const where = (page: Page) => page.locator('.teach-where');
const stepOf = async (page: Page) =>
  Number(/^Step ([\d,]+)/.exec((await where(page).textContent()) ?? '')?.[1]?.replace(',', ''));

/** The sample set, so many steps. */
async function begin(page: Page, steps: number): Promise<void> {
  await page.getByRole('link', { name: 'Teach' }).click();
  await button(page, /^Try with 24/).click();
  await page.getByLabel('Steps').fill(String(steps));
  await page.getByLabel('Steps').press('Enter');
  await expect(page.getByText(/steps? takes? about/)).toBeVisible(PATIENCE);
  await expect(button(page, 'Begin')).toBeEnabled(PATIENCE);
  await button(page, 'Begin').click();
  await expect(where(page)).toBeVisible(PATIENCE);
}

test('a device lost while it trains: the page says so, and the run goes on from where it was kept', async ({
  page,
}) => {
  await openHeld(page);
  // Begun on the processor: reading captions back on a GPU in software takes minutes.
  await begin(page, STEPS);
  await expect.poll(() => stepOf(page), PATIENCE).toBeGreaterThanOrEqual(1);
  await button(page, 'Pause').click();
  await expect(button(page, 'Resume')).toBeVisible(PATIENCE);
  const kept = await stepOf(page);
  await chooseWebGpu(page);
  // By keyboard: a GPU in software that computes leaves the page few frames, and a click waits for some.
  await button(page, 'Resume').press('Enter');
  await expect.poll(() => stepOf(page), LONG).toBeGreaterThan(kept);
  const at = await stepOf(page);
  const lost = worker(page);
  const ended = new Promise((resolve) => lost.once('close', resolve));
  await loseDevice(page);
  await ended;
  const step = kept.toLocaleString('en');
  await expect(page.getByText(`training goes on from step ${step}.`)).toBeVisible(PATIENCE);
  expect(worker(page)).not.toBe(lost);
  // By itself, on the device that came back; the steps since the checkpoint are done once more.
  await expect.poll(() => stepOf(page), LONG).toBeGreaterThan(at);
  await expect(page.getByRole('button', { name: /^Device:/ })).toContainText('WebGPU');
  await button(page, 'Pause').press('Enter');
  await expect(button(page, 'Resume')).toBeVisible(LONG);
  const after = await stepOf(page);
  expect(after).toBeGreaterThan(at);
  await expect(page.getByRole('slider', { name: 'Look back' })).toHaveAttribute(
    'aria-valuetext',
    `step ${after.toLocaleString('en')}`,
  );
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('one run, two tabs: it is trained in one of them, and the other says where', async ({ page, context }) => {
  await fixtureModels(page);
  await page.goto('/#v=1&m=tiny&c=a+red+flower&s=5&n=1&l=1');
  await painted(page, PATIENCE);
  await begin(page, 20_000);
  await expect.poll(() => stepOf(page), PATIENCE).toBeGreaterThanOrEqual(1);
  const other = await context.newPage();
  await fixtureModels(other);
  await other.goto('/#teach');
  await button(other, 'Open Paper flowers').click(PATIENCE);
  await button(other, /^(Train|Resume)$/).click(PATIENCE);
  const told = other.getByRole('alert');
  await expect(told).toContainText('This run is being trained in another tab.', PATIENCE);
  // The first one neither stops nor stumbles; when its tab is closed while it trains, the other may.
  const at = await stepOf(page);
  await expect.poll(() => stepOf(page), PATIENCE).toBeGreaterThan(at);
  await expect(button(page, 'Pause')).toBeVisible();
  await page.close();
  // From where it was last kept.
  const kept = await stepOf(other);
  await button(other, 'Try again').click();
  await expect.poll(() => stepOf(other), PATIENCE).toBeGreaterThan(kept);
  await expect(told).toHaveCount(0);
});
