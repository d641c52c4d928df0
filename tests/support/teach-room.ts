/** The room Teach as the browser tests find it: its parts, what is dropped upon it, and how far a run has come. */
import { expect, type Page } from '@playwright/test';
import { encodePng } from '../../src/image/png.ts';
import { pack } from '../../src/teach/archive.ts';
import { sampleSet } from '../../src/teach/sample-set.ts';
import type { FakeWorkerOptions } from './fake-worker-parts.ts';
import { open } from './page.ts';

export const rows = (page: Page) => page.locator('.teach-row');
export const words = (page: Page, row: number) => rows(page).nth(row).getByRole('textbox');
export const where = (page: Page) => page.locator('.teach-where');
export const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

interface Given {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** As a person drops files from their desktop. */
export async function drop(page: Page, files: readonly Given[]): Promise<void> {
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
export async function archive(count: number, captioned = count): Promise<Given> {
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

export async function openRoom(page: Page, worker: Partial<FakeWorkerOptions> = {}): Promise<void> {
  await open(page, { hash: '#teach', worker });
  await expect(button(page, /^Try with 24/)).toBeVisible();
}

/** With the sample set. */
export async function filled(page: Page, worker: Partial<FakeWorkerOptions> = {}): Promise<void> {
  await openRoom(page, worker);
  await button(page, /^Try with 24/).click();
  await expect(rows(page)).toHaveCount(24);
}

/** A run of so many steps has begun. */
export async function begun(page: Page, steps: number, worker: Partial<FakeWorkerOptions> = {}): Promise<void> {
  await filled(page, worker);
  await page.getByLabel('Steps').fill(String(steps));
  await page.getByLabel('Steps').press('Enter');
  await button(page, 'Begin').click();
  await expect(where(page)).toBeVisible();
}

/** Paused somewhere on the way; so slow that it never ends by itself. */
export async function paused(page: Page): Promise<void> {
  await begun(page, 400, { trainStep: 150 });
  await expect(where(page)).toHaveText(/^Step ([2-9]|\d\d+) of 400$/);
  await button(page, 'Pause').click();
  await expect(button(page, 'Resume')).toBeVisible();
}

export const stepOf = async (page: Page) =>
  Number(/^Step ([\d,]+)/.exec((await where(page).textContent()) ?? '')?.[1]?.replace(',', ''));
