/** What holds of every state of the page: nothing for axe, light and dark, and nothing to scroll sideways. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export async function expectNothingForAxe(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((n) => n.html) }))).toEqual([]);
  }
}

/** How many pixels of the page lie beyond its width. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

export async function expectNothingSideways(page: Page, widths: readonly number[], height: number): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height });
    expect(await sideways(page), `at ${width}`).toBe(0);
  }
}
