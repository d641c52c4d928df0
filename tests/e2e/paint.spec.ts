import { expect, test } from '@playwright/test';
import { caption, open, openPainted, painted, pictures, seed } from '../support/page.ts';

test('by keyboard alone: write, Ctrl+Enter, open, turn, close', async ({ page }) => {
  await openPainted(page);
  await caption(page).focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('a purple flower');
  await page.keyboard.press('Control+Enter');
  await painted(page);
  await expect(pictures(page)).toHaveCount(4);
  await pictures(page).nth(0).focus();
  await expect(pictures(page).nth(0).locator('.picture-seed')).toHaveCSS('opacity', '1');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'a purple flower' });
  await expect(dialog).toBeVisible();
  await expect(dialog).toContainText('1 of 4');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(dialog).toContainText('3 of 4');
  await page.keyboard.press('ArrowLeft');
  await expect(dialog).toContainText('2 of 4');
  // At either end the button that led there keeps the focus, and the arrows lead back.
  for (const [name, onwards, back, end, beside] of [
    ['Next picture', 'ArrowRight', 'ArrowLeft', '4 of 4', '3 of 4'],
    ['Previous picture', 'ArrowLeft', 'ArrowRight', '1 of 4', '2 of 4'],
  ] as const) {
    const button = dialog.getByRole('button', { name });
    await button.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('Enter');
    await expect(dialog).toContainText(end);
    await page.keyboard.press(onwards);
    await expect(dialog).toContainText(end);
    await expect(button).toBeFocused();
    await page.keyboard.press(back);
    await expect(dialog).toContainText(beside);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(pictures(page).nth(0)).toBeFocused();
});

test('by mouse: an example, a count, a seed, more like this', async ({ page }) => {
  await openPainted(page);
  await page.getByRole('radio', { name: '9', exact: true }).locator('..').click();
  await page.getByRole('button', { name: 'a bright yellow flower with many thin petals' }).click();
  await painted(page);
  await expect(pictures(page)).toHaveCount(9);
  await expect(caption(page)).toHaveValue('a bright yellow flower with many thin petals');
  // The first four have become the past.
  await expect(page.getByRole('region', { name: 'Earlier' }).getByRole('listitem')).toHaveCount(4);

  const first = Number(await seed(page).inputValue());
  await pictures(page).nth(4).click();
  await page.getByRole('button', { name: 'Paint more like this' }).click();
  await painted(page);
  await expect(seed(page)).toHaveValue(String((first + 4) % 2 ** 32));
  await expect(page.getByRole('button', { name: 'Lock the seed' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText(/is locked: change the words/)).toBeVisible();
});

test('the seed: unlocked it is drawn anew, locked it stays, rolled it changes, typed it is locked', async ({
  page,
}) => {
  await openPainted(page);
  await expect(seed(page)).toHaveValue('7');
  await page.getByRole('button', { name: 'Paint', exact: false }).first().click();
  await painted(page);
  await expect(seed(page)).not.toHaveValue('7');
  await seed(page).fill('123456789012');
  await expect(seed(page)).toHaveValue('4294967295');
  await page.keyboard.press('Control+Enter');
  await painted(page);
  await expect(seed(page)).toHaveValue('4294967295');
  await expect(pictures(page).nth(1)).toHaveAccessibleName(/seed 0:/);
  await page.getByRole('button', { name: 'Roll a new seed' }).click();
  await expect(seed(page)).not.toHaveValue('4294967295');
});

test('pictures come one by one, and Esc stops them', async ({ page }) => {
  await open(page, { worker: { paintStops: 1 } });
  await expect(pictures(page)).toHaveCount(1);
  await expect(page.locator('.place.waiting')).toHaveCount(3);
  await expect(page.getByRole('list', { name: 'Pictures' })).toHaveAttribute('aria-busy', 'true');
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-announcer]')).toHaveText('Stopped after 1 picture.');
  await expect(page.locator('.place')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
  // And by the button, from which the focus goes on to Paint.
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Stop' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Paint/ }).first()).toBeFocused();
});

test('words that the model never saw are marked, gently', async ({ page }) => {
  await openPainted(page);
  await caption(page).fill('this flower has lemony petals');
  await expect(page.locator('.caption-mirror u')).toHaveText(['lemony']);
  await expect(page.getByText('“lemony” is new to this model; it reads the letters.')).toBeVisible();
  // The underline lies under the word: the mirror and the field are laid out alike.
  const [mirror, field] = await Promise.all([
    page.locator('.caption-mirror').boundingBox(),
    caption(page).boundingBox(),
  ]);
  expect(mirror).toEqual(field);
  await caption(page).fill('this flower has lemony and minty petals');
  await expect(page.getByText('“lemony” and “minty” are new to this model')).toBeVisible();
  await caption(page).fill('this flower has white petals');
  await expect(page.locator('.caption-mirror u')).toHaveCount(0);
});

test('arrow keys bring back earlier captions, also on the next visit', async ({ page }) => {
  await openPainted(page);
  const first = await caption(page).inputValue();
  await caption(page).fill('a red flower');
  await page.keyboard.press('Enter');
  await painted(page);
  await caption(page).fill('a draft');
  await page.keyboard.press('ArrowUp');
  await expect(caption(page)).toHaveValue('a red flower');
  await page.keyboard.press('ArrowUp');
  await expect(caption(page)).toHaveValue(first);
  await page.keyboard.press('ArrowUp');
  await expect(caption(page)).toHaveValue(first);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(caption(page)).toHaveValue('a draft');
  // Painting what was brought back begins the way anew: the next one up is the one before it.
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await painted(page);
  await page.keyboard.press('ArrowUp');
  await expect(caption(page)).toHaveValue('a red flower');
  await page.goto('/#v=1&c=a+blue+flower');
  await page.reload();
  await painted(page);
  await caption(page).focus();
  await page.keyboard.press('ArrowUp');
  await expect(caption(page)).toHaveValue(first);
});

test('smooth and pixel-true', async ({ page }) => {
  await openPainted(page);
  const canvas = pictures(page).nth(0).locator('canvas');
  await expect(canvas).toHaveJSProperty('width', 512);
  await page.getByRole('radio', { name: 'Pixels' }).locator('..').click();
  await expect(canvas).toHaveJSProperty('width', 64);
  await expect(canvas).toHaveCSS('image-rendering', 'pixelated');
  await expect(page).toHaveURL(/u=pixels/);
});

test('earlier pictures can be cleared, and the clearing undone', async ({ page }) => {
  await openPainted(page);
  await page.keyboard.press('Control+Enter');
  await painted(page);
  const earlier = page.getByRole('region', { name: 'Earlier' });
  await earlier.getByRole('listitem').first().getByRole('button').click();
  await expect(page.getByRole('dialog')).toContainText('1 of 4');
  await page.getByRole('button', { name: 'Close' }).click();
  await earlier.getByRole('button', { name: 'Clear' }).click();
  await expect(earlier).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(earlier.getByRole('listitem')).toHaveCount(4);
});
