import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { encodePng } from '../../src/image/png.ts';
import { pack } from '../../src/teach/archive.ts';
import { sampleSet } from '../../src/teach/sample-set.ts';
import { MANIFEST, WITHOUT_CRITIC } from '../support/fake-models.ts';
import type { FakeWorkerOptions } from '../support/fake-worker.ts';
import { fixtureModels } from '../support/fixture-models.ts';
import { open, painted, pictures } from '../support/page.ts';

const rows = (page: Page) => page.locator('.teach-row');
const words = (page: Page, row: number) => rows(page).nth(row).getByRole('textbox');
const where = (page: Page) => page.locator('.teach-where');
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

interface Given {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** As a person drops files from their desktop. */
async function drop(page: Page, files: readonly Given[]): Promise<void> {
  const given = files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') }));
  await page.locator('body').evaluate((element, given) => {
    const data = new DataTransfer();
    for (const { name, base64 } of given) {
      data.items.add(new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], name));
    }
    const options = { bubbles: true, cancelable: true, dataTransfer: data };
    element.dispatchEvent(new DragEvent('dragover', options));
    element.dispatchEvent(new DragEvent('drop', options));
  }, given);
}

/** Pictures of the sample set with a list of their captions, as an archive. */
async function archive(count: number, captioned = count): Promise<Given> {
  const samples = sampleSet('flowers', count);
  const files = await Promise.all(
    samples.map(async ({ name, pixels }) => ({ path: `flowers/${name}`, bytes: await encodePng(pixels) })),
  );
  const list = samples
    .slice(0, captioned)
    .map(({ name, caption }) => JSON.stringify({ file_name: name, text: caption }))
    .join('\n');
  const bytes = pack([...files, { path: 'flowers/metadata.jsonl', bytes: new TextEncoder().encode(list) }]);
  return { name: 'paper.zip', bytes };
}

async function openRoom(page: Page, worker: Partial<FakeWorkerOptions> = {}): Promise<void> {
  await open(page, { hash: '#teach', worker });
  await expect(button(page, /^Try with 24/)).toBeVisible();
}

/** With the sample set. */
async function filled(page: Page, worker: Partial<FakeWorkerOptions> = {}): Promise<void> {
  await openRoom(page, worker);
  await button(page, /^Try with 24/).click();
  await expect(rows(page)).toHaveCount(24);
}

/** A run of so many steps has begun. */
async function begun(page: Page, steps: number, worker: Partial<FakeWorkerOptions> = {}): Promise<void> {
  await filled(page, worker);
  await page.getByLabel('Steps').fill(String(steps));
  await page.getByLabel('Steps').press('Enter');
  await button(page, 'Begin').click();
  await expect(where(page)).toBeVisible();
}

/** Paused somewhere on the way; so slow that it never ends by itself. */
async function paused(page: Page): Promise<void> {
  await begun(page, 400, { trainStep: 150 });
  await expect(where(page)).toHaveText(/^Step ([2-9]|\d\d+) of 400$/);
  await button(page, 'Pause').click();
  await expect(button(page, 'Resume')).toBeVisible();
}

/** In the page: the captions of the draft that it keeps. */
function draftNow(): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('limn');
    opening.onerror = () => reject(new Error('no database'));
    opening.onsuccess = () => {
      const asked = opening.result.transaction('kept').objectStore('kept').get('draft') as IDBRequest<{ items: { caption: string }[] }>; // prettier-ignore
      asked.onsuccess = () => {
        opening.result.close();
        resolve(asked.result.items.map(({ caption }) => caption));
      };
    };
  });
}

const stepOf = async (page: Page) =>
  Number(/^Step ([\d,]+)/.exec((await where(page).textContent()) ?? '')?.[1]?.replace(',', ''));

