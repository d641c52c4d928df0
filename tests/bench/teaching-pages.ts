/** What a step of fine-tuning takes in Chromium, backend by backend, and whether its buffers stay as many. */
import type { Browser } from '@playwright/test';
import type { BackendName } from '../../src/engine/protocol.ts';
import { inChromium, inPage, pageScript, within, type GaveUp } from './pages.ts';
import type { StepFigures } from './teaching.ts';

export const TEACHING_BACKENDS = ['wasm', 'webgl', 'webgpu'] as const satisfies readonly BackendName[];
const BATCHES = [2, 4, 8];
/** Seconds for a batch: its warm-up step and those that count, and loading for the first. */
export const LIMIT = 100;

/** A batch that did not come to its end tells the seconds of the steps that it made. */
type Row = StepFigures | (GaveUp & { readonly batch: number; readonly seconds: readonly number[] });

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
      const steps = quick ? 2 : 5;
      const asked = page.evaluate(([b, n, s]) => (globalThis as unknown as TeachingPage).teachingOf(b, n, s), [
        backend,
        batch,
        steps,
      ] as const);
      const row = await within(asked, limit, ` for ${steps + 1} steps`);
      if ('batch' in row) rows.push(row);
      else {
        rows.push({ batch, gaveUp: row.gaveUp, seconds: [...seconds] });
        break;
      }
    }
    return rows;
  });
}
