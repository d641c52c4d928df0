/** For those who see other colours, take their time, or have no pointer to rest upon things. */
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { caption, open, openPainted, painted, pictures } from '../support/page.ts';
import { decodePng } from '../support/png-reader.ts';

/** A colour of the system's, as the browser writes it. */
const systemColour = (page: Page, name: string) =>
  page.evaluate((name) => {
    const probe = document.createElement('i');
    probe.style.color = name;
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }, name);

const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('with forced colours, what is chosen is told from what is not', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  await openPainted(page);
  const highlight = await systemColour(page, 'Highlight');
  const text = await systemColour(page, 'HighlightText');
  const count = (name: string) =>
    page.getByRole('radio', { name, exact: true }).locator('xpath=following-sibling::span');
  await expect(count('4')).toHaveCSS('background-color', highlight);
  await expect(count('4')).toHaveCSS('color', text);
  await expect(count('9')).not.toHaveCSS('background-color', highlight);

  const lock = page.getByRole('button', { name: 'Lock the seed' });
  await expect(lock).not.toHaveCSS('background-color', highlight);
  await lock.click();
  await expect(lock).toHaveCSS('background-color', highlight);

  // A picture covers its background, so it has a frame.
  await page.getByRole('link', { name: 'Mirror' }).click();
  await expect(page.getByRole('link', { name: 'Mirror' })).toHaveCSS('background-color', highlight);
  const film = page.getByRole('list', { name: 'Pictures of this visit' });
  const held = film.getByRole('button', { pressed: true });
  await expect(held).toHaveCSS('border-top-width', '4px');
  await expect(held).toHaveCSS('border-top-color', highlight);
  await expect(film.getByRole('button', { pressed: false }).first()).toHaveCSS('border-top-width', '0px');
});

test('a way back stays for as long as the keyboard stands on it', async ({ page }) => {
  // Eight times as fast; what is short anyway may stay so.
  await page.addInitScript(() => {
    const quick = (wait = 0) => (wait >= 500 ? wait / 8 : wait);
    const { setTimeout: once, setInterval: often } = window;
    window.setTimeout = ((act: () => void, wait?: number) => once(act, quick(wait))) as typeof setTimeout;
    window.setInterval = ((act: () => void, wait?: number) => often(act, quick(wait))) as typeof setInterval;
  });
  await openPainted(page);
  await page.keyboard.press('Control+Enter');
  await painted(page);
  await page.getByRole('region', { name: 'Earlier' }).getByRole('button', { name: 'Clear' }).press('Enter');
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.focus();
  await page.waitForTimeout(4000);
  await expect(undo).toBeFocused();
  await caption(page).focus();
  await expect(undo).toBeHidden();
});

test('the links of the rooms hold what the form says by the time that one reaches for them', async ({ page }) => {
  await openPainted(page);
  const link = page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Paint' });
  await caption(page).fill('a blue flower');
  await link.dispatchEvent('pointerdown');
  await expect(link).toHaveAttribute('href', /c=a\+blue\+flower/);
  await caption(page).fill('a red flower');
  await link.focus();
  await expect(link).toHaveAttribute('href', /c=a\+red\+flower/);
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
  const cells = page.getByRole('button', { name: /, in the style of .*: open large$/ });
  await expect(stop).toBeVisible();
  await expect(async () => {
    await page.keyboard.press('Escape');
    if (await missing.isVisible()) await missing.click();
    await expect(cells).toHaveCount(3, { timeout: 1000 });
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
  const middle = (row: number) => {
    const at = 4 * ((28 + 206 * (row + 1) + 26 + 96) * width + 302 + 96);
    return [...data.slice(at, at + 3)];
  };
  expect(middle(0)).not.toEqual([250, 248, 244]);
  expect(middle(1)).toEqual([250, 248, 244]);
  expect(middle(2)).toEqual([250, 248, 244]);

  const words = page.getByLabel('Caption of this row').first();
  await expect(words).toHaveAccessibleDescription('');
  await words.fill('🌸');
  await expect(words).toHaveAccessibleDescription('The model can read none of this.');
  await expect(page.locator('.style-fault').first()).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('what a title says elsewhere stands in a line of its own', async ({ page }) => {
    await openPainted(page);
    for (const words of [/^How far a picture may stray/, /^Best of so many/, /^Unlocked: each painting/]) {
      await expect(page.getByText(words)).toBeVisible();
    }
    await page.getByRole('button', { name: 'Lock the seed' }).tap();
    await expect(page.getByText(/^Locked: the next pictures/)).toBeVisible();
    expect(await sideways(page)).toBe(0);
    await page.getByRole('link', { name: 'Teach' }).tap();
    await page.getByRole('button', { name: /^Try with 24/ }).tap();
    await expect(page.getByText(/^How strongly it is held/)).toBeVisible();
    expect(await sideways(page)).toBe(0);
  });
});
