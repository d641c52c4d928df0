import { expect, test, type Page } from '@playwright/test';
import { caption, open, openPainted, painted, pictures } from '../support/page.ts';
import { expectNothingForAxe, expectNothingSideways } from '../support/seemly.ts';

/** Every state of the page that looks different. */
const STATES: Record<string, (page: Page) => Promise<void>> = {
  painted: (page) => openPainted(page, { hash: '#v=1&c=a+lemony+flower&s=3&n=4' }),
  fetching: async (page) => {
    await open(page, { worker: { loadStops: 4 } });
    await expect(page.getByText(/Fetching the painter:/)).toBeVisible();
  },
  failed: async (page) => {
    await open(page, { worker: { loadFails: { kind: 'quota', neededBytes: 5e6 } } });
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'bad caption': async (page) => {
    await openPainted(page);
    await caption(page).fill('a flower '.repeat(300));
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'broken link': async (page) => {
    await openPainted(page, { hash: '#v=1&s=NaN' });
    await expect(page.locator('.notice')).toBeVisible();
  },
  earlier: async (page) => {
    await openPainted(page, { hash: '#v=1&c=a+red+flower&n=16' });
    await page.keyboard.press('Control+Enter');
    await painted(page);
    await expect(page.getByRole('region', { name: 'Earlier' })).toBeVisible();
  },
  dialog: async (page) => {
    await openPainted(page);
    await pictures(page).nth(1).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  device: async (page) => {
    await openPainted(page);
    await page.getByRole('button', { name: /^Device:/ }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  models: async (page) => {
    await open(page, { hash: '#models' });
    await expect(page.getByRole('table')).toBeVisible();
  },
};

for (const [name, enter] of Object.entries(STATES)) {
  test(`${name}: nothing for axe, light and dark; no sideways scrolling at 360 and 1024`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await enter(page);
    await expectNothingForAxe(page);
    await expectNothingSideways(page, [360, 1024], 740);
  });
}

for (const [width, height] of [
  [360, 740],
  [768, 1024],
  [1024, 768],
  [1440, 900],
  [2560, 1440],
] as const) {
  test(`${width} × ${height}: pictures fill their grid, and nothing in the header lies on another`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height });
    await openPainted(page);
    for (const count of [1, 4, 9, 16]) {
      await page
        .getByRole('radio', { name: String(count), exact: true })
        .locator('..')
        .click();
      await page.keyboard.press('Control+Enter');
      await expect(pictures(page)).toHaveCount(count);
      const { area, holes, over } = await page.evaluate(() => {
        const area = (e: Element) => e.getBoundingClientRect().width * e.getBoundingClientRect().height;
        const grid = document.querySelector('.pictures') as Element;
        const gap = parseFloat(getComputedStyle(grid).columnGap);
        const places = [...grid.children].map((e) => e.getBoundingClientRect());
        // Each place with its share of the gaps: together they cover the grid.
        const covered = places.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
        const { width, height } = grid.getBoundingClientRect();
        const boxes = [...document.querySelectorAll('.header > :not(.skip, .grow)')]
          .filter((e) => area(e) > 0)
          .map((e) => e.getBoundingClientRect());
        const apart = (a: DOMRect, b: DOMRect) =>
          Math.min(a.right, b.right) - Math.max(a.left, b.left) < 0.5 ||
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) < 0.5;
        const over = boxes.some((box, i) => boxes.slice(0, i).some((other) => !apart(box, other)));
        return { area: area(grid), holes: (width + gap) * (height + gap) - covered, over };
      });
      expect(holes / area, `${count} pictures`).toBeLessThan(0.01);
      expect(over).toBe(false);
    }
  });
}

test('light and dark follow the system until one chooses, and the choice is kept', async ({ page }) => {
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  await openPainted(page);
  const light = await paper();
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await paper();
  expect(dark).not.toBe(light);
  await page.getByRole('button', { name: 'Light colours' }).click();
  expect(await paper()).toBe(light);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Dark colours' })).toBeVisible();
  expect(await paper()).toBe(light);
  await page.getByRole('button', { name: 'Dark colours' }).click();
  expect(await paper()).toBe(dark);
});

test('everything can be reached by Tab, and shows that it was', async ({ page }) => {
  await openPainted(page);
  await page.locator('body').press('Tab');
  const names: string[] = [];
  for (let i = 0; i < 40; i++) {
    const { name, ring } = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const label = element.getAttribute('aria-label') ?? (element.textContent || element.getAttribute('name') || '');
      // A radio button's ring is drawn around its label; the caption's is its line.
      const ringed = [element, element.nextElementSibling, element.parentElement].some(
        (e) => e && (getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e).boxShadow !== 'none'),
      );
      const seed = element.closest('.seed');
      return {
        name: `${element.tagName} ${label.slice(0, 30)}`,
        ring: ringed || (seed !== null && getComputedStyle(seed).outlineStyle !== 'none'),
      };
    });
    if (name.startsWith('BODY')) break;
    expect(ring, name).toBe(true);
    names.push(name);
    await page.keyboard.press('Tab');
  }
  expect(names.some((name) => name.startsWith('TEXTAREA'))).toBe(true);
  expect(names.filter((name) => name.includes('Picture '))).toHaveLength(4);
  expect(names.length).toBeGreaterThan(20);
});

test('reduced motion: nothing shimmers', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, { worker: { loadStops: 2 } });
  await expect(page.locator('.place.waiting').first()).toBeVisible();
  const endless = await page.evaluate(() =>
    document.getAnimations().filter((a) => a.effect?.getTiming().iterations === Infinity && a.playState === 'running'),
  );
  expect(endless).toEqual([]);
});
