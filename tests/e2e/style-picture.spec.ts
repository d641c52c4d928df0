/** The picture whose style is looked for: of every kind or of none, dropped or pasted, and the square of it. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { middle, open } from '../support/page.ts';
import { body, distance, field, frame, give, openLooked, PICTURES } from '../support/style-room.ts';

const looked = (page: Page) => page.getByRole('img', { name: 'Your picture, at the model’s size' });

/** The colour at a share of a canvas's width and height. */
async function colour(canvas: Locator, x: number, y: number): Promise<number[]> {
  return canvas.evaluate(
    (element: HTMLCanvasElement, [x, y]) => {
      const at = [Math.floor(element.width * (x ?? 0)), Math.floor(element.height * (y ?? 0))] as const;
      return [...(element.getContext('2d')?.getImageData(...at, 1, 1).data ?? [])].slice(0, 3);
    },
    [x, y],
  );
}

test('the square, by keyboard and by mouse', async ({ page }) => {
  await openLooked(page, 'plain.bmp');
  const now = async () => {
    const numbers = (await frame(page).getAttribute('aria-valuetext'))?.match(/\d+/g)?.map(Number) ?? [];
    return { edge: numbers[0] ?? 0, left: numbers[1] ?? 0, top: numbers[2] ?? 0 };
  };
  // 24 × 16: the middle 16 are 4 from the left. Of the upper half the left 12 are red, the right 12 green.
  expect(await now()).toEqual({ edge: 16, left: 4, top: 0 });
  expect((await colour(looked(page), 0.6, 0.25))[1]).toBeGreaterThan(150);
  await frame(page).focus();
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowLeft');
  expect((await now()).left).toBe(0);
  // S looks again when the square rests.
  await expect.poll(async () => (await colour(looked(page), 0.6, 0.25))[0]).toBeGreaterThan(200);
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowRight');
  expect((await now()).left).toBe(1);

  const box = await frame(page).boundingBox();
  if (!box) throw new Error('no frame');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 300, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  expect((await now()).left).toBe(8);
  await expect.poll(async () => (await colour(looked(page), 0.3, 0.25))[1]).toBeGreaterThan(150);
});

test('the square on a phone: one finger moves it, two size it', async ({ browser }) => {
  const context = await browser.newContext({ hasTouch: true, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await openLooked(page, 'photo.png');
  const edge = async () => Number(await frame(page).getAttribute('aria-valuenow'));
  await frame(page).scrollIntoViewIfNeeded();
  const box = await frame(page).boundingBox();
  if (!box) throw new Error('no frame');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const before = await edge();
  const session = await context.newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  await touch('touchStart', [x - 80, y], [x + 80, y]);
  await touch('touchMove', [x - 40, y], [x + 40, y]);
  await touch('touchMove', [x - 30, y], [x + 30, y]);
  await touch('touchEnd');
  expect(await edge()).toBeLessThan(before);
  const text = await frame(page).getAttribute('aria-valuetext');
  await touch('touchStart', [x, y]);
  await touch('touchMove', [x + 20, y + 10]);
  await touch('touchEnd');
  expect(await frame(page).getAttribute('aria-valuetext')).not.toBe(text);
  await context.close();
});

test('whole pictures of every kind: turned, deep, CMYK, clear, moving, tiny', async ({ page }) => {
  await open(page, { hash: '#style' });
  await expect(field(page)).toBeVisible();
  const top = async () => ({ left: await colour(looked(page), 0.2, 0.2), right: await colour(looked(page), 0.8, 0.2) });
  const shown = async (name: string) => {
    await page.locator('[data-picture-field] input').setInputFiles(`${PICTURES}/${name}`);
    await expect(page.getByLabel('Name')).toHaveValue(name.replace(/\.\w+$/, ''));
    await expect(distance(page).or(page.getByText('The very same picture.'))).toBeVisible();
    await expect(page.locator('.style-understood')).toHaveAttribute('aria-busy', 'false');
  };
  const near = (found: number[], wanted: number[]) => {
    for (const [i, value] of wanted.entries()) expect(Math.abs((found[i] ?? 0) - value), found.join()).toBeLessThan(60);
  };
  const [red, green, blue] = [
    [220, 30, 30],
    [30, 180, 40],
    [30, 60, 220],
  ];
  for (const name of [
    'plain.jpg',
    'plain.bmp',
    'plain.webp',
    'plain.avif',
    'cmyk.jpg',
    'sixteen-bit.png',
    'film.gif',
    'film.webp',
  ]) {
    await shown(name);
    const { left, right } = await top();
    near(left, red);
    near(right, green);
  }
  // On its side: blue is top left once it stands.
  await shown('turned.jpg');
  near((await top()).left, blue);
  near((await top()).right, red);
  // What is transparent lies on white.
  await shown('alpha.png');
  near(await colour(looked(page), 0.2, 0.02), [250, 240, 240]);
  await shown('one.png');
  near((await middle(looked(page))).slice(0, 3), [200, 40, 40]);
});

test('what is no picture gets a plain word, and what was there stays', async ({ page }) => {
  await openLooked(page);
  const junk: [name: string, as: string, words: RegExp][] = [
    ['', 'empty.png', /the file is empty/],
    ['drawing.svg', 'drawing.svg', /a drawing or a page/],
    ['drawing.svg', 'photo.jpg', /a drawing or a page/],
    ['huge.png', 'huge.png', /30,000 × 30,000 pixels/],
    ['cut.jpg', 'cut.jpg', /ends in the middle/],
    ['hollow.png', 'hollow.png', /damaged, and the browser could not decode it/],
    ['words.txt', '<img src=x onerror="window.hurt = 1">.jpg', /not a picture that can be read here/],
  ];
  for (const [name, as, words] of junk) {
    await give(body(page), name, as);
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('This picture cannot be used.');
    await expect(alert).toContainText(words);
    await expect(alert).toContainText(as);
    await expect(distance(page)).toBeVisible();
  }
  expect(await page.evaluate(() => 'hurt' in window)).toBe(false);
  await give(body(page), 'plain.bmp');
  await expect(page.getByRole('alert')).toBeHidden();
});

test('dropped or pasted anywhere in the room it becomes its picture; its recipe is offered', async ({ page }) => {
  await open(page, { hash: '#style' });
  await expect(field(page)).toBeVisible();
  await give(body(page), 'plain.bmp', 'dropped.bmp');
  await expect(page.getByLabel('Name')).toHaveValue('dropped');
  await give(body(page), 'plain.bmp', 'pasted.bmp', 'paste');
  await expect(page.getByLabel('Name')).toHaveValue('pasted');
  await give(field(page), 'limn.png', 'limn.png');
  await expect(page.getByLabel('Name')).toHaveValue('limn');
  await expect(page.getByText('It carries a recipe.')).toHaveCount(0);
  await give(body(page), 'limn.png', 'painted.png');
  await expect(page.getByLabel('Name')).toHaveValue('painted');
  await page.getByRole('button', { name: 'Paint it' }).click();
  await expect(page.getByLabel('What should it paint?')).toHaveValue('a blue flower');
});
