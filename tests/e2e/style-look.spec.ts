/** Every state of the room Style, for axe and on narrow screens. */
import { expect, test, type Page } from '@playwright/test';
import { WITHOUT_STYLE } from '../support/fake-models.ts';
import { open, painted } from '../support/page.ts';
import { body, cells, field, give, openLooked, PICTURES } from '../support/style-room.ts';
import { expectNothingForAxe, expectNothingSideways } from '../support/seemly.ts';

const STATES: Record<string, (page: Page) => Promise<void>> = {
  empty: async (page) => {
    await open(page, { hash: '#style' });
    await expect(page.getByRole('button', { name: /^Try with/ })).toHaveCount(3);
  },
  fetching: async (page) => {
    await open(page, { hash: '#style', worker: { readStep: 60_000 } });
    await page.getByLabel('Choose a picture').setInputFiles(`${PICTURES}/plain.jpg`);
    await expect(page.getByText(/Fetching the eye for style/)).toBeVisible();
  },
  found: async (page) => {
    await openLooked(page);
    await page.getByRole('button', { name: 'Keep this style' }).click();
    await page.getByRole('region', { name: 'Kept styles' }).getByRole('button').first().click();
    await expect(cells(page)).toHaveCount(3);
  },
  refining: async (page) => {
    await openLooked(page, 'plain.jpg', { invertStops: 30 });
    await page.getByRole('button', { name: 'Refine', exact: true }).click();
    await expect(page.getByText('Step 29 of 100')).toBeVisible();
  },
  refused: async (page) => {
    await open(page, { hash: '#style' });
    await expect(field(page)).toBeVisible();
    await give(body(page), 'huge.png');
    await expect(page.getByRole('alert')).toBeVisible();
  },
  blind: async (page) => {
    await open(page, { hash: '#style', models: { 'manifest.json': WITHOUT_STYLE } });
    await expect(page.getByText(/came without an eye/)).toBeVisible();
  },
  chip: async (page) => {
    await openLooked(page);
    await page.getByRole('button', { name: 'Use it in Paint' }).click();
    await painted(page);
  },
};

for (const [name, enter] of Object.entries(STATES)) {
  test(`${name}: nothing for axe, light and dark; no sideways scrolling at 360, 820 and 1440`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await enter(page);
    await expectNothingForAxe(page);
    await expectNothingSideways(page, [360, 820, 1440], 800);
  });
}
