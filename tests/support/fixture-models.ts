/** The tests' own models with real weights, small enough for a software adapter. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

export async function fixtureModels(page: Page): Promise<void> {
  await page.route(/\/models\//, (route) => {
    const path = new URL(route.request().url()).pathname.split('/models/')[1] ?? '';
    const file = join('tests/fixtures/models', path);
    return existsSync(file) ? route.fulfill({ body: readFileSync(file) }) : route.fulfill({ status: 404 });
  });
}
