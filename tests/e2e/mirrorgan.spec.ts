/** A model that paints in stages: its pictures from the inside, with the real worker and with one of cardboard. */
import { expect, test, type Page } from '@playwright/test';
import { WITH_STAGES } from '../support/fake-models.ts';
import { fixtureModels } from '../support/fixture-models.ts';
import { middle, open, openPainted, painted, pictures } from '../support/page.ts';
import { expectNothingForAxe } from '../support/seemly.ts';

const HASH = '#v=1&m=mirrorgan&c=a+white+flower+with+a+yellow+center&s=3&n=4';
const CARDBOARD = { hash: HASH, models: { 'manifest.json': WITH_STAGES } };

const inside = (page: Page) => page.getByRole('dialog', { name: 'From words to picture' });
const stages = (page: Page) => inside(page).getByRole('list', { name: 'Stages, the smallest first' });
const chip = (page: Page, word: string) =>
  inside(page)
    .getByRole('list', { name: 'The caption, word by word' })
    .getByRole('button', { name: new RegExp(`^${word}`) });
const large = (page: Page) => inside(page).getByRole('slider', { name: /pixels, painted for/ });

async function lookInside(page: Page): Promise<void> {
  await pictures(page).first().click();
  await page.getByRole('button', { name: 'Look inside' }).click();
  await expect(chip(page, 'flower')).toBeVisible();
}

