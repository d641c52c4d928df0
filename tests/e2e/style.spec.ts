/** A style is found in a picture, refined, kept and worn, and captions are painted in it. */
import { expect, test } from '@playwright/test';
import { WITHOUT_STYLE } from '../support/fake-models.ts';
import { open, openPainted, painted, pictures } from '../support/page.ts';
import { cells, distance, field, frame, openLooked, PICTURES } from '../support/style-room.ts';

test('a picture is looked at, captions are painted in its style, and a picture of the grid opens', async ({ page }) => {
  await openLooked(page);
  await expect(cells(page)).toHaveCount(3);
  // The mirror read it, and S looked again with these words.
  await expect(page.getByLabel('What does the picture show?')).toHaveValue(/white petals/);
  await cells(page).nth(1).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('2 of 3');
  await expect(dialog).toContainText('Found style');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add a caption' }).click();
  await expect(cells(page)).toHaveCount(4);
  const words = page.getByLabel('Caption of this row').last();
  await words.fill('a blue flower');
  await words.press('Enter');
  await expect(
    page.getByRole('button', { name: 'a blue flower, in the style of This picture: open large' }),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Remove the row a blue flower' }).click();
  await expect(cells(page)).toHaveCount(3);
});

test('the strength: the latest wins, and at 0 the seed’s own pictures come', async ({ page }) => {
  await openLooked(page, 'plain.jpg', { paintStep: 40 });
  await expect(cells(page)).toHaveCount(3);
  const strength = page.getByRole('slider', { name: 'Strength' });
  for (const value of ['0.8', '0.3', '0.6', '0']) await strength.fill(value);
  await expect(page.locator('.style-cell.stale')).toHaveCount(0);
  await cells(page).first().click();
  await expect(page.getByRole('dialog')).toContainText(/Found style0\s?%/);
});

test('a refinement: pictures and a curve on the way, nearer at the end, and the way back', async ({ page }) => {
  await openLooked(page);
  const first = await distance(page).textContent();
  await page.getByRole('radio', { name: '50', exact: true }).locator('..').click();
  await page.getByRole('button', { name: 'Refine', exact: true }).click();
  await expect(page.getByText(/^From \d+ to \d+ levels/)).toBeVisible();
  const second = await distance(page).textContent();
  const level = (text: string | null) => Number(text?.match(/\d+/)?.[0]);
  expect(level(second)).toBeLessThan(level(first));
  await expect(page.locator('.loss-chart polyline')).toBeVisible();
  await page.getByRole('radio', { name: 'First look' }).locator('..').click();
  await expect(distance(page)).toHaveText(first ?? '');
  await page.getByRole('radio', { name: 'Refined' }).locator('..').click();
  await expect(distance(page)).toHaveText(second ?? '');
});

test('a refinement that is stopped leaves what was there', async ({ page }) => {
  await openLooked(page, 'plain.jpg', { invertStops: 20 });
  const first = await distance(page).textContent();
  for (const way of ['button', 'Escape'] as const) {
    await page.getByRole('button', { name: 'Refine', exact: true }).click();
    await expect(page.getByText('Step 19 of 100')).toBeVisible();
    await expect(page.getByText('On its way')).toBeVisible();
    if (way === 'button') await page.getByRole('button', { name: 'Stop' }).first().click();
    else await page.keyboard.press('Escape');
    await expect(distance(page)).toHaveText(first ?? '');
    await expect(page.getByRole('button', { name: 'Refine', exact: true })).toBeFocused();
  }
});

test('kept, it is there on the next visit; renamed, deleted, undone', async ({ page }) => {
  await openLooked(page, 'turned.jpg');
  await page.getByLabel('Name').fill('Dusk <b>');
  await page.getByRole('button', { name: 'Keep this style' }).click();
  await expect(page.getByText('Kept as “Dusk <b>”.')).toBeVisible();
  await page.reload();
  const kept = page.getByRole('region', { name: 'Kept styles' });
  await kept.getByRole('button', { name: 'Dusk <b>' }).click();
  await kept.getByLabel('Name').fill('Dawn');
  await kept.getByLabel('Name').press('Enter');
  await expect(kept.getByRole('button', { name: 'Dawn' })).toBeVisible();
  // It has a column of its own, beside what is found next.
  await expect(cells(page)).toHaveCount(3);
  await page.getByLabel('Choose a picture').setInputFiles(`${PICTURES}/plain.jpg`);
  await expect(cells(page)).toHaveCount(6);
  await kept.getByRole('checkbox', { name: 'A column of the grid' }).uncheck();
  await expect(cells(page)).toHaveCount(3);
  await kept.getByRole('button', { name: 'Delete' }).click();
  await expect(kept).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(kept.getByRole('button', { name: 'Dawn' })).toBeVisible();
});

test('used in Paint: a chip, a strength, a link; and off again', async ({ page }) => {
  await openLooked(page, 'plain.webp');
  await page.getByRole('button', { name: 'Use it in Paint' }).click();
  await painted(page);
  const chip = page.getByRole('group', { name: 'Style: plain' });
  await expect(chip).toBeVisible();
  await expect(chip.getByRole('slider')).toHaveValue('0.8');
  await chip.getByRole('slider').fill('1');
  await expect(chip).toContainText('All pictures will be alike.');
  await expect(page).toHaveURL(/[&]k=[^&]+&ks=1/);
  const url = page.url();
  await chip.getByRole('button', { name: 'Take the style off' }).click();
  await expect(chip).toBeHidden();
  await expect(page).not.toHaveURL(/[&]k=/);
  // The link alone brings the style back, though not its picture.
  await page.goto(url);
  await page.reload();
  await painted(page);
  await expect(page.getByRole('group', { name: 'Style: A found style' })).toBeVisible();
});

test('a kept style that is worn keeps its name and its picture over a reload', async ({ page }) => {
  await openLooked(page, 'plain.webp');
  await page.getByLabel('Name').fill('Dusk');
  await page.getByRole('button', { name: 'Keep this style' }).click();
  await expect(page.getByText('Kept as “Dusk”.')).toBeVisible();
  await page.getByRole('button', { name: 'Use it in Paint' }).first().click();
  await painted(page);
  await page.reload();
  await painted(page);
  const chip = page.getByRole('group', { name: 'Style: Dusk' });
  await expect(chip).toBeVisible();
  await expect(chip.locator('canvas')).toHaveCount(1);
});

test('a painted picture’s style, from its dialog; and one of the samples', async ({ page }) => {
  await openPainted(page);
  await pictures(page).nth(2).click();
  await page.getByRole('button', { name: 'Use its style' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Style' })).toBeVisible();
  await expect(distance(page)).toBeVisible();
  await expect(page.getByLabel('What does the picture show?')).toHaveValue(/this flower has large white petals/);

  await page.reload();
  await page
    .getByRole('button', { name: /^Try with/ })
    .first()
    .click();
  await expect(distance(page)).toBeVisible();
});

test('without an eye for style the room says so', async ({ page }) => {
  await open(page, { hash: '#style', models: { 'manifest.json': WITHOUT_STYLE } });
  await expect(page.getByText(/came without an eye for style/)).toBeVisible();
  await expect(field(page)).toHaveCount(0);
});

test('an eye that cannot be fetched is told, and can be tried again', async ({ page }) => {
  await open(page, { hash: '#style', worker: { invertFails: { kind: 'http', url: 'models/x', status: 404 } } });
  await page.getByLabel('Choose a picture').setInputFiles(`${PICTURES}/plain.jpg`);
  await expect(page.getByRole('alert')).toContainText('A file of this page is missing.');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  // The picture is still there.
  await expect(frame(page)).toBeVisible();
});
