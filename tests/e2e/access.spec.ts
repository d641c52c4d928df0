/** For those who see other colours, take their time, or have no pointer to rest upon things. */
import { expect, test, type Page } from '@playwright/test';
import { caption, openPainted, painted } from '../support/page.ts';
import { sideways } from '../support/seemly.ts';

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
