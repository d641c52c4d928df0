import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { WITHOUT_STYLE } from '../support/fake-models.ts';
import { middle, open, openPainted, painted, pictures } from '../support/page.ts';
import { decodePng } from '../support/png-reader.ts';

const PICTURES = 'tests/fixtures/pictures';

/** As a person drops a file from their desktop upon something, or pastes one. */
async function give(target: Locator, name: string, as = name, how: 'drop' | 'paste' = 'drop'): Promise<void> {
  const base64 = (name === '' ? Buffer.alloc(0) : readFileSync(`${PICTURES}/${name}`)).toString('base64');
  await target.evaluate(
    (element, { base64, as, how }) => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      data.items.add(new File([bytes], as));
      const options = { bubbles: true, cancelable: true };
      if (how === 'paste') {
        element.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: data }));
        return;
      }
      element.dispatchEvent(new DragEvent('dragover', { ...options, dataTransfer: data }));
      element.dispatchEvent(new DragEvent('drop', { ...options, dataTransfer: data }));
    },
    { base64, as, how },
  );
}

const body = (page: Page) => page.locator('body');
const field = (page: Page) => page.locator('[data-picture-field]');
const frame = (page: Page) => page.getByRole('slider', { name: 'The square that is looked at' });
const looked = (page: Page) => page.getByRole('img', { name: 'Your picture, at the model’s size' });
const distance = (page: Page) => page.getByText(/^Differs by \d+ of 255 levels/);
const cells = (page: Page) => page.getByRole('button', { name: /, in the style of .*: open large$/ });

/** In the room, with a picture that S has looked at. */
async function openLooked(page: Page, name = 'plain.jpg', worker = {}): Promise<void> {
  await open(page, { hash: '#style', worker });
  await expect(page.getByLabel('Choose a picture')).toBeAttached();
  await page.getByLabel('Choose a picture').setInputFiles(`${PICTURES}/${name}`);
  await expect(distance(page)).toBeVisible();
}

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

test('on a phone the pictures of one style, and of two, lie within the screen', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await openLooked(page);
  await page.getByRole('button', { name: 'Keep this style' }).click();
  await expect(cells(page)).toHaveCount(3);
  const within = async () => {
    for (const width of [320, 360, 414]) {
      await page.setViewportSize({ width, height: 700 });
      const edges = await page
        .locator('.style-cell, .style-words button')
        .evaluateAll((all) => all.map((element) => element.getBoundingClientRect().right));
      expect(Math.max(...edges), `at ${width}`).toBeLessThanOrEqual(width);
      const over = await page.locator('.style-scroll').evaluate((e) => e.scrollWidth - e.clientWidth);
      expect(over, `at ${width}`).toBe(0);
    }
  };
  await within();
  await page.locator('[data-picture-field] input').setInputFiles(`${PICTURES}/plain.bmp`);
  await expect(cells(page)).toHaveCount(6);
  await within();
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

test('the grid as one PNG', async ({ page }) => {
  await openLooked(page);
  await expect(cells(page)).toHaveCount(3);
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as one PNG' }).click();
  const file = readFileSync(await (await coming).path());
  expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([522, 892]);
});

test('a sheet of styles holds no picture of another strength, and a caption that cannot be read says why', async ({
  page,
}) => {
  // Of each painting one picture comes, and the next stays away until it is stopped.
  await open(page, { worker: { paintStops: 1 } });
  await expect(pictures(page)).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-announcer]')).toHaveText('Stopped after 1 picture.');
  await pictures(page).first().click();
  await page.getByRole('button', { name: 'Use its style' }).click();
  const stop = page.getByRole('button', { name: /^Stop, 1 of/ });
  const missing = page.getByRole('button', { name: 'Paint what is missing' });
  await expect(stop).toBeVisible();
  await expect(async () => {
    await page.keyboard.press('Escape');
    if (await missing.isVisible()) await missing.click();
    await expect(cells(page)).toHaveCount(3, { timeout: 1000 });
  }).toPass();
  await expect(stop).toBeHidden();
  await expect(page.locator('.style-cell.stale')).toHaveCount(0);
  await page.getByRole('slider', { name: 'Strength' }).fill('0.5');
  await expect(stop).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(missing).toBeVisible();
  await expect(page.locator('.style-cell.stale')).toHaveCount(2);

  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as one PNG' }).click();
  const { width, data } = decodePng(new Uint8Array(readFileSync(await (await coming).path())));
  // In the middle of a row's only picture: 28 + 260 + 14 from the left, 192 wide, 206 from row to row.
  const middleOfRow = (row: number) => {
    const at = 4 * ((28 + 206 * (row + 1) + 26 + 96) * width + 302 + 96);
    return [...data.slice(at, at + 3)];
  };
  expect(middleOfRow(0)).not.toEqual([250, 248, 244]);
  expect(middleOfRow(1)).toEqual([250, 248, 244]);
  expect(middleOfRow(2)).toEqual([250, 248, 244]);

  const words = page.getByLabel('Caption of this row').first();
  await expect(words).toHaveAccessibleDescription('');
  await words.fill('🌸');
  await expect(words).toHaveAccessibleDescription('The model can read none of this.');
  await expect(page.locator('.style-fault').first()).toBeVisible();
});

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
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((n) => n.html) }))).toEqual([]);
    }
    for (const width of [360, 820, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(over, `at ${width}`).toBe(0);
    }
  });
}