test('one click for a set, one to begin; it pauses, goes on, ends, and is a model that paints', async ({ page }) => {
  await begun(page, 30, { trainStep: 250 });
  await expect(page.getByRole('region', { name: 'What it paints' }).getByRole('img')).toHaveCount(12);
  await expect(page.getByText(/pictures a second/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(button(page, 'Resume')).toBeVisible();
  const at = await stepOf(page);
  expect(at).toBeLessThan(30);
  await button(page, 'One step').click();
  await expect(where(page)).toHaveText(`Step ${at + 1} of 30`);
  await button(page, 'Resume').click();
  await expect(page.getByText(/It has learned for as long/)).toBeVisible();
  await expect(page.locator('[data-announcer]')).toHaveText('The training is finished.');
  await page.getByRole('region', { name: 'Keep it as a model' }).getByLabel('Name').fill('Cut paper');
  await button(page, 'Keep').click();
  await expect(page.getByText('Cut paper is kept.')).toBeVisible();
  await button(page, 'Paint with it').click();
  await painted(page);
  await expect(page).toHaveURL(/m=my-1/);
  // What it has learnt is what it paints first.
  await expect(page).toHaveURL(/c=a\+paper\+flower/);
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('heading', { name: 'Cut paper' })).toBeVisible();
  await expect(page.getByRole('article', { name: 'Cut paper' })).toContainText('Tuned from');
  await expect(page.getByRole('article', { name: 'Cut paper' })).toContainText(/2\.0\sMB to paint with/);
  await page.getByRole('link', { name: 'Teach' }).click();
  await expect(page.getByRole('region', { name: 'Your models' })).toContainText(
    /2\.0\sMB to paint with, 5\.0\sMB in all/,
  );
});

test('a dropped archive brings its captions and its name; the rest is listed with reasons', async ({ page }) => {
  await openRoom(page);
  const twice = await encodePng(sampleSet('flowers', 1)[0]!.pixels);
  await drop(page, [
    await archive(11, 9),
    { name: 'copy.png', bytes: twice },
    { name: 'huge.png', bytes: readFileSync('tests/fixtures/pictures/huge.png') },
    { name: 'drawing.svg', bytes: readFileSync('tests/fixtures/pictures/drawing.svg') },
    { name: 'cut.jpg', bytes: readFileSync('tests/fixtures/pictures/cut.jpg') },
    { name: '<img src=x onerror=alert(1)>.png', bytes: new Uint8Array() },
  ]);
  await expect(rows(page)).toHaveCount(11);
  await expect(words(page, 8)).toHaveValue(/^a paper flower with/);
  await expect(words(page, 9)).toHaveValue('');
  await expect(page.getByLabel('Name')).toHaveValue('paper');
  const left = page.locator('.teach-left');
  await left.getByText(/files were left out/).click();
  for (const said of [
    'copy.png: it is the same picture as',
    'huge.png: it has',
    'drawing.svg',
    'cut.jpg',
    '<img src=x',
  ]) {
    await expect(left).toContainText(said);
  }
  await expect(page.getByText('2 pictures have no words yet')).toBeVisible();
  await expect(button(page, 'Begin')).toBeDisabled();
  // The mirror makes a first draft of what is missing.
  await button(page, 'Describe the 2 without words by the mirror').click();
  await expect(words(page, 10)).toHaveValue('this flower has white petals and a yellow center');
  await expect(rows(page).nth(10)).toContainText('by the mirror');
  await expect(button(page, 'Begin')).toBeEnabled();
});

test('a folder of all sorts: what is a picture comes in, everything else is told', async ({ page }) => {
  await openRoom(page);
  await page.getByLabel('Choose a folder').setInputFiles('tests/fixtures/pictures');
  const left = page.locator('.teach-left');
  await expect(left).toContainText(/\d+ files were left out/);
  await expect(page.locator('.loading')).toHaveCount(0);
  await left.locator('summary').click();
  for (const said of [
    'huge.png: it has',
    'cut.jpg: it ends in the middle',
    'drawing.svg: it is neither',
    'words.txt: there is no',
    'plain.webp: it is the same picture as',
  ]) {
    await expect(left).toContainText(said);
  }
  await expect(rows(page).filter({ hasText: 'photo.png' })).toHaveCount(1);
  await expect(rows(page).filter({ hasText: 'one.png' })).toHaveCount(1);
  await expect(page.getByLabel('Name')).toHaveValue('pictures');
});

test('the table by keyboard: Enter goes on, several lines go to several, removed pictures come back', async ({
  page,
}) => {
  await filled(page);
  await words(page, 0).click();
  await page.keyboard.press('Enter');
  await expect(words(page, 1)).toBeFocused();
  await page.keyboard.press('Shift+Enter');
  await expect(words(page, 0)).toBeFocused();
  await words(page, 3).evaluate((field) => {
    const data = new DataTransfer();
    data.setData('text/plain', 'first line\nsecond 日本 line\nthird line\n');
    field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
  });
  await expect(words(page, 3)).toHaveValue('first line');
  await expect(words(page, 5)).toHaveValue('third line');
  await expect(rows(page).nth(4)).toContainText('The model cannot read “日本”.');
  await expect(rows(page).nth(0)).toContainText('new to this model');
  await button(page, 'Remove paper-04.png').click();
  await expect(rows(page)).toHaveCount(23);
  await button(page, 'Undo').click();
  await expect(words(page, 3)).toHaveValue('first line');
  await button(page, /Remove all/).click();
  await expect(button(page, /^Try with 24/)).toBeVisible();
  await button(page, 'Undo').click();
  await expect(rows(page)).toHaveCount(24);
});

test('the square of a picture is chosen by keyboard', async ({ page }) => {
  await openRoom(page);
  await page.getByLabel('Choose pictures').setInputFiles('tests/fixtures/pictures/plain.bmp');
  await button(page, 'plain.bmp: choose the square').click();
  const frame = page.getByRole('slider', { name: 'The square that is looked at' });
  await frame.focus();
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowLeft');
  await expect(frame).toHaveAttribute('aria-valuetext', /, 0 from the left/);
  await expect(page.getByText('9 more pictures and it can begin.')).toBeVisible();
});

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

test('Enter takes a number over, and the keyboard stays there', async ({ page }) => {
  await filled(page);
  const steps = page.getByLabel('Steps');
  await steps.fill('99999');
  await steps.press('Enter');
  await expect(steps).toHaveValue('20000');
  await expect(steps).toBeFocused();
  await steps.fill('');
  await steps.press('Enter');
  await expect(steps).toHaveValue('20000');
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

test('pictures and words survive a reload until they are begun with, or removed', async ({ page }) => {
  await filled(page);
  await words(page, 2).fill('words of my own');
  await button(page, 'Remove paper-01.png').click();
  const kept = page.getByText('Kept in this browser until you begin, or remove them.');
  await expect(kept).toBeVisible();
  // What was typed last is written after a rest.
  await expect.poll(() => page.evaluate(draftNow)).toHaveLength(23);
  await page.reload();
  await expect(rows(page)).toHaveCount(23);
  await expect(words(page, 1)).toHaveValue('words of my own');
  await expect(page.getByLabel('Name')).toHaveValue('Paper flowers');
  await expect(kept).toBeVisible();
  await button(page, 'Begin').click();
  await expect(where(page)).toBeVisible();
  await button(page, 'All runs').click();
  await expect(rows(page)).toHaveCount(23);
  await expect(kept).toHaveCount(0);
  await page.reload();
  await expect(button(page, /^Try with 24/)).toBeVisible();
  await expect(rows(page)).toHaveCount(0);
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

test('what it costs is told before it begins, and less is offered where it is much', async ({ page }) => {
  await filled(page, { rehearseSeconds: 45 });
  await expect(page.getByText('200 steps take about 2.5 hours here, 45 s a step.')).toBeVisible();
  await expect(page.getByText('4,000,000 of its 4,000,000 numbers move.')).toBeVisible();
  await button(page, /^batches of 4, the last layers only: /).click();
  await expect(page.getByRole('radio', { name: 'Last layers, 900 K' })).toBeChecked();
  await expect(page.getByText(/take about 75 minutes here/)).toBeVisible();
  await expect(page.getByText('900,000 of its 4,000,000 numbers move.')).toBeVisible();
});

test('another backend has another price: it is measured anew, also where one is chosen before the first is', async ({
  page,
}) => {
  const choose = async (name: RegExp) => {
    await page.getByRole('button', { name: /^Device:/ }).click();
    await page.getByRole('radio', { name }).click();
    await page.keyboard.press('Escape');
  };
  const price = page.getByText(/^200 steps take about/);
  // About ten of these until the model is there, and every backend loads it anew.
  await filled(page, { loadStep: 500 });
  await choose(/^WebAssembly/);
  await expect(price).toBeVisible();
  await expect(button(page, 'Begin')).toBeEnabled();
  await choose(/^WebGL/);
  await expect(price).toBeHidden();
  await expect(button(page, 'Begin')).toBeDisabled();
  await expect(price).toBeVisible();
  await expect(button(page, 'Begin')).toBeEnabled();
});

test('a device that cannot train says why', async ({ page }) => {
  await filled(page, { cannotTrain: 'This device knows no way back.' });
  await expect(page.getByText('This device knows no way back.')).toBeVisible();
  await expect(button(page, 'Begin')).toBeDisabled();
});

test('a model of faces is offered faces of cut paper, and begins with them', async ({ page }) => {
  const faces = MANIFEST.models.map((model) => ({ ...model, architecture: 't2f', sizes: [4, 8, 16, 32, 64] }));
  await open(page, { hash: '#teach', models: { 'manifest.json': { ...MANIFEST, models: faces } } });
  await button(page, 'Try with 24 paper faces').click();
  await expect(rows(page)).toHaveCount(24);
  await expect(words(page, 0)).toHaveValue(/^an? .*\bwoman\b/);
  await expect(page.getByLabel('Name')).toHaveValue('Paper faces');
  await button(page, 'Begin').click();
  await expect(where(page)).toBeVisible();
});

test('a browser without room says so before anything is lost', async ({ page }) => {
  await filled(page, { quotaBytes: 30e6 });
  await expect(page.getByText(/no room to keep a run: it needs 60 MB and has 29 MB/)).toBeVisible();
  await expect(button(page, 'Begin')).toBeDisabled();
});

test('a model without a critic cannot be taught, and says so', async ({ page }) => {
  await open(page, { hash: '#teach', models: { 'manifest.json': WITHOUT_CRITIC } });
  await expect(page.getByText(/Flowers came without a critic/)).toBeVisible();
  // What is brought is told of all the same.
  await page.getByLabel('Bring a model').setInputFiles({
    name: 'junk.zip',
    mimeType: 'application/zip',
    buffer: Buffer.from('no archive'),
  });
  await expect(page.locator('.teach-left')).toContainText('junk.zip: it is damaged');
  const kept = page.getByText('One picture is kept here for a model that can be taught.');
  await expect(kept).toHaveCount(0);
  await drop(page, [{ name: 'one.png', bytes: await encodePng(sampleSet('flowers', 1)[0]!.pixels) }]);
  await expect(kept).toBeVisible();
  await expect(page.locator('.teach-left')).toHaveCount(0);
  await expect(page.locator('[data-announcer]')).toHaveText('1 picture is here.');
});

test('an archive that is no model is refused in words', async ({ page }) => {
  const detail = 'its SHA-256 is not the one in the manifest';
  await openRoom(page, { importFails: { kind: 'bad-weights', file: 'generator.safetensors', detail } });
  const json = { path: 'manifest.json', bytes: new TextEncoder().encode('{}') };
  const bytes = pack([json, { path: 'a.safetensors', bytes: new Uint8Array(9) }]);
  await drop(page, [{ name: 'model.zip', bytes }]);
  const notice = page.locator('.notice');
  await expect(notice).toContainText('cannot be brought in');
  await expect(notice).toContainText(detail);
});

test('the whole way on the real engine: drop, train, pause, reload, resume, export, and paint elsewhere', async ({
  page,
  browser,
}) => {
  // Wasm on a small machine, which compiles and fits everything anew after a reload.
  test.setTimeout(400_000);
  const PATIENCE = { timeout: 150_000 };
  const tiny = '/#v=1&m=tiny&c=a+red+flower&s=5&n=1&l=1';
  await fixtureModels(page);
  await page.goto(tiny);
  await painted(page, PATIENCE);
  await page.getByRole('link', { name: 'Teach' }).click();
  await drop(page, [await archive(12)]);
  await expect(rows(page)).toHaveCount(12);
  await page.getByLabel('Steps').fill('2000');
  await page.getByLabel('Steps').press('Enter');
  await expect(page.getByText(/^2,000 steps take about/)).toBeVisible(PATIENCE);
  await button(page, 'Begin').click();
  await expect.poll(() => stepOf(page), PATIENCE).toBeGreaterThanOrEqual(20);
  await button(page, 'Pause').click();
  await expect(button(page, 'Resume')).toBeVisible(PATIENCE);
  const at = await stepOf(page);
  expect(at).toBeLessThan(2000);

  await page.reload();
  await button(page, 'Open paper').click(PATIENCE);
  await expect(where(page)).toHaveText(new RegExp(`^Step ${at.toLocaleString('en')} of 2,000$`));
  await expect(page.getByRole('region', { name: 'What it paints' }).getByRole('img').first()).toBeVisible(PATIENCE);
  await button(page, 'Resume').click();
  await expect.poll(() => stepOf(page), PATIENCE).toBeGreaterThan(at);
  await button(page, 'Stop here').click();
  await expect(page.getByText(/It stands still/)).toBeVisible(PATIENCE);
  await page.getByRole('region', { name: 'Keep it as a model' }).getByLabel('Name').fill('Paper');
  await button(page, 'Keep').click();
  await expect(page.getByText('Paper is kept.')).toBeVisible(PATIENCE);
  const download = page.waitForEvent('download');
  await button(page, 'Export Paper').first().click();
  const file = await (await download).path();

  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await fixtureModels(other);
  await other.goto('/#teach');
  await drop(other, [{ name: 'limn-my-paper.zip', bytes: readFileSync(file) }]);
  await expect(other.getByText('Paper is here, and can paint.')).toBeVisible(PATIENCE);
  await button(other, 'Paint with it Paper').click();
  await other.keyboard.press('Control+Enter');
  await painted(other, PATIENCE);
  await expect(other).toHaveURL(/m=my-/);
  const address = other.url();
  // The model is still there after a reload, and a link to it finds it.
  await other.reload();
  await painted(other, PATIENCE);
  expect(other.url()).toBe(address);
  await expect(pictures(other).first()).toBeVisible();
  await elsewhere.close();
});

/** Every state of the room that looks different. */
const STATES: Record<string, (page: Page) => Promise<void>> = {
  empty: openRoom,
  table: async (page) => {
    await openRoom(page);
    await drop(page, [await archive(12, 7), { name: 'bad.zip', bytes: new Uint8Array(3) }]);
    await expect(rows(page)).toHaveCount(12);
    await expect(page.getByText(/take about/)).toBeVisible();
    await page.getByText('More', { exact: true }).click();
    await button(page, 'paper-02.png: choose the square').click();
  },
  paused: async (page) => {
    await paused(page);
    await page.getByRole('slider', { name: 'Line between before and now' }).fill('0.5');
    await page.getByText('The 24 pictures it learns from').click();
  },
  astray: async (page) => {
    await begun(page, 40, { divergesAt: 17 });
    await expect(page.getByRole('alert')).toBeVisible();
  },
  kept: async (page) => {
    await begun(page, 8);
    await button(page, 'Keep').click();
    await expect(page.getByText('is kept.')).toBeVisible();
    await button(page, 'All runs').click();
    await button(page, 'Forget Paper flowers').first().click();
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
      await page.setViewportSize({ width, height: 740 });
      expect(await over(page.locator('html'))).toBe(0);
    }
  });
}

const over = (page: Locator) => page.evaluate((element) => element.scrollWidth - element.clientWidth);
