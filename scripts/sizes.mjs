/** Holds the sizes that make the page quick: the first JavaScript, and the engine's worker with all that it may load. */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KB = 1000;
const LIMITS = { page: 120 * KB, worker: 300 * KB };

const html = readFileSync('dist/index.html', 'utf8');
const first = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, path]) => `dist/${path}`);
const assets = readdirSync('dist/assets').map((name) => `dist/assets/${name}`);
// The worker fetches a backend when it picks one; all of them together is the most that it can come to.
// Not the program of the wasm backend's threads, which is an asset and fetched by them.
const rest = assets.filter((path) => path.endsWith('.js') && !first.includes(path) && !path.includes('threaded'));

const sizes = { page: zipped(first), worker: zipped(rest) };
let ok = first.length > 0;
if (!ok) console.error('dist/index.html names no script.');
for (const [name, limit] of /** @type {['page' | 'worker', number][]} */ (Object.entries(LIMITS))) {
  const size = sizes[name];
  if (size > limit) ok = false;
  console.log(
    `${name}: ${(size / KB).toFixed(1)} KB gzip of ${limit / KB} ${size > limit ? 'TOO LARGE' : ''}`.trimEnd(),
  );
}
process.exitCode = ok ? 0 : 1;

/** @param {string[]} files @returns {number} bytes */
function zipped(files) {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
}