test('stages, words and places of a picture, and another word in it, by the real engine', async ({ page }) => {
  await fixtureModels(page);
  await page.goto('/#v=1&m=tiny-mirror&c=a+red+flower+with+a+yellow+center&s=3&n=1');
  await painted(page, { timeout: 60_000 });
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveValue('tiny-mirror');
  await lookInside(page);
  await expect(stages(page).getByRole('listitem')).toHaveText([/^16 px/, /^32 px/]);

  // A word lights up over the larger picture.
  await chip(page, 'yellow').focus();
  await expect(inside(page).getByRole('status').first()).toHaveText(
    /“yellow” is heard (most .+|about evenly): up to \d+% of what/,
  );
  await expect(large(page).locator('canvas')).toHaveCount(2);
  // A place tells its words, all of what it hears.
  await large(page).focus();
  await page.keyboard.press('ArrowRight');
  await expect(large(page)).toHaveAttribute('aria-valuetext', /^row 9, column 10: \w+ \d+%, \w+ \d+%, \w+ \d+%$/);
  const parts = await inside(page).locator('.chip-part').allTextContents();
  const sum = parts.reduce((all, part) => all + Number.parseInt(part), 0);
  expect(Math.abs(sum - 100)).toBeLessThanOrEqual(4);

  // Another word, the same noise.
  await chip(page, 'red').click();
  await inside(page).getByRole('button', { name: 'blue', exact: true }).click();
  const said = inside(page).getByText(/“blue” in place of “red”: \d+% of the picture changed/);
  await expect(said).toBeVisible();
  await inside(page).getByRole('button', { name: 'Go on with this one' }).click();
  await expect(chip(page, 'blue')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(inside(page)).toBeHidden();
  await expect(pictures(page).first()).toBeFocused();
  // It is kept, and what the form paints for that caption is the very same.
  await expect(page.getByRole('region', { name: 'Earlier' }).getByRole('button', { name: /seed 3/ })).toBeVisible();
});

test('every size of the model can be painted, and the smaller one takes the smaller stage', async ({ page }) => {
  await fixtureModels(page);
  await page.goto('/#v=1&m=tiny-mirror&c=a+red+flower&s=3&n=1');
  await painted(page, { timeout: 60_000 });
  await page.getByRole('combobox', { name: 'Size of the pictures' }).selectOption('16');
  await page.getByRole('button', { name: /^Paint/ }).click();
  await painted(page);
  await pictures(page).first().click();
  await expect(page.getByRole('dialog').getByText('16 × 16')).toBeVisible();
  await page.getByRole('button', { name: 'Look inside' }).click();
  await expect(stages(page).getByRole('listitem')).toHaveCount(1);
  // Nothing has listened to its words yet: no figure claims that it has.
  await expect(inside(page).getByText(/stopped at 16 pixels, before .+: paint it at 32 to see/)).toBeVisible();
  await expect(chip(page, 'red')).toBeVisible();
  await expect(inside(page).locator('.chip-part')).toHaveCount(0);
});

test('yellow is in the middle, as the maps say, and goes when the pointer goes', async ({ page }) => {
  await openPainted(page, CARDBOARD);
  await lookInside(page);
  await chip(page, 'yellow').hover();
  await expect(inside(page).getByRole('status').first()).toHaveText(/“yellow” is heard most in the middle/);
  const heat = large(page).locator('.attention-heat canvas');
  // Viridis ends in yellow.
  const [r = 0, g = 0, b = 0] = await middle(heat);
  expect(r > 200 && g > 200 && b < 80).toBe(true);
  await page.mouse.move(2, 2);
  await expect(heat).toHaveCount(0);
  // Pressed, it stays.
  await chip(page, 'yellow').click();
  await page.mouse.move(2, 2);
  await expect(heat).toHaveCount(1);
  await expect(chip(page, 'yellow')).toHaveAttribute('aria-pressed', 'true');
});

test('the keyboard goes through words and places', async ({ page }) => {
  await openPainted(page, CARDBOARD);
  await lookInside(page);
  await chip(page, 'a').first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(chip(page, 'white')).toBeFocused();
  await page.keyboard.press('End');
  await expect(chip(page, 'center')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(inside(page).getByLabel('In place of “center”')).toBeVisible();
  await large(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(large(page)).toHaveAttribute('aria-valuetext', /^row 18, column 1: /);
  await inside(page).getByRole('button', { name: 'The whole picture again' }).click();
  await expect(large(page)).toHaveAttribute('aria-valuetext', /no place is chosen/);
  // The button went, and the keyboard is still in the dialog.
  await expect(inside(page).getByRole('heading', { name: 'From words to picture' })).toBeFocused();
});

test('one word must stay; what was painted anew is said within the dialog', async ({ page }) => {
  await openPainted(page, { ...CARDBOARD, hash: '#v=1&m=mirrorgan&c=flower&s=3&n=1' });
  await lookInside(page);
  await chip(page, 'flower').click();
  await inside(page).getByRole('button', { name: 'Leave it out' }).click();
  await expect(inside(page).getByText('One word must stay.')).toBeVisible();
  await inside(page).getByLabel('In place of “flower”').fill('tulip');
  await inside(page).getByRole('button', { name: 'Paint it', exact: true }).click();
  const said = inside(page).getByText('Painted. “tulip” in place of “flower”.');
  await expect(said).toHaveAttribute('role', 'status');
});

test('of another word that the model does not know the field says so, and one that it cannot read paints nothing', async ({
  page,
}) => {
  await openPainted(page, CARDBOARD);
  await lookInside(page);
  await chip(page, 'white').click();
  const field = inside(page).getByLabel('In place of “white”');
  await field.fill('purpel');
  await expect(field).toHaveAccessibleDescription('“purpel” is new to this model; it passes over it.');
  await field.fill('花');
  await expect(field).toHaveAccessibleDescription('This model reads English words in Latin letters.');
  await inside(page).getByRole('button', { name: 'Paint it', exact: true }).click();
  const refused = inside(page).getByText('The model can read none of this.');
  await expect(refused).toBeVisible();
  await expect(inside(page).getByText('” in place of “white”')).toHaveCount(0);
  await field.fill('red');
  await expect(refused).toHaveCount(0);
  await expect(field).toHaveAccessibleDescription('');
});

test('the small picture is there before the large one', async ({ page }) => {
  await openPainted(page, { ...CARDBOARD, hash: HASH.replace('n=4', 'n=1'), worker: { paintStops: 1 } });
  await pictures(page).first().click();
  await page.getByRole('button', { name: 'Look inside' }).click();
  await expect(stages(page).getByRole('img', { name: '64 pixels' })).toBeVisible();
  await expect(stages(page).getByRole('img', { name: '128 pixels' })).toHaveCount(0);
  await inside(page).getByRole('button', { name: 'Close' }).click();
  await expect(inside(page)).toBeHidden();
});

test('models that paint in one go offer nothing of it, and may be chosen in the header', async ({ page }) => {
  await openPainted(page, CARDBOARD);
  await page.getByRole('combobox', { name: 'Model' }).selectOption('flowers');
  await page.getByRole('button', { name: /^Paint/ }).click();
  await painted(page);
  await pictures(page).first().click();
  await expect(page.getByRole('button', { name: 'Save PNG' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Look inside' })).toHaveCount(0);
});

test('nothing for axe, light and dark; no sideways scrolling from 360 to 1440', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, CARDBOARD);
  await painted(page);
  await lookInside(page);
  await chip(page, 'yellow').click();
  await inside(page).getByRole('button', { name: 'red', exact: true }).click();
  await expect(inside(page).getByText(/% of the picture changed/)).toBeVisible();
  await large(page).click({ position: { x: 40, y: 40 } });
  await expectNothingForAxe(page);
  for (const width of [360, 820, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const over = await inside(page).evaluate((dialog) => [
      document.documentElement.scrollWidth - document.documentElement.clientWidth,
      dialog.scrollWidth - dialog.clientWidth,
    ]);
    expect(over, `${width} px`).toEqual([0, 0]);
  }
});
