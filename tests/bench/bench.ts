/**
 * `npm run bench`: speed and memory as JSON on standard output. Figures of one run compare with each other, not with
 * another machine's or another day's.
 *
 *   --quick       fewer repeats, no plain JavaScript, no leak check
 *   --no-browser  Node alone
 *   --against DIR another export of the same models (float16, say): how far apart what they paint is
 *   --teaching    nothing but steps of fine-tuning in Chromium, on --backends wasm,webgl,webgpu or some of them, with
 *                 --limit seconds for each batch
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchBrowser } from './browser.ts';
import { benchAgainstOnnxruntime, benchNode } from './node.ts';
import { compareStorage } from './storage.ts';
import { benchTeachingPages, LIMIT, TEACHING_BACKENDS } from './teaching-pages.ts';

const MODELS = fileURLToPath(new URL('../../public/models', import.meta.url));

// Libraries greet on console.log; standard output is for the figures.
console.log = console.info = console.error;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    browser: { type: 'boolean', default: true },
    models: { type: 'string', default: MODELS },
    against: { type: 'string' },
    teaching: { type: 'boolean', default: false },
    backends: { type: 'string', default: TEACHING_BACKENDS.join() },
    limit: { type: 'string', default: String(LIMIT) },
  },
  allowNegative: true,
});

interface ManifestFiles {
  readonly models: readonly { readonly id: string; readonly files: readonly { role: string; bytes: number }[] }[];
}
const manifest = JSON.parse(readFileSync(`${values.models}/manifest.json`, 'utf8')) as ManifestFiles;
const files = manifest.models.find(({ id }) => id === 'flowers')?.files ?? [];

const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
if (values.teaching) {
  const wanted = values.backends.split(',');
  const backends = TEACHING_BACKENDS.filter((name) => wanted.includes(name));
  const teaching = await benchTeachingPages(backends, values.quick, Number(values.limit));
  process.stdout.write(`${JSON.stringify({ machine, teaching }, null, 1)}\n`);
  process.exit();
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
say('the engine under Node …');
const node = await benchNode(values.models, values.quick);
say('beside onnxruntime-web …');
const comparison = await benchAgainstOnnxruntime(values.models, values.quick);
const storage = values.against === undefined ? undefined : await compareStorage(values.models, values.against);
say(values.browser ? 'in Chromium …' : 'no browser');
const browser = values.browser ? await benchBrowser(values.models, values.quick) : undefined;

const weightBytes = Object.fromEntries(files.map(({ role, bytes }) => [role, bytes]));
const figures = { machine, weightBytes, storage, node, comparison, browser };
// Dawn, where it is installed, would keep the process.
process.stdout.write(`${JSON.stringify(figures, null, 1)}\n`, () => process.exit());
