/** A face on its way up, and other faces of the same words, by the real worker and the tiny face model. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { openPainted, painted, pictures } from '../support/page.ts';
import { printsOf } from '../support/prints.ts';
import { servesFaces } from '../support/tiny-faces.ts';
import { expectNothingForAxe } from '../support/seemly.ts';

const HASH = '#v=1&m=tiny-faces&c=a+smiling+man+with+a+beard&s=3&n=1';

const dialog = (page: Page) => page.getByRole('dialog', { name: 'a smiling man with a beard' });
const growth = (page: Page) => dialog(page).getByRole('region', { name: 'Growth' });
const large = (page: Page) => growth(page).getByRole('img');
const stop = (page: Page, size: number) => growth(page).getByRole('button', { name: `${size} pixels` });
const reached = (page: Page) => growth(page).getByRole('slider', { name: 'Size reached' });
const playButton = (page: Page) => growth(page).getByRole('button', { name: /^(Play|Pause)$/ });
/** Presses it, and tells its words right after. */
const pressed = (button: Locator) =>
  button.evaluate((element: HTMLButtonElement) => {
    element.click();
    return new Promise((resolve) => requestAnimationFrame(() => resolve(element.textContent)));
  });
const variation = (page: Page, n: number) => dialog(page).getByRole('button', { name: `Variation ${n}:` });
const sigma = (page: Page) => dialog(page).getByRole('slider', { name: 'Stray from the words (σ)' });
/** The parts of it that are being painted. */
const busy = (page: Page) => dialog(page).locator('[aria-busy="true"]');

/** RGBA of all that a small canvas holds. */
const pixelsOf = (canvas: Locator) =>
  canvas.evaluate((element: HTMLCanvasElement) => {
    const { width, height } = element;
    return [...(element.getContext('2d')?.getImageData(0, 0, width, height).data ?? [])];
  });

async function openFaces(page: Page, hash = HASH): Promise<void> {
  await servesFaces(page);
  await page.goto(`/${hash}`);
  await painted(page);
}

/** With little motion nothing plays by itself. */
async function watch(page: Page, hash = HASH): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openFaces(page, hash);
  await pictures(page).first().click();
  await page.getByRole('button', { name: 'Watch it grow' }).click();
  await expect(stop(page, 16)).toBeEnabled();
  await expect(variation(page, 9)).toBeEnabled();
  await expect(busy(page)).toHaveCount(0);
}

test('by mouse: every size, and the way between two', async ({ page }) => {
  await watch(page);
  await expect(
    growth(page)
      .getByRole('paragraph')
      .filter({ hasText: /^16 px, fully grown$/ }),
  ).toBeVisible();
  await expect(stop(page, 16)).toHaveAttribute('aria-pressed', 'true');
  const whole = await pixelsOf(large(page));
  expect(whole).toHaveLength(4 * 16 * 16);
  for (const size of [4, 8, 16])
    expect(await pixelsOf(stop(page, size).locator('canvas'))).toHaveLength(4 * size * size);

  await stop(page, 8).click();
  await expect(large(page)).toHaveAccessibleName(/^8 px, all of its details, painted for/);
  await expect(stop(page, 16)).toHaveAttribute('aria-pressed', 'false');
  const eight = await pixelsOf(large(page));
  expect(eight).toEqual(await pixelsOf(stop(page, 8).locator('canvas')));

  // Pressed in the middle between the second stop and the third.
  const box = (await reached(page).boundingBox())!;
  await page.mouse.click(box.x + 10 + 0.75 * (box.width - 20), box.y + box.height / 2);
  await expect(large(page)).toHaveAccessibleName(/^16 px, 50% of the new details/);
  await expect.poll(() => pixelsOf(large(page))).toHaveLength(4 * 16 * 16);
  const half = await pixelsOf(large(page));
  expect(half).not.toEqual(whole);
  // Below each pixel of the smaller picture lie four that are drawn apart.
  const between = half.filter((v, i) => {
    const [place, c] = [i >> 2, i % 4];
    const before = eight[4 * (8 * (place >> 5) + ((place % 16) >> 1)) + c]!;
    return v >= Math.min(before, whole[i]!) - 8 && v <= Math.max(before, whole[i]!) + 8;
  });
  expect(between.length / half.length).toBeGreaterThan(0.95);
});

