/** What browser tests do over and over. */
import { expect, type Locator, type Page } from '@playwright/test';
import { fakeModels } from './fake-models.ts';
import { fakeWorker } from './fake-worker.ts';
import type { FakeWorkerOptions } from './fake-worker-parts.ts';

interface Options {
  readonly hash?: string;
  readonly worker?: Partial<FakeWorkerOptions>;
  readonly models?: Readonly<Record<string, unknown>>;
}

/** Opens the page upon a painter of cardboard. */
export async function open(page: Page, { hash = '', worker = {}, models = {} }: Options = {}): Promise<void> {
  await fakeWorker(page, worker);
  await fakeModels(page, models);
  await page.goto(`/${hash}`);
}

/** The same, and waits for the pictures that it paints by itself. */
export async function openPainted(page: Page, options: Options = {}): Promise<void> {
  await open(page, options);
  await painted(page);
}

export async function painted(page: Page, options: { timeout?: number } = {}): Promise<void> {
  await expect(page.locator('[data-announcer]')).toHaveText(/painted\.$/, options);
}

export function caption(page: Page): Locator {
  return page.getByLabel('What should it paint?');
}

export function pictures(page: Page): Locator {
  return page.getByRole('button', { name: /^Picture \d+ of \d+/ });
}

export function seed(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Seed' });
}

/** RGBA in the middle of a picture as the page shows it. */
export async function middle(canvas: Locator): Promise<number[]> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const data = element.getContext('2d')?.getImageData(element.width / 2, element.height / 2, 1, 1).data;
    return [...(data ?? [])];
  });
}
