#!/usr/bin/env node
/**
 * Runs a TypeScript entry under Node: `node bin/run.js tests/bench/bench.ts --flag`. esbuild bundles it, libraries
 * included, into node_modules/.cache/limn; the next run of unchanged sources starts from there. No network, nothing
 * on standard output but what the entry prints.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** tfjs in its CommonJS parts wants these three, which ES modules lack. */
const BANNER = [
  "import { createRequire as limnRequire } from 'node:module';",
  "import { fileURLToPath as limnPath } from 'node:url';",
  'const require = limnRequire(import.meta.url);',
  "const __filename = limnPath(import.meta.url), __dirname = limnPath(new URL('.', import.meta.url));",
].join('\n');

/** @param {string} entry a path, relative to the repository; runs it with `args` as its command line */
export async function run(entry, args = process.argv.slice(3)) {
  const file = resolve(ROOT, entry);
  const bundle = await bundled(file);
  process.argv = [process.argv[0] ?? 'node', file, ...args];
  await import(pathToFileURL(bundle).href);
}

/** @param {string} file @returns {Promise<string>} the bundle's path */
export async function bundled(file) {
  const name = `${basename(file, '.ts')}-${createHash('sha256').update(file).digest('hex').slice(0, 8)}`;
  const cache =
    writable(join(ROOT, 'node_modules', '.cache', 'limn')) ?? join(tmpdir(), `limn-${process.getuid?.() ?? 0}`);
  const out = join(cache, `${name}.mjs`);
  const stampFile = `${out}.json`;
  try {
    /** @type {Record<string, string>} */
    const stamps = JSON.parse(readFileSync(stampFile, 'utf8'));
    if (Object.entries(stamps).every(([path, known]) => stamp(path) === known)) return out;
  } catch {
    // No bundle yet, or a source is gone: build.
  }
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [file],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // ES modules first, so that one copy of each tfjs part is bundled and what is unused falls away.
    mainFields: ['module', 'main'],
    external: ['webgpu', 'onnxruntime-web', 'onnxruntime-web/*', '@playwright/test', 'esbuild'],
    banner: { js: BANNER },
    logLevel: 'error',
    plugins: [ownUrls],
  });
  const inputs = [...Object.keys(result.metafile.inputs), 'package-lock.json', fileURLToPath(import.meta.url)];
  /** @type {Record<string, string>} */
  const stamps = {};
  for (const input of inputs) {
    const path = resolve(ROOT, input.replace(/^[a-z-]+:/, ''));
    stamps[path] = stamp(path);
  }
  // Two runs at once may both build: each writes aside and renames, so neither reads half a file.
  write(out, result.outputFiles[0]?.text ?? '');
  write(stampFile, JSON.stringify(stamps));
  return out;
}

/**
 * `import.meta.url` keeps meaning the source file, not the bundle, so that paths beside it hold; and Vite's `x?url`
 * is a file URL here.
 * @type {import('esbuild').Plugin}
 */
const ownUrls = {
  name: 'limn-own-urls',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      const source = readFileSync(path, 'utf8');
      return { contents: source.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' };
    });
    build.onResolve({ filter: /\?url$/ }, async ({ path, resolveDir, kind }) => {
      const found = await build.resolve(path.replace(/\?url$/, ''), { resolveDir, kind });
      return { path: found.path, namespace: 'url', errors: found.errors };
    });
    build.onLoad({ filter: /.*/, namespace: 'url' }, ({ path }) => ({
      contents: `export default ${JSON.stringify(pathToFileURL(path).href)};`,
      loader: 'js',
    }));
  },
};

/** @param {string} path */
function stamp(path) {
  const { mtimeMs, size } = statSync(path);
  return `${mtimeMs} ${size}`;
}

/** @param {string} path @param {string} text */
function write(path, text) {
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, text);
  renameSync(aside, path);
}

/** @param {string} folder */
function writable(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, '.writable');
    writeFileSync(probe, '');
    return folder;
  } catch {
    return null;
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await run(process.argv[2] ?? '');
