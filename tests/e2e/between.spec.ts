import { readFile } from 'node:fs/promises';
import { expect, test, type Download, type Locator, type Page } from '@playwright/test';
import { readNote, readRecipe } from '../../src/image/png.ts';
import { caption, open, painted, pictures } from '../support/page.ts';
import { decodeApng } from '../support/png-reader.ts';
import { expectNothingForAxe, expectNothingSideways } from '../support/seemly.ts';

const LINK = '#v=1&m=flowers&c=a+yellow+flower&s=7&t=1&n=4&c2=a+purple+flower&s2=41&x=0.5&y=0.25';

/** The page in the room Between, everything painted. */
async function entered(page: Page, hash = LINK, options: Parameters<typeof open>[1] = {}): Promise<void> {
  await open(page, { ...options, hash });
  await allPainted(page);
}
async function allPainted(page: Page): Promise<void> {
  await expect(page.locator('[data-announcer]')).toHaveText('All steps between are painted.');
}
const words = (page: Page) => page.getByRole('slider', { name: 'Words', exact: true });
const style = (page: Page) => page.getByRole('slider', { name: 'Style', exact: true });
const pad = (page: Page) => page.getByRole('slider', { name: 'Words and style' });
const steps = (page: Page) => page.getByRole('button', { name: /^Step \d+ of/ });
const stage = (page: Page) => page.getByRole('button', { name: /^The picture .*open large$/ });

/** A number for what a canvas shows. */
function look(page: Page): Promise<number> {
  return stage(page)
    .locator('canvas')
    .evaluate((element: HTMLCanvasElement) => {
      const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
      return data.reduce((sum, value, i) => (sum * 31 + value + i) % 1e9, 0);
    });
}

/** Where on the page a place of the plane is. */
async function onPad(page: Page, text: number, noise: number): Promise<{ x: number; y: number }> {
  const box = await pad(page).boundingBox();
  if (!box) throw new Error('the pad is not there');
  return { x: box.x + box.width * (0.1 + 0.8 * text), y: box.y + box.height * (0.1 + 0.8 * noise) };
}

/** Paint calls that reached the worker, and how many of them wait for an answer. */
async function countPaints(page: Page): Promise<() => Promise<{ calls: number; most: number }>> {
  await page.addInitScript(() => {
    const counts = { calls: 0, most: 0 };
    const live = new Set<number>();
    Object.assign(globalThis, { paintCounts: counts });
    const { Worker } = globalThis;
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', ({ data }: MessageEvent<{ type: string; id: number }>) => {
          if (data.type === 'done' || data.type === 'failed') live.delete(data.id);
        });
      }
      override postMessage(message: { type: string; task?: string; id: number }): void {
        if (message.task === 'paint') {
          counts.calls += 1;
          live.add(message.id);
          counts.most = Math.max(counts.most, live.size);
        }
        super.postMessage(message);
      }
    };
  });
  return () =>
    page.evaluate(() => (globalThis as unknown as { paintCounts: { calls: number; most: number } }).paintCounts);
}

test('a slider repaints while it is dragged, and the strip follows the style', async ({ page }) => {
  await entered(page);
  await expect(steps(page)).toHaveCount(9);
  await expect(steps(page).nth(4)).toHaveAttribute('aria-current', 'step');
  await words(page).fill('0');
  await expect(stage(page)).toHaveAccessibleName('The picture at words 0%, style 25%: open large');
  const yellow = await look(page);
  await words(page).fill('1');
  await expect(stage(page)).toHaveAccessibleName(/words 100%/);
  expect(await look(page)).not.toBe(yellow);
  await expect(steps(page).nth(8)).toHaveAttribute('aria-current', 'step');
  await style(page).focus();
  await page.keyboard.press('ArrowRight');
  await expect(steps(page).nth(0)).toHaveAccessibleName('Step 1 of 9: words 0%, style 26%');
  await expect(page.locator('.strip .tile.stale')).toHaveCount(0);
});

