/** The keyboard does not fall off the page with the button that it stood on, and pasted words go where one types. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { caption, open, openPainted, painted, pictures } from '../support/page.ts';

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const press = (target: Locator) => target.press('Enter');

test('a picture that is closed by its button, or beside it, gives the focus back', async ({ page }) => {
  await openPainted(page);
  await press(pictures(page).nth(1));
  await press(button(page, 'Close'));
  await expect(pictures(page).nth(1)).toBeFocused();
  await press(pictures(page).nth(2));
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.mouse.click(3, 3);
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(pictures(page).nth(2)).toBeFocused();
});

test('what is said of a saved picture is said anew each time, and not of its neighbour', async ({ page }) => {
  await openPainted(page);
  await pictures(page).nth(0).click();
  await button(page, 'Save PNG').click();
  const said = page.getByRole('dialog').getByText(/^Saved\./);
  await expect(said).toBeVisible();
  await page.evaluate(() => {
    const texts: (string | null)[] = [];
    const place = document.querySelector('.said');
    new MutationObserver(() => texts.push(place?.textContent ?? null)).observe(document.body, {
      ...{ subtree: true, childList: true, characterData: true },
    });
    Object.assign(window, { texts });
  });
  await button(page, 'Save PNG').click();
  await expect.poll(() => page.evaluate(() => (window as unknown as { texts: string[] }).texts)).toContain('');
  await expect(said).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(said).toBeHidden();
});

test('buttons that go with what they did leave the keyboard nearby', async ({ page }) => {
  await openPainted(page);
  await page.keyboard.press('Control+Enter');
  await painted(page);
  const clear = page.getByRole('region', { name: 'Earlier' }).getByRole('button', { name: 'Clear' });
  await press(clear);
  await expect(clear).toBeHidden();
  const title = page.getByRole('heading', { name: 'Paint a picture from a caption' });
  await expect(title).toBeFocused();
  const undo = button(page, 'Undo');
  await undo.focus();
  await press(undo);
  await expect(clear).toBeVisible();
  await expect(title).toBeFocused();
});

test('the same in Between and in Style', async ({ page }) => {
  await open(page, { hash: '#between', worker: { paintStep: 30 } });
  await expect(page.locator('[data-announcer]')).toHaveText('All steps between are painted.');
  await press(button(page, 'Save'));
  await expect(button(page, 'Cancel')).toBeFocused();
  await press(button(page, 'Cancel'));
  await expect(page.getByRole('region', { name: /^Keep the way/ }).getByRole('button', { name: 'Save' })).toBeFocused();

  await page.getByRole('link', { name: 'Style' }).click();
  await page.getByLabel('Choose a picture').setInputFiles('tests/fixtures/pictures/plain.jpg');
  await expect(page.getByText(/^Differs by/)).toBeVisible();
  await press(button(page, /^Remove the row/).first());
  await expect(page.getByRole('textbox', { name: 'Caption of this row' }).first()).toBeFocused();
  await press(button(page, 'Keep this style'));
  await expect(page.getByText(/^Kept as/)).toBeFocused();
  await press(page.getByRole('region', { name: 'Kept styles' }).getByRole('button').first());
  await press(button(page, 'Delete'));
  await expect(page.getByRole('heading', { name: 'Style', exact: true })).toBeFocused();
});

test('a room that is entered by a button takes the keyboard along; a link keeps it', async ({ page }) => {
  await openPainted(page);
  await press(pictures(page).nth(2));
  await press(button(page, 'Use its style'));
  await expect(page.getByRole('heading', { level: 1, name: 'Style' })).toBeVisible();
  await expect(page.locator('main')).toBeFocused();
  const models = page.getByRole('link', { name: 'Models' });
  await press(models);
  await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
  await expect(models).toBeFocused();
});

test('what goes with a failure, or with what was asked for, leaves the keyboard at the title above it', async ({
  page,
}) => {
  await open(page, { worker: { loadFails: { kind: 'quota', neededBytes: 5e6 }, failsOnce: true } });
  await press(button(page, 'Try again'));
  await painted(page);
  await expect(page.getByRole('heading', { name: 'Paint a picture from a caption' })).toBeFocused();

  const card = page.getByRole('complementary', { name: 'Mirror' });
  await press(card.getByRole('button', { name: 'Read it back' }));
  await expect(card.getByRole('heading', { name: 'Mirror', exact: true })).toBeFocused();
  // At the last picture the way on is at its end, and stays under the keyboard.
  const next = card.getByRole('button', { name: 'Read the next picture' });
  await next.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('Enter');
  await expect(card).toContainText('Picture 4 of 4');
  await expect(next).toBeFocused();
});

test('cells of a spreadsheet come as a picture, too; in a field the words are meant', async ({ page }) => {
  await openPainted(page);
  const paste = (target: Locator) =>
    target.evaluate((element) => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'image.png', { type: 'image/png' }));
      data.setData('text/plain', '12');
      const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data });
      element.dispatchEvent(event);
      return event.defaultPrevented;
    });
  expect(await paste(page.getByRole('textbox', { name: 'Seed' }))).toBe(false);
  expect(await paste(caption(page))).toBe(false);
  expect(await paste(page.getByRole('slider', { name: 'Stray' }))).toBe(true);
});
