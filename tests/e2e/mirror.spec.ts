import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { WITHOUT_MIRROR } from '../support/fake-models.ts';
import { fixtureModels } from '../support/fixture-models.ts';
import { caption, open, openPainted, painted, pictures } from '../support/page.ts';
import { printsOf } from '../support/prints.ts';
import { expectNothingForAxe, expectNothingSideways } from '../support/seemly.ts';

const HTML = '<img src=x onerror="window.hurt=1">';
const ROOM = '#mirror';

const readBack = (page: Page) => page.getByRole('list', { name: 'The picture, read back, word by word' });
const asked = (page: Page) => page.getByRole('list', { name: 'What was asked for, word by word' });
const card = (page: Page) => page.getByRole('complementary', { name: 'Mirror' });
const enter = (page: Page) => page.getByRole('link', { name: 'Mirror' }).click();

/** As a person drops a file from their desktop. */
async function drop(page: Page, bytes: Buffer, name: string): Promise<void> {
  await page.evaluate(
    ({ base64, name }) => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      data.items.add(new File([bytes], name));
      const options = { bubbles: true, cancelable: true, dataTransfer: data };
      document.body.dispatchEvent(new DragEvent('dragover', options));
      document.body.dispatchEvent(new DragEvent('drop', options));
    },
    { base64: bytes.toString('base64'), name },
  );
}

/** A picture that no Limn has painted, 90 × 60. */
async function photograph(page: Page, around = 'seagreen', within = 'gold'): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([around = '', within = '']) => {
      const canvas = new OffscreenCanvas(90, 60);
      const context = canvas.getContext('2d');
      if (!context) return '';
      context.fillStyle = around;
      context.fillRect(0, 0, 90, 60);
      context.fillStyle = within;
      context.fillRect(30, 10, 30, 40);
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer());
      return btoa(String.fromCharCode(...bytes));
    },
    [around, within],
  );
  return Buffer.from(base64, 'base64');
}

async function nothingForAxe(page: Page): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expectNothingForAxe(page);
  await expectNothingSideways(page, [360, 390, 820, 1024], 844);
}

