/**
 * Holds the sizes that make the page quick: its first JavaScript, what rooms fetch when they are entered, the writer of
 * video files that the first saved video fetches, and the engine's worker with all that it may load.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KB = 1000;
const LIMITS = { page: 120 * KB, rooms: 95 * KB, video: 70 * KB, worker: 300 * KB };

/** Another folder than dist/ may be asked about. */
const DIST = process.argv[2] ?? 'dist';

const html = readFileSync(`${DIST}/index.html`, 'utf8');
const first = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, path]) => `${DIST}/${path}`);
const ofPage = reachable(first);
const assets = readdirSync(`${DIST}/assets`).map((name) => `${DIST}/assets/${name}`);
// The worker fetches a backend when it picks one; all of them together is the most that it can come to.
// Not the program of the wasm backend's threads, which is an asset and fetched by them.
const ofWorker = assets.filter((path) => path.endsWith('.js') && !ofPage.includes(path) && !path.includes('threaded'));

const sizes = {
  page: zipped(first),
  rooms: zipped(ofPage.filter((path) => !first.includes(path) && !isVideo(path))),
  video: zipped(ofPage.filter(isVideo)),
  worker: zipped(ofWorker),
};
let ok = first.length > 0;
if (!ok) console.error('dist/index.html names no script.');
for (const [name, limit] of /** @type {[keyof typeof LIMITS, number][]} */ (Object.entries(LIMITS))) {
  const size = sizes[name];
  if (size > limit) ok = false;
  console.log(
    `${name}: ${(size / KB).toFixed(1)} KB gzip of ${limit / KB} ${size > limit ? 'TOO LARGE' : ''}`.trimEnd(),
  );
}
process.exitCode = ok ? 0 : 1;

/** These files and whatever they import, at once or later; workers are worlds of their own. @param {string[]} files */
function reachable(files) {
  const found = [...files];
  for (const file of found) {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/["'`](?:\.\/|assets\/)([\w.-]+\.js)["'`]/g)) {
      const path = `${DIST}/assets/${name}`;
      if (!/\/worker-/.test(path) && existsSync(path) && !found.includes(path)) found.push(path);
    }
  }
  return found;
}

/** @param {string} path the chunk of src/panels/between/video.ts */
function isVideo(path) {
  return /\/video-[^/]*$/.test(path);
}

/** @param {string[]} files @returns {number} bytes */
function zipped(files) {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
}
