/**
 * Everything that CI runs, in one go: format, types, lint, unit and golden tests, build and its sizes, browser tests,
 * Python tests where torch is. The last line is `N passed, N failed`; the exit code says the same. A step that holds
 * no tests of its own (types, lint, …) counts as one. `node scripts/test.mjs unit e2e` runs those steps only.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium, installChromium, NO_CHROMIUM } from './chromium.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, note?: string }} Outcome */

const reports = mkdtempSync(join(tmpdir(), 'limn-test-'));
const python = process.env['PYTHON'] ?? 'python3';

/** @type {[name: string, step: () => Outcome][]} */
const STEPS = [
  ['format', () => whole('prettier', '--check', '--log-level', 'warn', '.')],
  ['types', types],
  ['lint', () => whole('eslint', '--max-warnings', '0', '.')],
  ['unit', unit],
  ['build', build],
  ['sizes', () => outcome(start(process.execPath, ['scripts/sizes.mjs']))],
  ['e2e', browser],
  ['python', pythonTests],
];

const wanted = process.argv.slice(2);
const steps = wanted.length === 0 ? STEPS : STEPS.filter(([name]) => wanted.includes(name));
const unknown = wanted.filter((name) => !STEPS.some(([known]) => known === name));
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. There are: ${STEPS.map(([name]) => name).join(', ')}.`);
  process.exit(2);
}

/** @type {[name: string, seconds: number, outcome: Outcome][]} */
const done = [];
for (const [name, step] of steps) {
  console.log(`\n— ${name}`);
  const began = performance.now();
  const result = step();
  done.push([name, (performance.now() - began) / 1000, result]);
}
rmSync(reports, { recursive: true, force: true });

console.log('');
for (const [name, seconds, { passed, failed, skipped, note }] of done) {
  const parts = [
    `${passed} passed`,
    `${failed} failed`,
    ...(skipped ? [`${skipped} skipped`] : []),
    ...(note ? [note] : []),
  ];
  console.log(`${name.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${parts.join(', ')}`);
}
const failed = done.reduce((sum, [, , result]) => sum + result.failed, 0);
console.log(`${done.reduce((sum, [, , result]) => sum + result.passed, 0)} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Both projects: the second has neither a page nor a network (tsconfig.models.json). */
function types() {
  const all = [whole('tsc', '-p', 'tsconfig.json'), whole('tsc', '-p', 'tsconfig.models.json')];
  return {
    passed: all.filter((o) => o.failed === 0).length,
    failed: all.filter((o) => o.failed > 0).length,
    skipped: 0,
  };
}

/** From nothing, so that the steps after it cannot pass on an older build. */
function build() {
  rmSync('dist', { recursive: true, force: true });
  return whole('vite', 'build', '--logLevel', 'warn');
}

/** @returns {Outcome} */
function unit() {
  const report = join(reports, 'unit.json');
  const ok = bin('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile=${report}`]);
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0 } = read(report);
  return counted(ok, numPassedTests, numFailedTests, numPendingTests);
}

/** @returns {Outcome} */
function browser() {
  if (!existsSync('dist/index.html')) return { passed: 0, failed: 1, skipped: 0, note: 'nothing built' };
  const chromium = findChromium() ?? installChromium();
  if (!chromium) {
    console.error(NO_CHROMIUM);
    return { passed: 0, failed: 1, skipped: 0, note: 'no Chromium' };
  }
  console.log(`In ${chromium}`);
  const report = join(reports, 'e2e.json');
  const ok = bin('playwright', ['test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_NAME: report });
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = read(report).stats ?? {};
  return counted(ok, expected, unexpected + flaky, skipped);
}

/** @returns {Outcome} */
function pythonTests() {
  const has = (/** @type {string} */ module) =>
    spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0;
  if (!has('torch') || !has('pytest')) {
    const note = 'not run: torch or pytest is not installed (see training/README.md)';
    console.log(note);
    return { passed: 0, failed: 0, skipped: 0, note };
  }
  const ruff = spawnSync('ruff', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!ruff) console.log('ruff is not installed: the Python sources are not linted.');
  const lint = ruff
    ? outcome(start('ruff', ['check', 'training']) && start('ruff', ['format', '--check', 'training']))
    : null;
  const report = join(reports, 'python.xml');
  const ok = start(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `--junitxml=${report}`], {}, 'training');
  const totals = existsSync(report) ? readFileSync(report, 'utf8') : '';
  const number = (/** @type {string} */ name) =>
    Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(totals)?.[1] ?? 0);
  const bad = number('failures') + number('errors');
  const tests = counted(ok, number('tests') - bad - number('skipped'), bad, number('skipped'));
  return { ...tests, passed: tests.passed + (lint?.passed ?? 0), failed: tests.failed + (lint?.failed ?? 0) };
}

/** A step that failed without a failed test (a file that does not load, a server that does not start) is one failure.
 * @param {boolean} ok @param {number} passed @param {number} failed @param {number} skipped @returns {Outcome} */
function counted(ok, passed, failed, skipped) {
  return { passed, failed: ok ? failed : Math.max(1, failed), skipped };
}

/** @param {boolean} ok @returns {Outcome} */
function outcome(ok) {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** A tool that passes or fails as a whole. @param {string} name @param {string[]} args */
function whole(name, ...args) {
  return outcome(bin(name, args));
}

/** @param {string} name one of node_modules/.bin @param {string[]} args @param {Record<string, string>} [env] */
function bin(name, args, env) {
  return start(join('node_modules', '.bin', name), args, env);
}

/** @param {string} program @param {string[]} args @param {Record<string, string>} [env] @param {string} [cwd] */
function start(program, args, env = {}, cwd = '.') {
  const { status, error } = spawnSync(program, args, {
    stdio: 'inherit',
    cwd,
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  if (error) console.error(error.message);
  return status === 0;
}

/** @param {string} file @returns {any} */
function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}