test('painted, held up, read back: the words, what was asked, and how they agree', async ({ page }) => {
  await openPainted(page, { hash: '#v=1&c=this+flower+has+lemony+petals&s=3' });
  await pictures(page).nth(1).click();
  await page.getByRole('button', { name: 'Hold up to the mirror' }).click();
  await expect(page).toHaveURL(/#mirror$/);
  await expect(readBack(page).getByRole('listitem')).toHaveCount(9);
  await expect(readBack(page).getByRole('listitem').nth(3)).toHaveText('white0.41');
  await expect(asked(page).getByRole('listitem')).toHaveCount(5);
  await expect(asked(page).locator('.unknown')).toHaveText('lemonynot known');
  await expect(asked(page).getByRole('listitem').nth(0)).toHaveText('this0.61 15 %');
  await expect(page.getByText('“lemony” is not known to the mirror and not counted.')).toBeVisible();
  await expect(page.getByRole('meter')).toHaveAttribute('aria-valuenow', '0.8');
  await expect(page.getByText('Agrees with the caption')).toBeVisible();
  // No yardstick was measured for this model, so none is told.
  await expect(page.getByText(/real photographs/)).toHaveCount(0);
  await page.getByText('All figures').click();
  await expect(page.getByText('Surprise at the caption (−Σ log p)')).toBeVisible();
  await expect(page.getByText('6 % of all')).toBeVisible();
  // Another picture of this visit, by its thumbnail.
  const film = page.getByRole('list', { name: 'Pictures of this visit' });
  await expect(film.getByRole('button', { pressed: true })).toHaveAccessibleName(/seed 4:/);
  await film.getByRole('button').nth(3).click();
  await expect(film.getByRole('button', { pressed: true })).toHaveAccessibleName(/seed 6:/);
  await nothingForAxe(page);
});

test('real photographs are the yardstick where they were measured', async ({ page }) => {
  const [model] = WITHOUT_MIRROR.models;
  const files = [
    ...(model?.files ?? []),
    { role: 'captioner', path: 'flowers/c.safetensors', bytes: 3e6, sha256: '0'.repeat(64) },
    { role: 'captioner-vocabulary', path: 'flowers/v.json', bytes: 1e4, sha256: '0'.repeat(64) },
  ];
  const config = { stream: { photographs: { agreement: 0.79, loss: 'odd' } } };
  const manifest = { version: 1, models: [{ ...model, files, config }] };
  await openPainted(page, { models: { 'manifest.json': manifest } });
  await enter(page);
  await expect(page.getByText('half of real photographs reach at least 0.79')).toBeVisible();
});

test('the room opens with what was painted; by keyboard each word tells its value', async ({ page }) => {
  await openPainted(page);
  await enter(page);
  const words = readBack(page).getByRole('listitem');
  await expect(words).toHaveCount(9);
  await words.nth(0).focus();
  const value = (n: number) => words.nth(n).locator('.word-value');
  await expect(value(0)).toHaveText('0.61');
  await expect(value(0)).toHaveCSS('opacity', '1');
  await expect(value(3)).toHaveCSS('opacity', '0');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await expect(words.nth(3)).toBeFocused();
  await expect(value(3)).toHaveCSS('opacity', '1');
  await expect(value(0)).toHaveCSS('opacity', '0');
  await page.keyboard.press('End');
  await expect(words.nth(8)).toBeFocused();
  // One stop for Tab, however long the caption is.
  await page.keyboard.press('Tab');
  await expect(asked(page).getByRole('listitem').nth(0)).toBeFocused();
  // And by the mouse.
  await words.nth(6).hover();
  await expect(value(6)).toHaveCSS('opacity', '1');
});

test('the first look fetches the mirror, tells how large it is, and can be stopped', async ({ page }) => {
  await openPainted(page, { worker: { readStops: 1 } });
  await enter(page);
  await expect(page.getByText(/Fetching the mirror: 0\.9.of.3\.4.MB/)).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Read it back' }).click();
  await expect(readBack(page).getByRole('listitem')).toHaveCount(9);
});

test('a reading that fails says so, and can be tried again', async ({ page }) => {
  const readFails = { kind: 'http', url: 'captioner.safetensors', status: 404 } as const;
  await openPainted(page, { worker: { readFails, failsOnce: true } });
  await enter(page);
  await expect(page.getByRole('alert')).toContainText('A file of this page is missing');
  await nothingForAxe(page);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(readBack(page).getByRole('listitem')).toHaveCount(9);
  await expect(page.getByRole('alert')).toBeHidden();
});

test('at the side of Paint: nothing until it is asked, then after every painting, until it is turned off', async ({
  page,
}) => {
  await openPainted(page);
  await expect(card(page)).toContainText('It is 3.4\u00a0MB, fetched once.');
  await expect(readBack(page)).toHaveCount(0);
  await card(page).getByRole('button', { name: 'Read it back' }).click();
  await expect(readBack(page).getByRole('listitem')).toHaveCount(9);
  await expect(card(page)).toContainText('Agrees with the caption');
  await card(page).getByRole('button', { name: 'Read the next picture' }).click();
  await expect(card(page)).toContainText('Picture 2 of 4');
  await expect(readBack(page).getByRole('listitem')).toHaveCount(9);
  // A picture that was looked at large is the one that is meant.
  await pictures(page).nth(3).click();
  await page.keyboard.press('Escape');
  await expect(card(page)).toContainText('Picture 4 of 4');
  await caption(page).fill('an orange tulip with blue spots');
  await page.keyboard.press('Control+Enter');
  await painted(page);
  await expect(card(page)).toContainText('Picture 1 of 4');
  await expect(card(page)).toContainText('Does not agree');
  await nothingForAxe(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  // Also on the next visit.
  await page.reload();
  await painted(page);
  await expect(readBack(page).getByRole('listitem')).toHaveCount(9);
  await card(page).getByRole('button', { name: 'Turn off' }).click();
  await expect(card(page).getByRole('button', { name: 'Read it back' })).toBeVisible();
  await page.reload();
  await painted(page);
  await expect(card(page).getByRole('button', { name: 'Read it back' })).toBeVisible();
});

test('from the side of Paint to the room', async ({ page }) => {
  await openPainted(page);
  await card(page).getByRole('button', { name: 'Read it back' }).click();
  await card(page).getByRole('button', { name: 'Look closer' }).click();
  await expect(page.getByRole('heading', { name: 'What was asked for' })).toBeVisible();
});

test('the best of eight: best first, the rest after, with their figures; a stop keeps what is there', async ({
  page,
}) => {
  await openPainted(page, { hash: '#v=1&c=a+red+flower&s=100&n=4' });
  await page.getByRole('combobox', { name: /^Best of/ }).selectOption('8');
  await page.keyboard.press('Control+Enter');
  await painted(page);
  await expect(page.locator('[data-announcer]')).toHaveText('8 pictures painted.');
  await expect(pictures(page)).toHaveCount(8);
  const large = page.getByRole('list', { name: 'Pictures', exact: true });
  await expect(large.getByRole('button')).toHaveCount(4);
  await expect(page.getByText(/The best of 8 first/)).toBeVisible();
  const names = await pictures(page).evaluateAll((all) => all.map((e) => e.getAttribute('aria-label') ?? ''));
  const likeness = names.map((name) => Number(/likeness ([\d.]+)/.exec(name)?.[1]));
  expect(likeness).toEqual([...likeness].sort((a, b) => b - a));
  // An ordinary picture: its own seed, and all that can be done with one.
  const seed = Number(/seed (\d+)/.exec(names[5] ?? '')?.[1]);
  await pictures(page).nth(5).click();
  await expect(page.getByRole('dialog')).toContainText('6 of 8');
  await expect(page.getByRole('dialog')).toContainText('likeness');
  await page.getByRole('button', { name: 'Paint more like this' }).click();
  await painted(page);
  await expect(pictures(page).nth(0)).toHaveAccessibleName(new RegExp(`seed ${seed}:`));
  await expect(page.getByRole('combobox', { name: /^Best of/ })).toHaveValue('0');
});

test('the best of 16, stopped in the middle', async ({ page }) => {
  await openPainted(page, { worker: { paintStops: 6 } });
  await page.getByRole('combobox', { name: /^Best of/ }).selectOption('16');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('6 of 16 painted and judged')).toBeVisible();
  await expect(pictures(page)).toHaveCount(6);
  await nothingForAxe(page);
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-announcer]')).toHaveText('Stopped after 6 pictures.');
  await expect(pictures(page)).toHaveCount(6);
  await expect(page.getByText(/The best of 6 first/)).toBeVisible();
});