test('a storm of 1,000 slider events: one live job, the last picture, and nothing left behind', async ({ page }) => {
  const counts = await countPaints(page);
  await entered(page);
  const before = (await counts()).calls;
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  await words(page).evaluate((element: HTMLInputElement) => {
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    for (let i = 0; i < 1000; i++) {
      // The last is 0.37, a place where nobody was.
      set?.call(element, String(((i * 13 + 50) % 100) / 100));
      element.dispatchEvent(new Event('input', { bubbles: true }));
    }
  });
  await expect(words(page)).toHaveValue('0.37');
  await expect(stage(page)).toHaveAccessibleName(/words 37%/);
  // Told once for two ends, so not here.
  await expect(page.locator('.between-stage')).toHaveAttribute('aria-busy', 'false');
  const after = await counts();
  expect(after.most).toBe(1);
  expect(after.calls - before).toBeLessThan(20);
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBe(nodes);
});

test('the pad, by mouse', async ({ page }) => {
  await entered(page);
  await expect(page.locator('.pad .tile canvas')).toHaveCount(25);
  const [from, to] = [await onPad(page, 0.5, 0.5), await onPad(page, 1, 0)];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await expect(pad(page)).toHaveAttribute('aria-valuetext', 'words 50%, style 50%');
  await page.mouse.move(to.x, to.y, { steps: 6 });
  await expect(pad(page)).toHaveAttribute('aria-valuetext', 'words 100%, style 0%');
  // Captured: far beside the pad it stays at its edge.
  await page.mouse.move(to.x + 500, to.y + 2000);
  await expect(pad(page)).toHaveAttribute('aria-valuetext', 'words 100%, style 100%');
  await page.mouse.up();
  await page.mouse.move(from.x, from.y);
  await expect(pad(page)).toHaveAttribute('aria-valuetext', 'words 100%, style 100%');
  await expect(words(page)).toHaveValue('1');
  await expect(stage(page)).toHaveAccessibleName(/words 100%, style 100%/);
});

test('the pad, by keyboard: it says where it is', async ({ page }) => {
  await entered(page);
  await pad(page).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(pad(page)).toHaveAttribute('aria-valuetext', 'words 51%, style 35%');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('ArrowUp');
  await expect(pad(page)).toHaveAttribute('aria-valuetext', 'words 41%, style 34%');
  await expect(pad(page)).toHaveAttribute('aria-valuenow', '41');
  await page.keyboard.press('End');
  await expect(pad(page)).toHaveAttribute('aria-valuetext', 'words 100%, style 34%');
  await page.keyboard.press('Shift+Home');
  await expect(pad(page)).toHaveAttribute('aria-valuetext', 'words 0%, style 0%');
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('a finger drags the handle and not the page; nothing scrolls sideways', async ({ page }) => {
    await entered(page);
    await pad(page).scrollIntoViewIfNeeded();
    const [from, to] = [await onPad(page, 0.25, 0.25), await onPad(page, 0.75, 1)];
    const scrolled = await page.evaluate(() => scrollY);
    const finger = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
      finger.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    await touch('touchStart', [from]);
    for (let i = 1; i <= 8; i++) {
      await touch('touchMove', [{ x: from.x + ((to.x - from.x) * i) / 8, y: from.y + ((to.y - from.y) * i) / 8 }]);
    }
    await touch('touchEnd', []);
    await expect(pad(page)).toHaveAttribute('aria-valuetext', 'words 75%, style 100%');
    await expect(stage(page)).toHaveAccessibleName(/words 75%, style 100%/);
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    for (const tour of [false, true]) {
      if (tour) await page.getByRole('radio', { name: 'Tour' }).locator('..').tap();
      await expectNothingSideways(page, [320, 390], 844);
    }
  });
});

