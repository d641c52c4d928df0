/** A run that has begun: its sheet and its curves, the way back, what goes wrong, and where it is found again. */
import { expect, test } from '@playwright/test';
import { painted, pictures } from '../support/page.ts';
import { begun, button, paused, rows, stepOf, where, words } from '../support/teach-room.ts';

/** How far the ink of a chart's lower axis stays from its right edge, and whether there is any: CSS pixels. */
function axisRoom(canvas: HTMLCanvasElement): number {
  const { width, height } = canvas;
  const ratio = width / canvas.clientWidth;
  const strip = canvas.getContext('2d')!.getImageData(0, height - 24 * ratio, width, 24 * ratio);
  let right = 0;
  for (let i = 3; i < strip.data.length; i += 4)
    if (strip.data[i]) right = Math.max(right, ((i - 3) / 4) % strip.width);
  return (strip.width - 1 - right) / ratio;
}

test('what the columns are is said above them; the last step of a curve’s axis stands whole', async ({ page }) => {
  await paused(page);
  const sheet = page.getByRole('region', { name: 'What it paints' });
  await expect(sheet.getByRole('img')).toHaveCount(12);
  await expect(sheet).toContainText('Each caption from the same noises');
  const heads = sheet.locator('.teach-heads span');
  await expect(heads).toHaveText(['Noise 1', 'Noise 2', 'Noise 3', 'Noise 4']);
  for (const column of [0, 1, 2, 3]) {
    const [head, picture] = await Promise.all([
      heads.nth(column).boundingBox(),
      sheet.getByRole('img').nth(column).boundingBox(),
    ]);
    expect(head!.x).toBeCloseTo(picture!.x, 0);
    expect(head!.y + head!.height).toBeLessThanOrEqual(picture!.y);
  }
  for (const canvas of await page.locator('.step-chart canvas').all()) {
    const room = await canvas.evaluate(axisRoom);
    expect(room).toBeGreaterThanOrEqual(2);
    // And is there.
    expect(room).toBeLessThan(20);
  }
});

test('looking back: along a curve, by the slider, and going on from there', async ({ page }) => {
  await paused(page);
  const at = await stepOf(page);
  const slider = page.getByRole('slider', { name: 'Look back' });
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', 'before it began');
  await expect(page.getByRole('region', { name: 'What it paints' })).toContainText('at step 0');
  // By hand: to the end of what was learned.
  const curve = page.locator('.step-chart .u-over').first();
  await curve.scrollIntoViewIfNeeded();
  const box = await curve.boundingBox();
  if (!box) throw new Error('no chart');
  await page.mouse.move(box.x + 2, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + (box.width * at) / 400, box.y + 30, { steps: 5 });
  await page.mouse.up();
  await expect(slider).toHaveAttribute('aria-valuetext', `step ${at}`);
  await page.mouse.move(box.x + 1, box.y + 20);
  await page.mouse.down();
  await page.mouse.up();
  await expect(slider).toHaveAttribute('aria-valuetext', 'before it began');
  await button(page, 'Go on from there').click();
  await expect(where(page)).toHaveText('Step 0 of 400');
  await expect(button(page, 'Train')).toBeVisible();
});

test('before and now, on one slider', async ({ page }) => {
  await paused(page);
  const line = page.getByRole('slider', { name: 'Line between before and now' });
  await line.focus();
  await page.keyboard.press('Home');
  await expect(line).toHaveAttribute('aria-valuetext', '0 % now, 100 % before');
  await expect(page.locator('.teach-then')).toHaveCount(12);
  // Before is on the left, as beside the slider.
  await line.fill('0.25');
  const isBefore = (x: number) =>
    page
      .locator('.teach-picture')
      .first()
      .evaluate((picture, x) => {
        picture.scrollIntoView({ block: 'center' });
        const { left, top, width, height } = picture.getBoundingClientRect();
        return Boolean(document.elementFromPoint(left + x * width, top + height / 2)?.closest('.teach-then'));
      }, x);
  expect([await isBefore(0.1), await isBefore(0.65), await isBefore(0.9)]).toEqual([true, true, false]);
});