test('improve: the picture changes, before and after, kept, undone', async ({ page }) => {
  // Not enlarged, so that two canvases of one picture hold the same.
  await openPainted(page, { hash: '#v=1&c=a+red+flower&s=100&u=pixels', worker: { readStep: 40 } });
  await expect(pictures(page)).toHaveCount(4);
  const first = await printsOf(pictures(page).nth(0).locator('canvas'));
  await pictures(page).nth(0).click();
  await page.getByRole('button', { name: 'Improve' }).click();
  await expect(page.getByText(/^Step \d+ of 60$/)).toBeVisible();
  await expect(page.getByText(/less than before/)).toBeVisible();
  expect(await printsOf(page.getByRole('img', { name: 'Before: a red flower' }))).toEqual(first);
  const after = await printsOf(page.getByRole('img', { name: 'After: a red flower' }));
  expect(after).toHaveLength(1);
  expect(after).not.toEqual(first);
  await nothingForAxe(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  const line = page.getByRole('slider', { name: 'Line between before and after' });
  await line.focus();
  await page.keyboard.press('End');
  await expect(line).toHaveAttribute('aria-valuetext', '100 % before, 0 % after');
  await page.keyboard.press('Home');
  // Held by the keyboard, it is as it was; let go, it is as it became.
  const hold = page.getByRole('button', { name: 'Hold to see it as it was' });
  await hold.focus();
  await page.keyboard.down(' ');
  await expect(line).toHaveAttribute('aria-valuetext', '100 % before, 0 % after');
  await page.keyboard.up(' ');
  await expect(line).toHaveAttribute('aria-valuetext', '0 % before, 100 % after');
  await page.getByRole('button', { name: 'Keep it' }).click();
  const film = page.getByRole('list', { name: 'Pictures of this visit' });
  await expect(film.getByRole('listitem')).toHaveCount(5);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(film.getByRole('listitem')).toHaveCount(4);
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('link', { name: 'Paint' }).click();
  await expect(page.getByRole('region', { name: 'Earlier' }).getByRole('listitem')).toHaveCount(1);
});

test('improve can be cancelled, by key and by button', async ({ page }) => {
  await openPainted(page, { hash: '#v=1&c=a+red+flower&s=100&u=pixels', worker: { improveStops: 12 } });
  await enter(page);
  const improve = page.getByRole('button', { name: 'Improve', exact: true });
  const canvas = page.getByRole('img', { name: /^Painted for/ });
  await expect(canvas).toHaveCount(1);
  const before = await printsOf(canvas);
  await page.getByRole('radio', { name: '200' }).locator('..').click();
  await improve.click();
  await expect(page.getByText('Step 11 of 200')).toBeVisible();
  expect(await printsOf(canvas)).not.toEqual(before);
  await nothingForAxe(page);
  await page.keyboard.press('Escape');
  await expect(improve).toBeVisible();
  expect(await printsOf(canvas)).toEqual(before);
  await improve.click();
  await page.getByRole('button', { name: /^Stop/ }).click();
  await expect(improve).toBeVisible();
});

test('a photograph of one’s own: read, cut, and compared with one’s own words', async ({ page }) => {
  await open(page, { hash: ROOM });
  await expect(readBack(page)).toBeVisible();
  await drop(page, await photograph(page), 'garden.jpg');
  await expect(page.getByRole('slider', { name: 'The square that is looked at' })).toBeVisible();
  await expect(readBack(page).getByRole('listitem')).toHaveCount(9);
  await expect(page.getByRole('meter')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Improve' })).toHaveCount(0);
  const field = page.getByLabel('What would you say it shows?');
  await field.fill('🌻');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/can read none of this/)).toBeVisible();
  await field.fill('this flower has yellow petals');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('meter')).toHaveAttribute('aria-valuenow', '1');
  await nothingForAxe(page);
  await page.getByRole('slider', { name: 'The square that is looked at' }).press('-');
  await expect(page.getByRole('meter')).toBeVisible();
  await expect(asked(page).getByRole('listitem')).toHaveCount(5);
});

