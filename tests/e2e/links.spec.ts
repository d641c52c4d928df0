import { expect, test } from '@playwright/test';
import { caption, open, openPainted, painted, pictures, seed } from '../support/page.ts';

test('a shared link opens as it was made', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openPainted(page);
  await caption(page).fill('a “deep” red, round flower & 50% more');
  await page.getByRole('slider', { name: 'Stray' }).fill('0.35');
  await seed(page).fill('4071');
  await page.getByRole('radio', { name: '9', exact: true }).locator('..').click();
  await page.getByRole('radio', { name: 'Pixels' }).locator('..').click();
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.getByText('The link is copied.')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await expect(page).toHaveURL(link);

  const other = await context.newPage();
  await openPainted(other, { hash: link.slice(link.indexOf('#')) });
  await expect(caption(other)).toHaveValue('a “deep” red, round flower & 50% more');
  await expect(seed(other)).toHaveValue('4071');
  await expect(other.getByRole('slider', { name: 'Stray' })).toHaveValue('0.35');
  await expect(other.getByRole('radio', { name: 'Pixels' })).toBeChecked();
  await expect(other.getByRole('button', { name: 'Lock the seed' })).toHaveAttribute('aria-pressed', 'true');
  await expect(pictures(other)).toHaveCount(9);
  await expect(pictures(other).nth(0)).toHaveAccessibleName(/seed 4071:/);
});

test('links in this tab, and back', async ({ page }) => {
  await openPainted(page, { hash: '#v=1&c=a+red+flower&s=5&n=1' });
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page).toHaveURL(/#models$/);
  await expect(page.getByRole('heading', { name: 'Models', level: 1 })).toBeVisible();
  const card = page.getByRole('article', { name: 'Flowers' });
  await expect(card.getByText('0.85: farther costs matching')).toBeVisible();
  await card.getByText('What they show, by 2 labels').click();
  await expect(card.getByRole('listitem').filter({ hasText: 'blue' })).toHaveText('blue 4 %');
  await page.goBack();
  await expect(caption(page)).toHaveValue('a red flower');
  // The picture is still there; it was not painted a second time.
  await expect(pictures(page)).toHaveCount(1);
  await expect(page.getByRole('region', { name: 'Earlier' })).toBeHidden();
  await page.evaluate(() => (location.hash = '#v=1&c=a+blue+flower&s=9&n=1'));
  await expect(pictures(page)).toHaveAccessibleName(/seed 9:/);
  await expect(caption(page)).toHaveValue('a blue flower');
});

const BROKEN: [hash: string, words: RegExp][] = [
  ['#v=1&s=NaN&t=Infinity', /seed in this link/],
  ['#v=1&s=1e309&t=-1&n=-4', /seed in this link/],
  ['#v=1&n=99999999999', /number of pictures/],
  [`#v=1&c=${'x'.repeat(30_000)}`, /too long/],
  ['#v=1&c=%E0%A4%A', /caption in this link/],
  ['#v=99&c=a+flower', /another version/],
  ['#v=1&__proto__=1&constructor=2&m=javascript:alert(1)', /model in this link/],
  ['#v=1&m=https://elsewhere.example/model', /model in this link/],
  ['#v=1&m=birds', /no model named “birds”/],
];
for (const [hash, words] of BROKEN) {
  test(`a broken link gets a word and defaults: ${hash.slice(0, 40)}`, async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).host));
    await open(page, { hash });
    const notice = page.locator('.notice');
    await expect(notice).toHaveText(words);
    await painted(page);
    await expect(pictures(page)).toHaveCount(4);
    await notice.getByRole('button', { name: 'Dismiss' }).click();
    await expect(notice).toBeHidden();
    expect(new Set(asked)).toEqual(new Set([new URL(page.url()).host]));
  });
}

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
