/**
 * A worker that speaks the engine's protocol and paints flowers with a compass, for tests of the page: it loads as
 * slowly, paints as slowly and fails as is asked of it. The function below is sent to the browser as text, so it
 * stands alone.
 */
import type { Page } from '@playwright/test';
import type { Failure } from '../../src/failure.ts';
import type { OwnModel, Point, Run, Sheet } from '../../src/engine/protocol-teaching.ts';
import type {
  Device,
  LoadProgress,
  Picture,
  ReadWord,
  Reflection,
  Request,
  Response,
} from '../../src/engine/protocol.ts';

export interface FakeWorkerOptions {
  /** Milliseconds between two reports of loading; there are about ten. */
  readonly loadStep: number;
  /** Milliseconds a picture. */
  readonly paintStep: number;
  /** Loading stops for good after so many reports. */
  readonly loadStops: number | null;
  /** Of each painting only so many pictures come. */
  readonly paintStops: number | null;
  readonly loadFails: Failure | null;
  /** After so many pictures the device is lost: the first worker only, or every one. */
  readonly losesAt: number | null;
  readonly losesAlways: boolean;
  readonly device: Device;
  /** What the mirror reads in every picture. */
  readonly reads: string;
  /** Milliseconds between two reports of the mirror's loading, and that it reads. */
  readonly readStep: number;
  /** Fetching the mirror stops for good after so many reports, until it is cancelled; the next time it does not. */
  readonly readStops: number | null;
  readonly readFails: Failure | null;
  /** A refinement of a style stops for good after so many steps. */
  readonly invertStops: number | null;
  /** Loading and reading fail the first time only. */
  readonly failsOnce: boolean;
  readonly invertFails: Failure | null;
  /** An improvement stops for good after so many steps. */
  readonly improveStops: number | null;
  /** Milliseconds a step of training. */
  readonly trainStep: number;
  /** Training goes astray at this step. */
  readonly divergesAt: number | null;
  /** The first step that a pause wants to keep cannot be kept; the next call can. */
  readonly keepFails: Failure | null;
  readonly rehearseSeconds: number;
  readonly cannotTrain: string | null;
  readonly quotaBytes: number | null;
  readonly importFails: Failure | null;
}

const DEFAULTS: FakeWorkerOptions = {
  loadStep: 0,
  paintStep: 5,
  loadStops: null,
  paintStops: null,
  loadFails: null,
  losesAt: null,
  losesAlways: false,
  device: {
    backend: 'webgpu',
    adapter: 'Compass and Ruler',
    passedOver: [{ backend: 'webgl', reason: 'a test said so' }],
  },
  reads: 'this flower has white petals and a yellow center',
  readStep: 5,
  readStops: null,
  readFails: null,
  invertStops: null,
  failsOnce: false,
  invertFails: null,
  improveStops: null,
  trainStep: 5,
  divergesAt: null,
  keepFails: null,
  rehearseSeconds: 0.2,
  cannotTrain: null,
  quotaBytes: 2e9,
  importFails: null,
};

/** Serves the fake in the place of the engine's worker. */
export async function fakeWorker(page: Page, options: Partial<FakeWorkerOptions> = {}): Promise<void> {
  let started = 0;
  await page.route(/\/assets\/worker-[^/]*\.js$/, (route) => {
    const all = { ...DEFAULTS, ...options };
    const loses = started++ === 0 || all.losesAlways ? all.losesAt : null;
    return route.fulfill({
      contentType: 'text/javascript',
      headers: { 'Cross-Origin-Embedder-Policy': 'require-corp' },
      body: `(${worker.toString()})(${JSON.stringify({ ...all, losesAt: loses })});`,
    });
  });
}

