/** Holds the sizes that make the page quick: the first JavaScript and the engine's worker, gzipped. */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KB = 1000;
const LIMITS = { page: 120 * KB, worker: 300 * KB };

const html = readFileSync('dist/index.html', 'utf8');
const first = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, path]) => `dist/${path}`);
const assets = readdirSync('dist/assets').map((name) => `dist/assets/${name}`);
const workers = assets.filter((path) => /\/worker-[^/]*\.js$/.test(path));

const sizes = { page: zipped(first), worker: Math.max(0, ...workers.map((path) => zipped([path]))) };
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
