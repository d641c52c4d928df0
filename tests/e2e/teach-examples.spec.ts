/** What a model is to learn from: pictures and words that are dropped, chosen, written, removed and kept. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { encodePng } from '../../src/image/png.ts';
import { pack } from '../../src/teach/archive.ts';
import { sampleSet } from '../../src/teach/sample-set.ts';
import { MANIFEST } from '../support/fake-models.ts';
import { open } from '../support/page.ts';
import { archive, button, drop, filled, openRoom, rows, where, words } from '../support/teach-room.ts';

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