test('a painting of one’s own that is dropped is read here, and its recipe is offered', async ({ page }) => {
  await open(page, { hash: ROOM });
  await expect(readBack(page)).toBeVisible();
  await drop(page, readFileSync('tests/fixtures/pictures/limn.png'), 'painted.png');
  await expect(page.getByRole('slider', { name: 'The square that is looked at' })).toBeVisible();
  await expect(readBack(page)).toBeVisible();
  await expect(page).toHaveURL(/#mirror$/);
  await page.getByRole('button', { name: 'Paint it' }).click();
  await expect(caption(page)).toHaveValue('a blue flower');
});

test('the real engine reads in words that it learnt, and every picture as it sees it', async ({ page }) => {
  const { words } = JSON.parse(readFileSync('tests/fixtures/models/tiny/captioner-vocabulary.json', 'utf8')) as {
    words: string[];
  };
  await fixtureModels(page);
  await page.goto('/#v=1&m=tiny&c=a+red+flower&s=5&n=1&l=1');
  await painted(page, { timeout: 60_000 });
  await enter(page);
  await expect(readBack(page)).toBeVisible({ timeout: 60_000 });
  /** Each word, and how likely it is; none while a picture is being read. */
  const read = () =>
    readBack(page)
      .getByRole('listitem')
      .evaluateAll((items) => items.map((item) => [...item.childNodes].map((node) => node.textContent ?? '')));
  let last = await read();
  await expect(asked(page).getByRole('listitem')).toHaveCount(3);
  // The mirror has learnt nothing, but it does look: pictures that differ are read otherwise.
  for (const colour of ['gold', 'black']) {
    expect(last.length).toBeGreaterThan(0);
    for (const [word, likely] of last) {
      expect(words).toContain(word);
      expect(likely).toMatch(/^(0\.\d\d|1\.00|< 0\.01)$/);
    }
    await drop(page, await photograph(page, colour === 'gold' ? 'seagreen' : colour, colour), `${colour}.jpg`);
    await expect(async () => {
      const now = await read();
      expect(now.length).toBeGreaterThan(0);
      expect(now).not.toEqual(last);
    }).toPass({ timeout: 30_000 });
    last = await read();
  }
});

test('junk that is dropped gets a plain word, and what was held stays', async ({ page }) => {
  await open(page, { hash: ROOM });
  await expect(readBack(page)).toBeVisible();
  await drop(page, Buffer.from('hello'), `${HTML}.jpg`);
  await expect(page.getByRole('alert')).toContainText('This picture cannot be used');
  await expect(readBack(page)).toBeVisible();
  expect(await page.evaluate(() => 'hurt' in window)).toBe(false);
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
});

test('what the captioner says is text, whatever it says', async ({ page }) => {
  await openPainted(page, { worker: { reads: `a ${HTML} flower` } });
  await enter(page);
  await expect(readBack(page)).toContainText('onerror="window.hurt=1">');
  await expect(page.getByText(`The mirror reads: a ${HTML} flower`)).toBeAttached();
  expect(await page.evaluate(() => 'hurt' in window)).toBe(false);
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
  await nothingForAxe(page);
});

test('a model without a mirror: room, side and tools say so or leave it out', async ({ page }) => {
  await openPainted(page, { models: { 'manifest.json': WITHOUT_MIRROR } });
  await expect(card(page)).toContainText('This model came without a mirror');
  await expect(page.getByRole('combobox', { name: /^Best of/ })).toHaveCount(0);
  await pictures(page).nth(0).click();
  await expect(page.getByRole('button', { name: 'Hold up to the mirror' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await enter(page);
  await expect(page.getByText(/This model came without a mirror/)).toBeVisible();
  await nothingForAxe(page);
});

test('before anything is painted: two sentences and one press', async ({ page }) => {
  await open(page, { hash: ROOM, worker: { paintStops: 0 } });
  await expect(page.getByText('Painting something to read back')).toBeVisible();
  await page.keyboard.press('Escape');
  const press = page.getByRole('button', { name: 'Paint something and read it back' });
  await expect(press).toBeVisible();
  await nothingForAxe(page);
});

test('empty, then one press', async ({ page }) => {
  await open(page, { hash: ROOM, worker: { loadFails: { kind: 'quota', neededBytes: 5e6 } } });
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Paint something and read it back' })).toBeVisible();
});

test('a room whose JavaScript and styles do not come can be tried again, and comes as it looks', async ({ page }) => {
  await openPainted(page);
  let broken = true;
  await page.route(/\/assets\/mirror-[^/]*\.(js|css)/, (route) => (broken ? route.abort() : route.continue()));
  await enter(page);
  await expect(page.getByRole('alert')).toContainText('A file could not be fetched');
  broken = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Mirror', exact: true })).toBeVisible();
  const sheets = await page.evaluate(() => [...document.styleSheets].map((sheet) => sheet.cssRules.length));
  expect(sheets.length).toBeGreaterThan(1);
  expect(Math.min(...sheets)).toBeGreaterThan(0);
  await page.getByRole('link', { name: 'Paint' }).click();
  await expect(pictures(page)).toHaveCount(4);
});
