import { expect, test } from '@playwright/test';
import { MANIFEST } from '../support/fake-models.ts';
import { caption, openPainted, painted } from '../support/page.ts';
import { expectNothingForAxe, expectNothingSideways } from '../support/seemly.ts';

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
  await caption(page).fill('');
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
  await page.getByRole('button', { name: 'Put them back' }).last().click();
  await expect(caption(page)).toHaveValue('my friend from school, smiling');
  // Words that chips could have written are the chips' to go on with.
  await caption(page).fill('A young woman, wearing a hat.');
  await expect(chips.locator('[aria-pressed="true"]')).toHaveText(['woman', 'young', 'hat']);
  await chip('hat').click();
  await expect(caption(page)).toHaveValue('a young woman');
  // Several things can be worn at once.
  await chip('earrings').click();
  await chip('lipstick').click();
  await expect(caption(page)).toHaveValue('a young woman, wearing earrings and lipstick');
});

test('what a press contradicts goes, and can be put back, as can words that chips do not know', async ({ page }) => {
  await openPainted(page, CARDBOARD);
  const chips = page.getByRole('group', { name: 'Describe by pressing' });
  const chip = (name: string) => chips.getByRole('button', { name, exact: true });
  const back = page.getByRole('button', { name: 'Put them back' });
  const first = await caption(page).inputValue();
  // Nobody typed it, and no chip could have: it goes, and comes back.
  await chip('bald').click();
  await expect(caption(page)).toHaveValue('a bald person');
  await back.click();
  await expect(caption(page)).toHaveValue(first);
  await expect(back).toHaveCount(0);
  // What is said in another order is known all the same, and nothing is lost.
  await caption(page).fill('A man with brown hair, wearing glasses and not smiling.');
  await expect(chips.locator('[aria-pressed="true"]')).toHaveText(['man', 'brown', 'serious', 'glasses']);
  await chip('smiling').click();
  await expect(caption(page)).toHaveValue('a smiling man with brown hair, wearing glasses');
  await expect(back).toHaveCount(0);
  // Of what follows, what would contradict goes, and the rest stays.
  await caption(page).fill('a woman with brown hair, wavy and long, made of paper');
  await chip('bald').click();
  await expect(caption(page)).toHaveValue('a bald woman, made of paper');
  await back.click();
  await expect(caption(page)).toHaveValue('a woman with brown hair, wavy and long, made of paper');
});

test('it is said what the faces are, and where more is said of it', async ({ page }) => {
  await openPainted(page, CARDBOARD);
  await expect(page.getByText('Faces of nobody: it learnt from pictures of public figures')).toBeVisible();
  await page.getByRole('button', { name: 'About this model' }).click();
  await expect(page.getByRole('heading', { name: 'What it cannot do' })).toBeVisible();
  await expect(page).toHaveURL(/#models/);
});

test('chips: nothing for axe, light and dark; no sideways scrolling; none for flowers', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openPainted(page, CARDBOARD);
  // Without a notice of words that made room.
  await caption(page).fill('');
  await page.getByRole('button', { name: 'glasses', exact: true }).click();
  await expectNothingForAxe(page);
  await expectNothingSideways(page, [360, 820, 1440], 740);
  await page.unrouteAll();
  await openPainted(page);
  await expect(page.getByRole('group', { name: 'Describe by pressing' })).toHaveCount(0);
});
