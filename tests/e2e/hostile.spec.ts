import { expect, test, type Page } from '@playwright/test';
import { caption, openPainted, painted, pictures } from '../support/page.ts';
import { CARD, MANIFEST } from '../support/fake-models.ts';

const HTML = '<img src=x onerror="window.hurt = 1"><script>window.hurt = 1</script>';

async function unhurt(page: Page): Promise<void> {
  expect(await page.evaluate(() => 'hurt' in window)).toBe(false);
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
}

test('captions that cannot be painted get a friendly word, and the next one is painted', async ({ page }) => {
  await openPainted(page);
  const cases: [string, RegExp][] = [
    ['', /First say what to paint/],
    [' \n\t ', /First say what to paint/],
    ['🌸🌼🌻', /can read none of this/],
    ['花 цветок زهرة', /can read none of this/],
    ['\u200b\u200d\ufeff', /can read none of this|First say/],
    ['a'.repeat(1001), /too long/],
    ['a red flower '.repeat(8000), /too long/],
  ];
  for (const [text, words] of cases) {
    await caption(page).fill(text);
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('alert')).toHaveText(words);
    await expect(caption(page)).toHaveAttribute('aria-invalid', 'true');
    await caption(page).fill('a red flower');
    await expect(page.getByRole('alert')).toBeHidden();
  }
  // What was painted before is still there.
  await expect(pictures(page)).toHaveCount(4);
  await page.keyboard.press('Control+Enter');
  await painted(page);
});

test('captions that are odd but hold words are painted', async ({ page }) => {
  await openPainted(page);
  for (const text of ['a red flower 🌸', 'זר red flower', 'a\u0000red\ud800flower', 'xyzzy plugh', 'a'.repeat(1000)]) {
    await caption(page).fill(text);
    await page.keyboard.press('Control+Enter');
    await painted(page);
    await expect(page.getByRole('alert')).toBeHidden();
  }
});

test('nothing that comes from outside becomes HTML', async ({ page }) => {
  const evil = { ...MANIFEST, models: MANIFEST.models.map((model) => ({ ...model, name: HTML.slice(0, 90) })) };
  const card = { ...CARD, name: HTML, summary: HTML, examples: [HTML, 'a red flower'], limits: [HTML] };
  await openPainted(page, { models: { 'manifest.json': evil, 'flowers/card.json': card } });
  await caption(page).fill(`${HTML} red flower`);
  await page.keyboard.press('Control+Enter');
  await painted(page);
  await pictures(page).nth(0).click();
  await expect(page.getByRole('dialog').getByRole('heading')).toHaveText(`${HTML} red flower`);
  await unhurt(page);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(HTML);
  await unhurt(page);
});