test('steps that could not be kept are told, and tried again', async ({ page }) => {
  const detail = 'There is no room for the 20 MB of step 5, so the run stands at step 0.';
  await begun(page, 400, { trainStep: 150, keepFails: { kind: 'unkept', detail } });
  await expect(where(page)).toHaveText(/^Step ([2-9]|\d\d+) of 400$/);
  await button(page, 'Pause').click();
  const told = page.getByRole('alert');
  await expect(told).toContainText('The last steps could not be kept.');
  await expect(told).toContainText(detail);
  const at = await stepOf(page);
  await button(page, 'Try again').focus();
  await page.keyboard.press('Enter');
  // Where the keyboard goes is known better than by the title above.
  await expect(button(page, 'Pause')).toBeFocused();
  await expect.poll(() => stepOf(page)).toBeGreaterThan(at);
  await expect(told).toHaveCount(0);
});

test('training that goes astray is rolled back, in words with what to try', async ({ page }) => {
  await begun(page, 40, { divergesAt: 17 });
  const told = page.getByRole('alert');
  await expect(told).toContainText('rolled back to step 10');
  await expect(told).toContainText('Try a more careful pace');
  await expect(where(page)).toHaveText('Step 10 of 40');
  await expect(page.getByText('taught to Flowers · rate 0.00002, anchor 1')).toBeVisible();
  // What is tried is done by a button, and shown.
  await button(page, 'Go on with a lower rate').click();
  await expect(where(page)).toHaveText('Step 40 of 40');
  await expect(told).toHaveCount(0);
  await expect(page.getByText('taught to Flowers · rate 0.000005, anchor 2')).toBeVisible();
  await button(page, 'Train 200 steps more').click();
  await expect(where(page)).toHaveText(/ of 240$/);
});

test('a run is left and found again in the list; forgetting asks once more', async ({ page }) => {
  await paused(page);
  await button(page, 'All runs').click();
  const runs = page.getByRole('region', { name: 'Begun here' });
  await expect(runs).toContainText(/24 pictures · step \d+ of 400/);
  await button(page, 'Open Paper flowers').click();
  await expect(page.getByText('The 24 pictures it learns from')).toBeVisible();
  await expect(page.getByRole('region', { name: 'What it paints' }).getByRole('img')).toHaveCount(12);
  // The parent's pictures come along with those of its checkpoint.
  await expect(page.getByRole('slider', { name: 'Line between before and now' })).toBeVisible();
  await button(page, 'All runs').click();
  await button(page, 'Forget Paper flowers').click();
  await expect(button(page, 'Keep it')).toBeFocused();
  await button(page, 'Forget for good').click();
  await expect(runs).toHaveCount(0);
});

test('pictures and words of a run are used in another one', async ({ page }) => {
  await paused(page);
  await button(page, 'All runs').click();
  await button(page, 'Remove all').click();
  await expect(rows(page)).toHaveCount(0);
  await button(page, 'Open Paper flowers').click();
  await page.getByText('The 24 pictures it learns from').click();
  await button(page, 'Use them in another run').click();
  await expect(page.getByText('24 pictures are kept here for another run.')).toBeVisible();
  await button(page, 'All runs').click();
  await expect(rows(page)).toHaveCount(24);
  await expect(words(page, 1)).not.toHaveValue('');
  await expect(page.getByLabel('Name')).toHaveValue('Paper flowers');
});

test('painting goes first while it trains, and the training goes on by itself', async ({ page }) => {
  await begun(page, 60, { trainStep: 200 });
  await page.getByRole('link', { name: 'Paint', exact: true }).click();
  await page.keyboard.press('Control+Enter');
  await painted(page);
  await expect(pictures(page)).toHaveCount(4);
  await page.getByRole('link', { name: 'Teach' }).click();
  const before = await stepOf(page);
  await expect.poll(() => stepOf(page)).toBeGreaterThan(before);
  await expect(button(page, 'Pause')).toBeVisible();
});
