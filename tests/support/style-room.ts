/** The room Style as the browser tests find it: its parts, and pictures that are given to it. */
import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page } from '@playwright/test';
import { open } from './page.ts';

export const PICTURES = 'tests/fixtures/pictures';

/** As a person drops a file from their desktop upon something, or pastes one. */
export async function give(target: Locator, name: string, as = name, how: 'drop' | 'paste' = 'drop'): Promise<void> {
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

export const body = (page: Page) => page.locator('body');
export const field = (page: Page) => page.locator('[data-picture-field]');
export const frame = (page: Page) => page.getByRole('slider', { name: 'The square that is looked at' });
export const distance = (page: Page) => page.getByText(/^Differs by \d+ of 255 levels/);
export const cells = (page: Page) => page.getByRole('button', { name: /, in the style of .*: open large$/ });

/** In the room, with a picture that S has looked at. */
export async function openLooked(page: Page, name = 'plain.jpg', worker = {}): Promise<void> {
  await open(page, { hash: '#style', worker });
  await expect(page.getByLabel('Choose a picture')).toBeAttached();
  await page.getByLabel('Choose a picture').setInputFiles(`${PICTURES}/${name}`);
  await expect(distance(page)).toBeVisible();
}
