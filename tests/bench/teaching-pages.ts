/** What a step of fine-tuning takes in Chromium, backend by backend, and whether its buffers stay as many. */
import type { Browser, Page } from '@playwright/test';
import type { BackendName } from '../../src/engine/protocol.ts';
import { inChromium, inPage, pageScript } from './pages.ts';
import type { StepFigures } from './teaching.ts';

export const TEACHING_BACKENDS = ['wasm', 'webgl', 'webgpu'] as const satisfies readonly BackendName[];
const BATCHES = [2, 4, 8];
/** Seconds for a batch: its warm-up step and those that count, and loading for the first. */
export const LIMIT = 100;

/** A batch that did not come to its end tells the seconds of the steps that it made. */
type Row = StepFigures | { readonly batch: number; readonly gaveUp: string; readonly seconds: readonly number[] };

interface TeachingPage {
  teachingOf(backend: BackendName, batch: number, steps: number): Promise<StepFigures>;
}

/** `npm run bench -- --teaching` */
export async function benchTeachingPages(
  backends: readonly BackendName[],
  quick: boolean,
  limit: number,
): Promise<unknown> {
  const rows = await inChromium(async (browser) => {
    const script = await pageScript();
    const found: Record<string, unknown> = { chromium: browser.version() };
    for (const backend of backends) found[backend] = await teachingIn(browser, script, backend, quick, limit);
    return found;
  });
  return rows ?? { skipped: 'no Chromium was found' };
}

/** Seconds a step by batch; what takes too long ends the backend's rows. */
export function teachingIn(
  browser: Browser,
  script: string,
  backend: BackendName,
  quick: boolean,
  limit = LIMIT,
): Promise<Row[]> {
  return inPage(browser, script, async (page) => {
    const seconds: number[] = [];
    await page.exposeFunction('stepTook', (took: number) => void seconds.push(took));
    const rows: Row[] = [];
    for (const batch of quick ? [4] : BATCHES) {
      seconds.length = 0;
      const row = await within(page, backend, batch, quick ? 2 : 5, limit);
      if ('batch' in row) rows.push(row);
      else {
        rows.push({ batch, gaveUp: row.gaveUp, seconds: [...seconds] });
        break;
      }
    }
    return rows;
  });
}

async function within(
  page: Page,
  backend: BackendName,
  batch: number,
  steps: number,
  limit: number,
): Promise<StepFigures | { readonly gaveUp: string }> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<{ gaveUp: string }>((resolve) => {
    timer = setTimeout(() => resolve({ gaveUp: `more than ${limit} s for ${steps + 1} steps` }), 1000 * limit);
  });
  const asked = page
    .evaluate(([b, n, s]) => (globalThis as unknown as TeachingPage).teachingOf(b, n, s), [backend, batch, steps] as const) // prettier-ignore
    .catch((error: unknown) => ({ gaveUp: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) })); // prettier-ignore
  try {
    return await Promise.race([asked, patience]);
  } finally {
    clearTimeout(timer);
  }
}
