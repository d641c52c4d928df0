import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { MANIFEST } from '../support/fake-models.ts';
import { caption, openPainted, painted } from '../support/page.ts';

/** The cardboard painter, listed as one that paints faces. */
const FACES = {
  ...MANIFEST,
  models: MANIFEST.models.map((model) => ({ ...model, architecture: 't2f', sizes: [4, 8, 16, 32, 64] })),
};
const CARDBOARD = { models: { 'manifest.json': FACES } };

test('a face is described by pressing, painted, and written on by hand', async ({ page }) => {
  await openPainted(page, CARDBOARD);
  const chips = page.getByRole('group', { name: 'Describe by pressing' });
  const chip = (name: string) => chips.getByRole('button', { name, exact: true });
  await expect(chips.locator('[aria-pressed="true"]')).toHaveCount(0);
  await chip('woman').click();
  await chip('blond').click();
  await chip('smiling').click();
  await expect(caption(page)).toHaveValue('a smiling woman with blond hair');
  await expect(chip('blond')).toHaveAttribute('aria-pressed', 'true');
  // One colour at a time, and a beard makes a man of her.
  await chip('brown').click();
  await expect(chip('blond')).toHaveAttribute('aria-pressed', 'false');
  await chip('beard').focus();
  await page.keyboard.press('Space');
  await expect(caption(page)).toHaveValue('a smiling man with brown hair and a beard');
  await page.keyboard.press('Control+Enter');
  await painted(page);
  await expect(page.getByRole('button', { name: /^Picture 1 of/ })).toBeVisible();
  // Who writes on is not contradicted: what follows stays.
  await caption(page).fill('a smiling man with brown hair, maybe an actor');
  await expect(chips.locator('[aria-pressed="true"]')).toHaveText(['man', 'brown', 'smiling']);
  await chip('glasses').click();
  await expect(caption(page)).toHaveValue('a smiling man with brown hair, wearing glasses, maybe an actor');
  // No chip is pressed for words in another way.
  await caption(page).fill('my friend from school, smiling');
  await expect(chips.locator('[aria-pressed="true"]')).toHaveCount(0);
  await chip('glasses').click();
  await expect(caption(page)).toHaveValue('a person, wearing glasses');
  // What was typed is not lost for a press.
  await page.getByRole('button', { name: 'Put them back' }).click();
  await expect(caption(page)).toHaveValue('my friend from school, smiling');
  // Words that chips could have written are the chips' to go on with.
  await caption(page).fill('A young woman, wearing a hat.');
  await expect(chips.locator('[aria-pressed="true"]')).toHaveText(['woman', 'young', 'hat']);
  await chip('hat').click();
  await expect(caption(page)).toHaveValue('a young woman');
});

test('chips: nothing for axe, light and dark; no sideways scrolling; none for flowers', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openPainted(page, CARDBOARD);
  await page.getByRole('button', { name: 'glasses', exact: true }).click();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((n) => n.html) }))).toEqual([]);
  }
  for (const width of [360, 820, 1440]) {
    await page.setViewportSize({ width, height: 740 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, `at ${width}`).toBeLessThanOrEqual(0);
  }
  await page.unrouteAll();
  await openPainted(page);
  await expect(page.getByRole('group', { name: 'Describe by pressing' })).toHaveCount(0);
});