function worker(options: FakeWorkerOptions): void {
  const cancelled = new Set<number>();
  const post = (message: Response) => self.postMessage(message);
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  let queue: Promise<void> = Promise.resolve();
  let chosen: string = options.device.backend;
  let painted = 0;
  let mirrorIsHere = false;
  let mirrorStopped = false;
  let eyeIsHere = false;
  const runs = new Map<string, Run>();
  const examples = new Map<string, Extract<Request, { task: 'begin-run' }>['input']['examples']>();
  const own = new Map<string, OwnModel>();
  let held: Run | null = null;
  let { keepFails, loadFails, readFails } = options;

  function flower({ caption, seed }: Picture['recipe']): Picture['pixels'] {
    const size = 64;
    const data = new Uint8ClampedArray(4 * size * size);
    const colours: [RegExp, [number, number, number]][] = [
      [/white/, [240, 238, 232]],
      [/yellow/, [240, 200, 40]],
      [/purple|violet/, [120, 60, 170]],
      [/red/, [200, 40, 40]],
      [/blue/, [70, 100, 210]],
      [/orange/, [235, 130, 30]],
    ];
    const found = colours.filter(([word]) => word.test(caption)).map(([, colour]) => colour);
    const petal = found[0] ?? [225, 120, 160];
    const centre = found[1] ?? [235, 190, 60];
    const petals = 5 + (seed % 5);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const [dx, dy] = [(x - 31.5 + 4 * Math.sin(seed)) / 30, (y - 31.5 + 4 * Math.cos(seed * 1.7)) / 30];
        const [r, a] = [Math.hypot(dx, dy), Math.atan2(dy, dx)];
        const edge = 0.55 + 0.3 * Math.abs(Math.cos((petals * (a + seed)) / 2));
        const leaf = 40 + 25 * Math.sin(x / 7 + seed) + 20 * Math.cos(y / 5);
        const shade = 0.72 + 0.4 * Math.cos(petals * (a + seed)) * r;
        const colour =
          r < 0.2
            ? centre
            : r < edge
              ? petal.map((v) => v * Math.min(1, shade + 0.25))
              : [leaf * 0.7, leaf + 30, leaf * 0.6];
        for (let c = 0; c < 3; c++) data[4 * (y * size + x) + c] = colour[c] ?? 0;
        data[4 * (y * size + x) + 3] = 255;
      }
    }
    return { width: size, height: size, data };
  }

  /** The colours of both captions mixed, the flower turned towards the other seed. */
  function between({ towards, ...here }: Picture['recipe']): Picture['pixels'] {
    if (!towards) return flower(here);
    const seed = here.seed + ((towards.seed % 100) - here.seed) * towards.noise;
    const [a, b] = [flower({ ...here, seed }), flower({ ...here, caption: towards.caption, seed })];
    return { ...a, data: a.data.map((v, i) => v + ((b.data[i] ?? 0) - v) * towards.text) };
  }

  /** The first task that looks into the mirror fetches it; the first fetching may stop for good. */
  async function fetchMirror(id: number, report: (progress: LoadProgress) => void): Promise<void> {
    const total = 3_409_000;
    for (let step = 0; !mirrorIsHere && step <= 4; step++) {
      report({ stage: 'download', loaded: (total * step) / 4, total, cached: 0 });
      await wait(options.readStep);
      while (step === options.readStops && !mirrorStopped && !cancelled.has(id)) await wait(20);
      if (cancelled.has(id)) mirrorStopped = true;
      if (cancelled.has(id)) return;
    }
    mirrorIsHere = true;
  }

  /** Longer words are rarer, and 'lemony' nobody knows. */
  const likely = (word: string): ReadWord => ({
    word,
    logProbability: word === 'lemony' ? null : -0.1 - Math.max(0, word.length - 3) * 0.4,
  });
  const lossOf = (words: readonly ReadWord[]) => 0.2 - words.reduce((sum, w) => sum + (w.logProbability ?? 0), 0);
  /** Better for a seed that ends in 9. */
  const matchOf = ({ seed }: Picture['recipe']) => ({ loss: 20 - (seed % 10), similarity: 0.1 + (seed % 10) / 20 });

  /** Flowers that turn greyer than paper the further the training goes. */
  function sheetAt(step: number, first: boolean): Sheet {
    const captions = ['a red flower', 'a blue flower with a yellow center', 'a purple flower'];
    const columns = 4;
    const at = (step: number) =>
      captions.flatMap((caption) =>
        Array.from({ length: columns }, (_, i) => flower({ caption, seed: 3 * i + step / 40 } as Picture['recipe'])),
      );
    return { stage: 'sheet', step, captions, columns, pictures: at(step), ...(first && { before: at(0) }) };
  }

  /** Noisy curves that settle. */
  function pointAt(step: number): Point {
    const [fall, wave] = [Math.exp(-step / 60), 0.05 * Math.sin(step * 1.7)];
    return {
      step,
      lossCritic: 0.8 + 0.5 * fall + wave,
      lossGenerator: 0.4 + 1.2 * fall - wave,
      anchor: 0.3 * (1 - fall),
      realRight: Math.min(1, 0.7 + wave),
      fakeRight: Math.min(1, 0.65 - wave),
      wrongRight: Math.min(1, 0.6 + 0.2 * (1 - fall) + wave),
      heldOut: step % 5 === 0 ? 0.4 - 0.2 * fall : null,
      picturesPerSecond: 40,
    };
  }

  async function train(id: number, input: Extract<Request, { task: 'train' }>['input']): Promise<void> {
    const found = held?.id === input.run ? held : runs.get(input.run);
    held = null;
    if (!found) return post({ type: 'failed', id, failure: { kind: 'internal', detail: 'no such run' } });
    let now: Run = { ...found, settings: { ...found.settings, ...input.change } };
    const keep = () => {
      now = { ...now, checkpoints: [...new Set([...now.checkpoints, now.step])], updated: Date.now() };
      runs.set(now.id, now);
    };
    const report = (report: Extract<Extract<Response, { type: 'report' }>, { task: 'train' }>['report']) =>
      post({ type: 'report', id, task: 'train', report });
    report(sheetAt(now.step, true));
    const until = Math.min(input.until, now.settings.steps);
    while (now.step < until) {
      await wait(options.trainStep);
      if (cancelled.has(id)) {
        const failure = keepFails ?? { kind: 'cancelled' };
        if (keepFails) held = now;
        else keep();
        keepFails = null;
        return post({ type: 'failed', id, failure });
      }
      const point = pointAt(now.step + 1);
      now = { ...now, step: point.step, history: [...now.history, point] };
      report({ stage: 'point', point });
      // As it was begun; with other settings it comes through.
      if (point.step === options.divergesAt && !input.change) {
        const back = now.checkpoints.at(-1) ?? 0;
        now = { ...now, step: back, history: now.history.filter(({ step }) => step <= back) };
        runs.set(now.id, now);
        const why = 'The painter’s loss became no number. Try a more careful pace, or keep more of what it knew.';
        const { rate, anchor } = now.settings;
        const advised = { rate: rate / 4, anchor: anchor * 2 };
        return post({
          type: 'done',
          id,
          task: 'train',
          output: { run: now, stopped: 'diverged', why, advised, rolledBackTo: back },
        });
      }
      if (now.step % now.settings.sheetEvery === 0) report(sheetAt(now.step, false));
      if (now.step % now.settings.checkpointEvery === 0) {
        keep();
        report({ stage: 'checkpoint', step: now.step, bytes: 20e6, checkpoints: now.checkpoints });
      }
    }
    keep();
    post({ type: 'done', id, task: 'train', output: { run: now, stopped: 'finished' } });
  }

  /** True where it was one of these tasks. */
  async function teach(request: Extract<Request, { type: 'call' }>): Promise<boolean> {
    const { id } = request;
    switch (request.task) {
      case 'rehearse': {
        await wait(options.readStep);
        if (cancelled.has(id)) {
          post({ type: 'failed', id, failure: { kind: 'cancelled' } });
          return true;
        }
        const seconds = options.rehearseSeconds * (request.input.settings.batch / 8);
        const output = {
          canTrain: options.cannotTrain === null,
          ...(options.cannotTrain !== null && { why: options.cannotTrain }),
          secondsPerStep: seconds,
          parameters: 4_000_000,
          moving: { all: 4_000_000, 'last-blocks': 900_000, text: 260_000 },
          checkpointBytes: 20e6,
          offers:
            seconds * request.input.settings.steps < 1200
              ? []
              : [
                  { change: { batch: 4 }, seconds: (seconds / 2) * request.input.settings.steps },
                  {
                    change: { moves: 'last-blocks' as const, batch: 4 },
                    seconds: (seconds / 4) * request.input.settings.steps,
                  },
                ],
        };
        post({ type: 'done', id, task: 'rehearse', output });
        return true;
      }
      case 'storage': {
        const { quotaBytes } = options;
        post({
          type: 'done',
          id,
          task: 'storage',
          output: { kind: 'opfs', usedBytes: 1e6, quotaBytes, persisted: true },
        });
        return true;
      }
      case 'begin-run': {
        const { name, model, settings } = request.input;
        const run: Run = {
          ...{ id: `run-${runs.size + 1}`, name, parent: model, settings, examples: request.input.examples.length },
          ...{ step: 0, checkpoints: [0], history: [], begun: Date.now(), updated: Date.now() },
        };
        runs.set(run.id, run);
        examples.set(run.id, request.input.examples);
        post({ type: 'done', id, task: 'begin-run', output: run });
        return true;
      }
      case 'train':
        await train(id, request.input);
        return true;
      case 'revert-run': {
        const { run: name, step } = request.input;
        const run = runs.get(name) as Run;
        const back: Run = {
          ...run,
          step,
          checkpoints: run.checkpoints.filter((at) => at <= step),
          history: run.history.filter((point) => point.step <= step),
        };
        runs.set(name, back);
        post({ type: 'done', id, task: 'revert-run', output: back });
        return true;
      }
      case 'paint-checkpoint':
        post({
          type: 'done',
          id,
          task: 'paint-checkpoint',
          output: sheetAt(request.input.step, request.input.step > 0),
        });
        return true;
      case 'runs':
        post({ type: 'done', id, task: 'runs', output: [...runs.values()].reverse() });
        return true;
      case 'run-examples':
        post({ type: 'done', id, task: 'run-examples', output: examples.get(request.input.run) ?? [] });
        return true;
      case 'forget-run':
        runs.delete(request.input.run);
        post({ type: 'done', id, task: 'forget-run', output: { freedBytes: 1 } });
        return true;
      case 'keep-model': {
        const model = ownModel(`my-${own.size + 1}`, request.input.name);
        own.set(model.entry.id, model);
        post({ type: 'done', id, task: 'keep-model', output: model });
        return true;
      }
      case 'own-models':
        post({ type: 'done', id, task: 'own-models', output: [...own.values()] });
        return true;
      case 'forget-model':
        own.delete(request.input.model);
        post({ type: 'done', id, task: 'forget-model', output: { freedBytes: 1 } });
        return true;
      case 'export-model': {
        const bytes = new TextEncoder().encode(JSON.stringify(own.get(request.input.model)));
        const weights = { name: 'weights.safetensors', bytes: new Uint8Array([1, 2, 3]) };
        post({ type: 'done', id, task: 'export-model', output: [{ name: 'manifest.json', bytes }, weights] });
        return true;
      }
      case 'import-model': {
        if (options.importFails) {
          post({ type: 'failed', id, failure: options.importFails });
          return true;
        }
        const model = ownModel(`my-${own.size + 1}`, 'Brought along');
        own.set(model.entry.id, model);
        post({ type: 'done', id, task: 'import-model', output: model });
        return true;
      }
      default:
        return false;
    }
  }

  function ownModel(id: string, name: string): OwnModel {
    const file = (role: string) => ({ role, path: `${id}/${role}.safetensors`, bytes: 1e6, sha256: '0'.repeat(64) });
    return {
      entry: {
        ...{ id, name, architecture: 'gan-int-cls', config: {}, sizes: [64] },
        files: [file('generator'), file('encoder')],
      },
      card: {
        ...{
          name,
          summary: 'Taught here.',
          licence: 'MIT',
          figures: [],
          evaluator: 'nobody',
          bytes: 5e6,
          parameters: 4e6,
        },
        data: { name: '24 pictures', source: 'A person’s own', licence: 'Theirs' },
        training: { recipe: 'A few hundred steps', pictures: 800, parent: 'Flowers' },
        ...{ limits: [], defaultTruncation: 1, examples: ['a paper flower'] },
      },
    };
  }

  async function run(request: Extract<Request, { type: 'call' }>): Promise<void> {
    const { id } = request;
    if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
    if (await teach(request)) return;
    if (request.task === 'load') {
      if (request.input.backend !== 'auto') chosen = request.input.backend;
      const total = 5_400_000;
      for (let step = 0; step <= 8; step++) {
        if (step === options.loadStops) await wait(1e9);
        post({
          type: 'report',
          id,
          task: 'load',
          report: { stage: 'download', loaded: (total * step) / 8, total, cached: 0 },
        });
        await wait(options.loadStep);
      }
      if (loadFails) {
        post({ type: 'failed', id, failure: loadFails });
        if (options.failsOnce) loadFails = null;
        return;
      }
      post({ type: 'report', id, task: 'load', report: { stage: 'compile' } });
      await wait(options.loadStep);
      const device = { ...options.device, backend: chosen as Device['backend'] };
      const output = { id: request.input.model, device, downloadedBytes: total, parameters: 1, milliseconds: 1 };
      return post({ type: 'done', id, task: 'load', output });
    }
    if (request.task === 'generate') {
      const { recipe, count } = request.input;
      for (let index = 0; index < count; index++) {
        await wait(options.paintStep);
        while (index === options.paintStops && !cancelled.has(id)) await wait(20);
        if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
        if (painted++ === options.losesAt) {
          post({ type: 'trouble', failure: { kind: 'device-lost', detail: 'a test took it' } });
          await wait(1e9);
        }
        const mine = { ...recipe, seed: (recipe.seed + index) % 2 ** 32 };
        post({
          type: 'report',
          id,
          task: 'generate',
          report: { index, picture: { recipe: mine, pixels: flower(mine) } },
        });
      }
      return post({
        type: 'done',
        id,
        task: 'generate',
        output: { pictures: count, milliseconds: count * 3.14 },
      });
    }
    if (request.task === 'paint') {
      const { recipes } = request.input;
      for (const [index, recipe] of recipes.entries()) {
        await wait(options.paintStep);
        while (index === options.paintStops && !cancelled.has(id)) await wait(20);
        if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
        if (painted++ === options.losesAt) {
          post({ type: 'trouble', failure: { kind: 'device-lost', detail: 'a test took it' } });
          await wait(1e9);
        }
        // A style turns the flower as another seed would.
        const { z, strength } = recipe.style ?? { z: [0], strength: 0 };
        const seed = recipe.seed * (1 - strength) + (z[0] ?? 0) * strength;
        const picture = { recipe, pixels: between({ ...recipe, seed }) };
        post({ type: 'report', id, task: 'paint', report: { index, picture } });
      }
      const output = { pictures: recipes.length, milliseconds: recipes.length };
      return post({ type: 'done', id, task: 'paint', output });
    }
    if (request.task === 'look') {
      const { recipe } = request.input;
      const words = recipe.caption.split(' ');
      const small = flower(recipe);
      const large = { width: 128, height: 128, data: new Uint8ClampedArray(4 * 128 * 128) };
      for (let i = 0; i < large.data.length; i++) {
        const [pixel, channel] = [Math.floor(i / 4), i % 4];
        const [x, y] = [(pixel % 128) >> 1, Math.floor(pixel / 128) >> 1];
        large.data[i] = small.data[4 * (64 * y + x) + channel] ?? 0;
      }
      // The yellow is in the middle, other colours around it, and what says nothing is heard everywhere.
      const values = new Float32Array(32 * 32 * words.length);
      for (let place = 0; place < 32 * 32; place++) {
        const r = Math.hypot((place % 32) - 15.5, Math.floor(place / 32) - 15.5) / 16;
        const heard = words.map((word) => (word === 'yellow' ? Math.exp(-9 * r * r) : word.length > 4 ? 0.4 * r : 0.1));
        const sum = heard.reduce((all, one) => all + one, 0);
        for (const [i, one] of heard.entries()) values[place * words.length + i] = one / sum;
      }
      for (const [index, pixels] of [small, large].entries()) {
        await wait(options.paintStep);
        while (index === options.paintStops && !cancelled.has(id)) await wait(20);
        if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
        const attention = index > 0 ? { attention: { width: 32, height: 32, values } } : {};
        post({ type: 'report', id, task: 'look', report: { stage: 'picture', index, pixels, ...attention } });
      }
      return post({ type: 'done', id, task: 'look', output: { words, milliseconds: 3 } });
    }
    if (request.task === 'invert') {
      const { pixels, steps } = request.input;
      const total = 1_600_000;
      for (let step = 0; !eyeIsHere && step <= 4; step++) {
        const report: LoadProgress = { stage: 'download', loaded: (total * step) / 4, total, cached: 0 };
        post({ type: 'report', id, task: 'invert', report });
        await wait(options.readStep);
      }
      eyeIsHere = true;
      if (options.invertFails) return post({ type: 'failed', id, failure: options.invertFails });
      /** The picture with its colours dulled: the more, the less was understood. */
      const dulled = (share: number) => {
        const data = pixels.data.map((v, i) => (i % 4 === 3 ? 255 : v + (128 - v) * share));
        const off = pixels.data.reduce((sum, v, i) => sum + (i % 4 === 3 ? 0 : (v - (data[i] ?? 0)) ** 2), 0);
        const distance = Math.sqrt(off / (0.75 * data.length));
        return { pixels: { ...pixels, data }, distance };
      };
      for (let step = 0; steps > 0 && step <= steps; step++) {
        while (step === options.invertStops && !cancelled.has(id)) await wait(20);
        if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
        await wait(options.readStep);
        const share = 0.2 + 0.4 / (1 + step / 10);
        const picture = step % 10 === 0 ? { picture: dulled(share).pixels } : {};
        const report = { stage: 'search' as const, step, steps, loss: share / 3, ...picture };
        post({ type: 'report', id, task: 'invert', report });
      }
      // The middle's colour, in the recipe's steps; a search ends a little beside it.
      const middle = 4 * (32 * pixels.width + 32);
      const z = [0, 1, 2].map((c) => (pixels.data[middle + c] ?? 0) / 64 + (steps > 0 ? 0.25 : 0));
      const [first, found] = [dulled(0.6), dulled(steps > 0 ? 0.2 : 0.6)];
      return post({ type: 'done', id, task: 'invert', output: { z, first, found, milliseconds: 5 } });
    }
    if (request.task === 'mirror') {
      await fetchMirror(id, (report) => post({ type: 'report', id, task: 'mirror', report }));
      await wait(options.readStep);
      if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
      if (readFails) {
        post({ type: 'failed', id, failure: readFails });
        if (options.failsOnce) readFails = null;
        return;
      }
      const { caption } = request.input;
      const words = options.reads.split(' ').map(likely);
      const asked = caption?.split(' ').map(likely);
      const read = new Set(options.reads.split(' '));
      const shared = asked && asked.filter(({ word }) => read.has(word)).length / asked.length;
      const output: Reflection = {
        caption: options.reads,
        words,
        logProbability: -lossOf(words),
        ...(asked &&
          shared !== undefined && {
            asked: {
              words: asked,
              read: asked.length,
              end: -0.2,
              loss: lossOf(asked),
              similarity: shared / 2,
              agreement: shared,
              verdict: shared > 0.6 ? 'agrees' : shared > 0.35 ? 'partly' : 'differs',
            },
          }),
        milliseconds: 12,
      };
      return post({ type: 'done', id, task: 'mirror', output });
    }
    if (request.task === 'rank') {
      const { recipe, count } = request.input;
      await fetchMirror(id, (report) => post({ type: 'report', id, task: 'rank', report }));
      const matches = [];
      for (let index = 0; index < count; index++) {
        await wait(options.paintStep);
        while (index === options.paintStops && !cancelled.has(id)) await wait(20);
        if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
        const mine = { ...recipe, seed: (recipe.seed + index) % 2 ** 32 };
        const match = matchOf(mine);
        matches.push({ index, ...match });
        const picture = { recipe: mine, pixels: flower(mine) };
        post({ type: 'report', id, task: 'rank', report: { stage: 'picture', index, picture, ...match } });
      }
      const order = matches.sort((a, b) => a.loss - b.loss).map(({ index }) => index);
      return post({ type: 'done', id, task: 'rank', output: { order, milliseconds: count } });
    }
    if (request.task === 'improve') {
      const { recipe, steps } = request.input;
      await fetchMirror(id, (report) => post({ type: 'report', id, task: 'improve', report }));
      for (let step = 0; step <= steps; step++) {
        while (step === options.improveStops && !cancelled.has(id)) await wait(20);
        if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
        await wait(options.readStep);
        const loss = 12 + 10 / (step + 1);
        const pixels = step % 5 === 0 ? { picture: flower({ ...recipe, seed: recipe.seed + step / 10 }) } : {};
        post({ type: 'report', id, task: 'improve', report: { stage: 'search', step, steps, loss, ...pixels } });
      }
      const better = { ...recipe, style: { z: [0.5, -0.25, 1], strength: 1 } };
      const output = {
        picture: { recipe: better, pixels: flower({ ...recipe, seed: recipe.seed + 2 }) },
        before: { picture: { recipe, pixels: flower(recipe) }, loss: 22 },
        loss: 12 + 10 / (steps + 1),
        milliseconds: steps,
      };
      return post({ type: 'done', id, task: 'improve', output });
    }
  }

  self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
    if (data.type === 'cancel') cancelled.add(data.id);
    else queue = queue.then(() => run(data));
  });
}
