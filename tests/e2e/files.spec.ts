import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { readRecipe } from '../../src/image/png.ts';
import { caption, openPainted, painted, pictures, seed } from '../support/page.ts';

const HASH = '#v=1&m=flowers&c=a+white+flower,+“odd”+花&s=4071&t=0.35&n=4';

/** As a person drops a file from their desktop, or pastes one. */
async function give(page: Page, bytes: Buffer, name: string, how: 'drop' | 'paste' = 'drop'): Promise<void> {
  await page.evaluate(
    ({ base64, name, how }) => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      data.items.add(new File([bytes], name));
      const options = { bubbles: true, cancelable: true };
      if (how === 'paste') {
        document.body.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: data }));
        return;
      }
      document.body.dispatchEvent(new DragEvent('dragover', { ...options, dataTransfer: data }));
      document.body.dispatchEvent(new DragEvent('drop', { ...options, dataTransfer: data }));
    },
    { base64: bytes.toString('base64'), name, how },
  );
}

async function save(page: Page): Promise<{ readonly bytes: Buffer<ArrayBuffer>; readonly name: string }> {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save PNG' }).click();
  const download = await coming;
  return { bytes: Buffer.from(readFileSync(await download.path())), name: download.suggestedFilename() };
}

test('a saved picture carries its recipe; dropped or pasted, it is painted again', async ({ page }) => {
  await openPainted(page, { hash: HASH });
  await pictures(page).nth(2).click();
  const { bytes, name } = await save(page);
  expect(name).toBe('limn-a-white-flower-odd-4073.png');
  expect(bytes.readUInt32BE(16)).toBe(64);
  const recipe = await readRecipe(new Uint8Array(bytes), name);
  expect(recipe).toEqual({
    version: 1,
    model: 'flowers',
    caption: 'a white flower, “odd” 花',
    seed: 4073,
    truncation: 0.35,
    size: 0,
  });
  // Large, as it is seen; the recipe is the same.
  await page.getByRole('radio', { name: '512 px' }).locator('..').click();
  const large = await save(page);
  expect(large.bytes.readUInt32BE(16)).toBe(512);
  expect(await readRecipe(new Uint8Array(large.bytes), name)).toEqual(recipe);
  await page.keyboard.press('Escape');

  for (const how of ['drop', 'paste'] as const) {
    await caption(page).fill('something else');
    await seed(page).fill('1');
    await give(page, bytes, name, how);
    await painted(page);
    await expect(caption(page)).toHaveValue('a white flower, “odd” 花');
    await expect(seed(page)).toHaveValue('4073');
    await expect(page.getByRole('slider', { name: 'Stray' })).toHaveValue('0.35');
    await expect(pictures(page).nth(0)).toHaveAccessibleName(/seed 4073:/);
    await expect(page.getByText(`The recipe of ${name} is back`)).toBeVisible();
  }
});

test('junk that is dropped gets a plain word and changes nothing', async ({ page }) => {
  await openPainted(page, { hash: HASH });
  const plain = readFileSync('tests/support/no-recipe.png');
  const junk: [Buffer, string][] = [
    [Buffer.from('hello'), '<img src=x onerror=alert(1)>.txt'],
    [Buffer.alloc(0), 'empty.png'],
    [plain, 'a-photograph.png'],
    [plain.subarray(0, 40), 'cut-off.png'],
  ];
  for (const [bytes, name] of junk) {
    await give(page, bytes, name);
    const notice = page.locator('.notice').filter({ hasText: name });
    await expect(notice).toContainText('No recipe in this file');
    await notice.getByRole('button', { name: 'Dismiss' }).click();
  }
  await expect(caption(page)).toHaveValue('a white flower, “odd” 花');
  await expect(pictures(page)).toHaveCount(4);
});

test('a picture can be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openPainted(page);
  await pictures(page).nth(0).click();
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByText('Copied.')).toBeVisible();
  const types = await page.evaluate(async () => (await navigator.clipboard.read()).flatMap((item) => item.types));
  expect(types).toContain('image/png');
});
