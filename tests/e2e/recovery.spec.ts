/** The page upon the real worker and a real WebGPU device that goes away. */
import { expect, test } from '@playwright/test';
import { fixtureModels } from '../support/fixture-models.ts';
import { HOLD, loseDevice, openOnWebGpu, PATIENCE, worker } from '../support/lose-device.ts';
import { painted, pictures } from '../support/page.ts';

// A software GPU compiles every shader anew after each loss, and machines that test are small.
test.setTimeout(400_000);

test('a device lost at rest comes back, and the next picture is painted', async ({ page }) => {
  await openOnWebGpu(page);
  const lost = worker(page);
  const ended = new Promise((resolve) => lost.once('close', resolve));
  await loseDevice(page);
  await ended;
  const device = page.getByRole('button', { name: /^Device:/ });
  await expect(device).toContainText('WebGPU', PATIENCE);
  await page.keyboard.press('Control+Enter');
  await painted(page, PATIENCE);
  await expect(pictures(page)).toHaveCount(1, PATIENCE);
});

test('a device lost while painting: the job is done again, and nothing is lost', async ({ page }) => {
  await openOnWebGpu(page);
  await page.getByRole('radio', { name: '16', exact: true }).check({ force: true });
  await page.keyboard.press('Control+Enter');
  await loseDevice(page);
  await expect(pictures(page)).toHaveCount(16, PATIENCE);
  await painted(page, PATIENCE);
  await expect(page.getByRole('button', { name: /^Device:/ })).toContainText('WebGPU', PATIENCE);
});

test('an error that tfjs does not see ends the worker, not the visit', async ({ page }) => {
  await openOnWebGpu(page);
  const spent = worker(page);
  const ended = new Promise((resolve) => spent.once('close', resolve));
  // A buffer over the limit: only `uncapturederror` tells, once the commands reach the GPU process.
  await spent
    .evaluate(async () => {
      const device = (globalThis as unknown as { heldDevice: GPUDevice }).heldDevice;
      device.createBuffer({ size: 2 ** 42, usage: GPUBufferUsage.STORAGE });
      await device.queue.onSubmittedWorkDone();
    })
    // The worker may end before it answers.
    .catch(() => undefined);
  await ended;
  await page.keyboard.press('Control+Enter');
  await painted(page, PATIENCE);
  await expect(pictures(page)).toHaveCount(1, PATIENCE);
});

test('the GPU process is killed: the page goes on', async ({ playwright }) => {
  // In a browser of its own: Chromium gives another device after one such crash, and after a second one soon it may not.
  const browser = await playwright.chromium.launch();
  try {
    const page = await browser.newPage();
    await openOnWebGpu(page);
    await page.getByRole('radio', { name: '4', exact: true }).check({ force: true });
    const lost = worker(page);
    const ended = new Promise((resolve) => lost.once('close', resolve));
    await (await browser.newBrowserCDPSession()).send('Browser.crashGpuProcess');
    await ended;
    await page.keyboard.press('Control+Enter');
    await expect(pictures(page)).toHaveCount(4, PATIENCE);
    await painted(page, PATIENCE);
    await expect(page.getByRole('button', { name: /^Device:/ })).toContainText('WebGPU', PATIENCE);
  } finally {
    await browser.close();
  }
});

test('a device that is lost again and again: the page says so, and another backend paints', async ({ page }) => {
  const doomed = `${HOLD}
    const dying = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...args) {
      const device = await dying.apply(this, args);
      setTimeout(() => device.destroy(), 300);
      return device;
    };
  `;
  await fixtureModels(page);
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: doomed + (await response.text()) });
  });
  await page.goto('/#v=1&m=tiny&c=a+red+flower&s=5&n=1&l=1');
  await painted(page, PATIENCE);
  const device = page.getByRole('button', { name: /^Device:/ });
  await device.click();
  await page.getByRole('radio', { name: /^WebGPU/ }).click();
  await page.keyboard.press('Escape');
  await expect(device).toContainText(/Stopped|Not running/, PATIENCE);
  await device.click();
  await page.getByRole('radio', { name: /^WebAssembly/ }).click();
  await page.keyboard.press('Escape');
  await expect(device).toContainText('WebAssembly', PATIENCE);
  await page.keyboard.press('Control+Enter');
  await painted(page, PATIENCE);
  await expect(pictures(page)).toHaveCount(1, PATIENCE);
});