test('the strip: how many, along what, and a press goes there', async ({ page }) => {
  await entered(page);
  await steps(page).nth(0).click();
  await expect(words(page)).toHaveValue('0');
  await page.getByRole('slider', { name: 'Steps' }).fill('15');
  await expect(steps(page)).toHaveCount(15);
  await page.getByRole('slider', { name: 'Steps' }).fill('3');
  await expect(steps(page)).toHaveCount(3);
  await page.getByRole('radio', { name: 'Both' }).locator('..').click();
  await steps(page).nth(2).click();
  await expect(pad(page)).toHaveAttribute('aria-valuetext', 'words 100%, style 100%');
  await expect(steps(page).nth(2)).toHaveAttribute('aria-current', 'step');
});

test('two ends: written, swapped, rolled; a bad caption says so and keeps the picture', async ({ page }) => {
  await entered(page);
  const [a, b] = [page.getByLabel('Caption A'), page.getByLabel('Caption B')];
  await page.getByRole('button', { name: 'Swap A and B' }).click();
  await expect(a).toHaveValue('a purple flower');
  await expect(b).toHaveValue('a yellow flower');
  await expect(page.getByRole('textbox', { name: 'Seed A' })).toHaveValue('41');
  await expect(style(page)).toHaveValue('0.75');
  await page.getByRole('button', { name: 'Roll a new seed A' }).click();
  await expect(page.getByRole('textbox', { name: 'Seed A' })).not.toHaveValue('41');
  await allPainted(page);
  const before = await look(page);
  await b.fill('');
  await expect(b).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('First say what to paint.')).toBeVisible();
  await words(page).fill('0.9');
  expect(await look(page)).toBe(before);
  await b.fill('a lemony flower');
  await expect(page.getByText('“lemony” is new to this model')).toBeVisible();
  await expect(stage(page)).toHaveAccessibleName(/words 90%/);
});

test('a link opens everything in its place; the way back holds', async ({ page, context }) => {
  await entered(page);
  await expect(page.getByLabel('Caption A')).toHaveValue('a yellow flower');
  await words(page).fill('0.8');
  await page.getByRole('textbox', { name: 'Seed B' }).fill('12');
  await expect(page).toHaveURL(/s2=12&x=0\.8&y=0\.25$/);
  const link = page.url();

  const other = await context.newPage();
  await entered(other, link.slice(link.indexOf('#')));
  await expect(words(other)).toHaveValue('0.8');
  await expect(other.getByRole('textbox', { name: 'Seed B' })).toHaveValue('12');
  // Paint has its own form still.
  await other.getByRole('link', { name: 'Paint' }).click();
  await expect(caption(other)).not.toHaveValue('a yellow flower');
  await painted(other);
  const own = await caption(other).inputValue();
  await other.goBack();
  await expect(words(other)).toHaveValue('0.8');
  await other.goForward();
  await expect(pictures(other)).toHaveCount(4);

  await other.evaluate(() => (location.hash = '#between'));
  await expect(words(other)).toHaveValue('0.5');
  // As on a first visit: from what Paint has to something else.
  await expect(other.getByLabel('Caption A')).toHaveValue(own);
  await expect(other.getByLabel('Caption B')).not.toHaveValue('a purple flower');
  await other.evaluate((hash) => (location.hash = hash), LINK);
  await expect(other.getByLabel('Caption B')).toHaveValue('a purple flower');
});

