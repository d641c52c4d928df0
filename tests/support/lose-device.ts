/** A real WebGPU device under the page's own worker, to be taken away. */
import { expect, type Page } from '@playwright/test';
import { fixtureModels } from './fixture-models.ts';
import { painted } from './page.ts';

/** For a software GPU, which compiles every shader anew after each loss. */
export const PATIENCE = { timeout: 150_000 };

/** Runs in the worker before the engine: keeps hold of every device, and may make one refuse. */
export const HOLD = `
  const requestDevice = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const device = await requestDevice.apply(this, args);
    globalThis.heldDevice = device;
    return device;
  };
`;

/** The fixture model, with a first picture on whatever the page takes by itself. */
export async function openHeld(page: Page, prefix = HOLD): Promise<void> {
  await fixtureModels(page);
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: prefix + (await response.text()) });
  });
  await page.goto('/#v=1&m=tiny&c=a+red+flower&s=5&n=1&l=1');
  await painted(page, PATIENCE);
}

export async function chooseWebGpu(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Device:/ }).click();
  await page.getByRole('radio', { name: /^WebGPU/ }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^Device:/ })).toContainText('WebGPU', PATIENCE);
}

export async function openOnWebGpu(page: Page): Promise<void> {
  await openHeld(page);
  await chooseWebGpu(page);
}

/** The one that was started last. */
export const worker = (page: Page) => {
  const found = page.workers().at(-1);
  if (!found) throw new Error('the page has no worker');
  return found;
};

export const loseDevice = (page: Page) =>
  worker(page).evaluate(() => (globalThis as unknown as { heldDevice: GPUDevice }).heldDevice.destroy());
