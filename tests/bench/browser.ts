/**
 * The built app in Chromium: a first visit with an empty cache, a second one, a click; on each backend that the
 * browser has. And the same generator on onnxruntime-web's webgpu backend, in a page of its own.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import type { BackendName } from '../../src/engine/protocol.ts';
import type { Comparison } from './generators.ts';
import { round } from './measure.ts';
import type { MirrorFigures } from './mirror.ts';
import { ADDRESS, gaveUp, inChromium, inPage, pageScript, within, type GaveUp } from './pages.ts';
import type { CascadeFigures } from './stages.ts';
import { TEACHING_BACKENDS, teachingIn } from './teaching-pages.ts';

/** Seconds for a row that runs in a page of its own: software that plays a GPU may not come back for hours. */
const LIMIT = 600;

export async function benchBrowser(models: string, quick: boolean): Promise<unknown> {
  const figures = await inChromium(async (browser) => {
    const backends = [];
    for (const backend of ['webgpu', 'webgl', 'wasm'] as const) backends.push(await visits(browser, backend));
    return { chromium: browser.version(), backends, ...(await inPages(browser, models, quick)) };
  });
  return figures ?? { skipped: 'no Chromium was found' };
}

/** Page opened → pictures on the screen, in milliseconds. */
async function untilPainted(page: Page): Promise<number> {
  const begun = performance.now();
  await page.goto(ADDRESS);
  await page.locator('[data-announcer]', { hasText: /painted\.$/ }).waitFor({ timeout: 400_000, state: 'attached' });
  return performance.now() - begun;
}

async function visits(browser: Browser, backend: BackendName) {
  const context = await browser.newContext();
  try {
    await context.addInitScript(insistOn, backend);
    const page = await context.newPage();
    // What crosses the wire, the worker's share included: bodies as they are sent, headers left out.
    const sizes: Promise<number>[] = [];
    page.on('requestfinished', (request) =>
      sizes.push(
        request.sizes().then(
          ({ responseBodySize }) => responseBodySize,
          () => 0,
        ),
      ),
    );
    const cold = await untilPainted(page);
    const downloaded = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    const warm = await untilPainted(page);
    const device = (await page.getByRole('button', { name: /^Device: / }).textContent()) ?? '';
    const click = await clickToPicture(page);
    return {
      backend,
      device,
      firstVisitMs: round(cold, 0),
      secondVisitMs: round(warm, 0),
      clickToFirstPictureMs: round(click),
      bytesToFirstPicture: downloaded,
    };
  } catch (error) {
    return { backend, ...gaveUp(error) };
  } finally {
    await context.close();
  }
}

/** In the page: every load asks for this backend, as if a person had chosen it before the first visit. */
function insistOn(backend: BackendName): void {
  interface Message {
    readonly task?: string;
    readonly input?: object;
  }
  const post = Object.getOwnPropertyDescriptor(Worker.prototype, 'postMessage')?.value as (message: Message) => void;
  Worker.prototype.postMessage = function (this: Worker, message: Message): void {
    const isLoad = message.task === 'load';
    post.call(this, isLoad ? { ...message, input: { ...message.input, backend } } : message);
  };
}

async function clickToPicture(page: Page): Promise<number> {
  await page.getByRole('radio', { name: '1', exact: true }).check({ force: true });
  return page.evaluate(async () => {
    const button = [...document.querySelectorAll('button')].find((b) => /^paint/i.test(b.textContent ?? ''));
    const announcer = document.querySelector('[data-announcer]');
    if (!button || !announcer) throw new Error('the page has no Paint button');
    const begun = performance.now();
    const painted = new Promise<number>((resolve) => {
      const look = new MutationObserver(() => {
        if (/painted\.$/.test(announcer.textContent ?? '')) resolve(performance.now() - begun);
      });
      look.observe(announcer, { childList: true, characterData: true, subtree: true });
    });
    button.click();
    return painted;
  });
}

type Gpu = 'webgpu' | 'webgl';
/** Each for itself: what fails or takes too long costs none of the others. */
type Row<T> = T | GaveUp;
type Each<T> = Record<Gpu, Row<T>>;
interface Figures {
  readonly againstOnnxruntime: Row<Comparison[]>;
  readonly inversionStepMs: Each<number>;
  readonly mirror: Each<MirrorFigures>;
  readonly mirrorGan: Each<CascadeFigures>;
  readonly teaching: Record<string, unknown>;
}

/** In pages of their own: the generator on both engines' webgpu backends, taken in turn; steps of z; the mirror; MirrorGAN; teaching. */
async function inPages(browser: Browser, models: string, quick: boolean): Promise<Figures> {
  const script = await pageScript();
  const { models: listed } = JSON.parse(readFileSync(join(models, 'manifest.json'), 'utf8')) as {
    models: { id: string; config: { generator: unknown }; files: { role: string; path: string }[] }[];
  };
  const entry = listed.find(({ id }) => id === 'flowers');
  const file = entry?.files.find(({ role }) => role === 'generator');
  const weights = readFileSync(join(models, file?.path ?? '')).toString('base64');
  const generator = [weights, entry?.config.generator, quick] as const;
  const row = <T>(ask: (page: Page) => Promise<T>): Promise<Row<T>> =>
    inPage(browser, script, (page) => within(ask(page), LIMIT)).catch(gaveUp);
  const each = async <T>(ask: (page: Page, backend: Gpu) => Promise<T>): Promise<Each<T>> => ({
    webgpu: await row((page) => ask(page, 'webgpu')),
    webgl: await row((page) => ask(page, 'webgl')),
  });
  const againstOnnxruntime = await row((page) =>
    page.evaluate((g) => (globalThis as unknown as BenchPage).compareOnWebGpu(...g), generator),
  );
  const inversionStepMs = await each((page, backend) =>
    page.evaluate(([b, ...g]) => (globalThis as unknown as BenchPage).inversionStep(b, ...g), [
      backend,
      ...generator,
    ] as const),
  );
  const mirror = await each((page, backend) =>
    page.evaluate(([b, q]) => (globalThis as unknown as BenchPage).mirrorOf(b, q), [backend, quick] as const),
  );
  const mirrorGan = await each((page, backend) =>
    page.evaluate(([b, q]) => (globalThis as unknown as BenchPage).stagesOf(b, q), [backend, quick] as const),
  );
  const teaching: Record<string, unknown> = {};
  for (const backend of TEACHING_BACKENDS) {
    teaching[backend] = await teachingIn(browser, script, backend, quick).catch(gaveUp);
  }
  return { againstOnnxruntime, inversionStepMs, mirror, mirrorGan, teaching };
}

interface BenchPage {
  compareOnWebGpu(weights: string, config: unknown, quick: boolean): Promise<Comparison[]>;
  inversionStep(backend: Gpu, weights: string, config: unknown, quick: boolean): Promise<number>;
  mirrorOf(backend: Gpu, quick: boolean): Promise<MirrorFigures>;
  stagesOf(backend: Gpu, quick: boolean): Promise<CascadeFigures>;
}