test('painted pictures become ends; a picture from between leads back', async ({ page }) => {
  await open(page, { hash: '#v=1&c=a+red+flower&s=5&n=4' });
  await painted(page);
  await pictures(page).nth(1).click();
  await page.getByRole('button', { name: 'Use as B in Between' }).click();
  await expect(page.getByLabel('Caption B')).toHaveValue('a red flower');
  await expect(page.getByRole('textbox', { name: 'Seed B' })).toHaveValue('6');
  await stage(page).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('a red flower, seed 6');
  await dialog.getByRole('button', { name: 'Open in Between' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel('Caption B')).toHaveValue('a red flower');
});

test('a tour plays by itself, pauses, and is arranged by keyboard', async ({ page }) => {
  await entered(page);
  await page.getByRole('radio', { name: 'Tour' }).locator('..').click();
  const place = page.getByRole('slider', { name: 'Place' });
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect.poll(async () => Number(await place.inputValue())).toBeGreaterThan(0.2);
  await page.getByRole('button', { name: 'Pause' }).click();
  const stood = await place.inputValue();
  await page.waitForTimeout(300);
  expect(await place.inputValue()).toBe(stood);

  const stops = page.locator('.stop');
  const captions = () =>
    stops.locator('textarea').evaluateAll((all) => all.map((e) => (e as HTMLTextAreaElement).value));
  const before = await captions();
  expect(before).toHaveLength(4);
  await page.getByRole('button', { name: 'Move stop 1 down' }).focus();
  await page.keyboard.press('Enter');
  expect(await captions()).toEqual([before[1], before[0], before[2], before[3]]);
  await expect(page.getByRole('button', { name: 'Move stop 2 down' })).toBeFocused();
  await page.getByLabel('Stop 2', { exact: true }).focus();
  await page.keyboard.press('Alt+ArrowUp');
  expect(await captions()).toEqual(before);
  await expect(page.getByLabel('Stop 1', { exact: true })).toBeFocused();
  await page.getByRole('button', { name: 'Remove stop 4' }).press('Enter');
  await expect(stops).toHaveCount(3);
  await page.getByRole('button', { name: 'Add a stop' }).click();
  await expect(page.getByLabel('Stop 4', { exact: true })).toBeFocused();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('a blue flower');
  await page.getByRole('button', { name: 'Go to stop 4' }).click();
  await expect(stops.nth(3)).toHaveAttribute('aria-current', 'step');
  await expect(page).toHaveURL(/&r=.*:a\+blue\+flower$/);
  await page.reload();
  await expect(page.getByLabel('Stop 4', { exact: true })).toHaveValue('a blue flower');
});

test('reduced motion: a tour waits until it is told to play', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await entered(page);
  await page.getByRole('radio', { name: 'Tour' }).locator('..').click();
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Place' })).toHaveValue('0');
  await page.getByRole('button', { name: 'Play' }).click();
  await expect
    .poll(async () => Number(await page.getByRole('slider', { name: 'Place' }).inputValue()))
    .toBeGreaterThan(0);
});

const save = (page: Page): Locator => page.getByRole('button', { name: 'Save', exact: true });
async function saved(page: Page): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
  const waiting = page.waitForEvent('download', { timeout: 100_000 });
  await save(page).click();
  const download: Download = await waiting;
  return { name: download.suggestedFilename(), bytes: new Uint8Array(await readFile(await download.path())) };
}

test('an animated PNG: its frames, its recipe, and dropped it opens the room again', async ({ page }) => {
  await entered(page);
  await page.getByRole('radio', { name: '2 s', exact: true }).locator('..').click();
  const { name, bytes } = await saved(page);
  expect(name).toBe('limn-between-a-yellow-flower-to-a-purple-flower.png');
  const { frames, plays } = decodeApng(bytes);
  expect(frames).toHaveLength(46);
  expect(plays).toBe(0);
  expect(frames[0]?.picture.width).toBe(256);
  expect(frames[1]?.picture.data).toEqual(frames[45]?.picture.data);
  const recipe = await readRecipe(bytes, 'x.png');
  expect(recipe).toMatchObject({ caption: 'a yellow flower', towards: { caption: 'a purple flower', text: 0.5 } });
  const line = page.getByText(/^limn-between-a-yellow-flower-to-a-purple-flower\.png, \d/);
  await expect(line).toBeVisible();
  // Of what would be saved now, and of nothing else.
  await page.getByLabel('Caption B').fill('a blue flower');
  await expect(line).toHaveCount(0);
  await page.getByLabel('Caption B').fill('a purple flower');
  await expect(line).toBeVisible();
  await page.getByRole('radio', { name: 'Tour' }).locator('..').click();
  await expect(page.getByRole('heading', { name: 'Keep the tour' })).toBeVisible();
  await expect(line).toHaveCount(0);

  await page.getByRole('link', { name: 'Paint' }).click();
  await page.evaluate(
    ([name, text]) => {
      const bytes = Uint8Array.from(atob(text ?? ''), (c) => c.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name ?? '', { type: 'image/png' }));
      dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    [name, Buffer.from(bytes).toString('base64')],
  );
  await expect(page.getByText(/^The way between two captions of limn-between/)).toBeVisible();
  await expect(page.getByLabel('Caption A')).toHaveValue('a yellow flower');
});