test('by keyboard: the slider, steps, and Escape back to the picture', async ({ page }) => {
  await watch(page);
  await reached(page).focus();
  await page.keyboard.press('Home');
  await expect(reached(page)).toHaveAttribute('aria-valuetext', '4 px, where it begins');
  await expect.poll(() => pixelsOf(large(page))).toHaveLength(4 * 4 * 4);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(reached(page)).toHaveAttribute('aria-valuetext', '8 px, 10% of the new details');
  await expect.poll(() => pixelsOf(large(page))).toHaveLength(4 * 8 * 8);
  await page.keyboard.press('End');
  await expect(large(page)).toHaveAccessibleName(/^16 px, fully grown/);
  await growth(page).getByRole('button', { name: 'A step back' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(large(page)).toHaveAccessibleName(/^16 px, 50% of the new details/);
  await growth(page).getByRole('button', { name: 'A step on' }).press('Space');
  await expect(large(page)).toHaveAccessibleName(/^16 px, 75% of the new details/);
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  await expect(pictures(page).first()).toBeFocused();
});

test('it plays by itself from the smallest size to the whole, and a press pauses it', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await openFaces(page);
  await pictures(page).first().click();
  await page.getByRole('button', { name: 'Watch it grow' }).click();
  // In the very frame in which it is seen to play: it is over in four seconds.
  await page.waitForFunction(() => {
    const found = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Pause');
    found?.click();
    return found;
  });
  await expect(playButton(page)).toHaveText('Play');
  expect(Number(await reached(page).inputValue())).toBeLessThan(2);
  expect(await pressed(playButton(page))).toBe('Pause');
  await expect(large(page)).toHaveAccessibleName(/^16 px, fully grown/);
  await expect(playButton(page)).toHaveText('Play');
});

test('who wants less motion must press Play; it begins anew, and a hand on the slider ends it', async ({ page }) => {
  await watch(page);
  await expect(playButton(page)).toHaveText('Play');
  await expect(reached(page)).toHaveValue('2');
  expect(await pressed(playButton(page))).toBe('Pause');
  await reached(page).press('ArrowRight');
  await expect(playButton(page)).toHaveText('Play');
  expect(Number(await reached(page).inputValue())).toBeLessThan(2);
});

test('variations stray with σ, are drawn anew, and one is painted in Paint to the pixel', async ({ page }) => {
  // Not enlarged, so that two canvases of one picture hold the same.
  await watch(page, `${HASH}&u=pixels`);
  const all = async () => {
    await expect(busy(page)).toHaveCount(0);
    return printsOf(dialog(page).getByRole('list', { name: 'Variations' }).locator('canvas'));
  };
  const first = await all();
  expect(new Set(first).size).toBe(9);
  await sigma(page).focus();
  await page.keyboard.press('Home');
  await expect(dialog(page).getByText(/^Nothing is left open/)).toBeVisible();
  await expect.poll(async () => new Set(await all()).size).toBe(1);
  await page.keyboard.press('End');
  await expect.poll(async () => new Set([...first, ...(await all())]).size).toBe(18);
  const far = await all();
  await dialog(page).getByRole('button', { name: 'Other variations' }).press('Enter');
  await expect.poll(async () => new Set([...far, ...(await all())]).size).toBe(18);

  const fifth = await printsOf(variation(page, 5).locator('canvas'));
  await variation(page, 5).press('Enter');
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByRole('group', { name: 'Style: A variation' })).toBeVisible();
  await painted(page);
  await expect(pictures(page)).toHaveCount(1);
  await expect(page).toHaveURL(/&k=[\w-]+&ks=1/);
  const there = () => printsOf(pictures(page).first().locator('canvas'));
  await expect.poll(there).toEqual(fifth);
  // What the link holds is painted the same on another visit.
  const link = page.url();
  await page.goto('about:blank');
  await page.goto(link);
  await painted(page);
  expect(await there()).toEqual(fifth);
});

test('models that were not grown offer nothing of it', async ({ page }) => {
  await openPainted(page);
  await pictures(page).first().click();
  await expect(page.getByRole('button', { name: 'Save PNG' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Watch it grow' })).toHaveCount(0);
});

test('nothing for axe, light and dark; no sideways scrolling from 360 to 1440', async ({ page }) => {
  await watch(page);
  await expectNothingForAxe(page);
  for (const width of [360, 820, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const over = await dialog(page).evaluate((element) => [
      document.documentElement.scrollWidth - document.documentElement.clientWidth,
      element.scrollWidth - element.clientWidth,
    ]);
    expect(over, `${width} px`).toEqual([0, 0]);
  }
});