test('a sheet, a tour, a video', async ({ page }) => {
  await entered(page);
  await page.getByRole('radio', { name: 'Sheet' }).locator('..').click();
  const sheet = await saved(page);
  expect(sheet.name).toMatch(/^limn-sheet-.*\.png$/);
  expect((await readRecipe(sheet.bytes, 'x.png'))?.towards?.caption).toBe('a purple flower');

  const film = page.getByRole('radio', { name: 'Video' });
  if ((await film.count()) > 0) {
    await film.locator('..').click();
    await page.getByRole('radio', { name: '2 s', exact: true }).locator('..').click();
    const { name, bytes } = await saved(page);
    const text = Buffer.from(bytes).toString('latin1');
    if (name.endsWith('.mp4')) expect(text.slice(4, 8)).toBe('ftyp');
    else expect([...bytes.subarray(0, 4)]).toEqual([0x1a, 0x45, 0xdf, 0xa3]);
    // The recipe stands in the file's comment.
    expect(text).toContain('"caption":"a yellow flower"');
  }

  await page.getByRole('radio', { name: 'Tour' }).locator('..').click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('radio', { name: 'Quick' }).locator('..').click();
  await page.getByRole('radio', { name: 'Animated PNG' }).locator('..').click();
  const tour = await saved(page);
  expect(tour.name).toMatch(/^limn-tour-a-yellow-flower-and-3-more\.png$/);
  expect(decodeApng(tour.bytes).frames).toHaveLength(4 * 18);
  expect(await readNote(tour.bytes, 'limn-tour', 'x.png')).toHaveLength(4);
});

test('keeping it as a file shows how far it is, and can be cancelled', async ({ page }) => {
  await entered(page, LINK, { worker: { paintStep: 40 } });
  await page.getByRole('radio', { name: '8 s', exact: true }).locator('..').click();
  await save(page).click();
  await expect(page.getByText(/^Painting \d+ of 96$/)).toBeVisible();
  // A slider still moves meanwhile.
  await words(page).fill('0.13');
  await expect(stage(page)).toHaveAccessibleName(/words 13%/);
  await expect(page.getByText(/^Painting \d+ of 96$/)).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(save(page)).toBeVisible();
});

test('a model that cannot come: a word and a button', async ({ page }) => {
  await open(page, { hash: LINK, worker: { loadFails: { kind: 'quota', neededBytes: 5e6 } } });
  await expect(page.getByRole('alert')).toContainText('no room');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  await expect(stage(page)).toHaveCount(0);
});

test('a device that goes is started again, and everything is painted all the same', async ({ page }) => {
  await entered(page, LINK, { worker: { losesAt: 8 } });
  await expect(steps(page)).toHaveCount(9);
  await expect(page.locator('.tile.stale')).toHaveCount(0);
});

test('while the model comes, the room says so', async ({ page }) => {
  await open(page, { hash: LINK, worker: { loadStops: 4 } });
  await expect(page.getByText(/Fetching the painter:/)).toBeVisible();
  await words(page).fill('0.9');
  await expect(words(page)).toHaveValue('0.9');
});

for (const tour of [false, true]) {
  test(`${tour ? 'a tour' : 'two captions'}: nothing for axe, light and dark; no sideways scrolling`, async ({
    page,
  }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await entered(page);
    if (tour) await page.getByRole('radio', { name: 'Tour' }).locator('..').click();
    await expectNothingForAxe(page);
    await expectNothingSideways(page, [360, 820, 1024, 1440], 740);
  });
}
