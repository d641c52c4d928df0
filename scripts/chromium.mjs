/**
 * Where a Chromium is. The browser tests want the full program, not Playwright's headless shell: only that one has
 * WebGPU on the software adapter.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from '@playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Of the environment (LIMN_CHROMIUM), Playwright's own, then the system's; null where there is none. */
export function findChromium() {
  const named = process.env['LIMN_CHROMIUM'];
  if (named) return starts(named) ? named : null;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const system = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [chromium.executablePath(), ...system, ...MAC].find(starts) ?? null;
}

/** Tries to get one: Playwright's download, else the distribution's package. Answers as `findChromium` does. */
export function installChromium() {
  const playwright = join(createRequire(import.meta.url).resolve('@playwright/test/package.json'), '..', 'cli.js');
  run(process.execPath, [playwright, 'install', 'chromium']);
  const found = findChromium();
  if (found) return found;
  for (const prefix of process.getuid?.() === 0 ? [[]] : [['sudo', '-n']]) {
    const apt = [...prefix, 'apt-get'];
    run(apt[0] ?? '', [...apt.slice(1), 'update']);
    run(apt[0] ?? '', [...apt.slice(1), 'install', '-y', '--no-install-recommends', 'chromium']);
  }
  return findChromium();
}

export const NO_CHROMIUM =
  'No Chromium was found and none could be installed: run `npx playwright install --with-deps chromium`, ' +
  'or set LIMN_CHROMIUM to the program.';

/** Being there is not enough: a download without the system's libraries does not run. @param {string} path */
function starts(path) {
  if (!existsSync(path)) return false;
  try {
    execFileSync(path, ['--version', '--no-sandbox', '--headless'], { stdio: 'ignore', timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

/** @param {string} program @param {string[]} args */
function run(program, args) {
  console.log(`> ${program} ${args.join(' ')}`);
  spawnSync(program, args, { stdio: 'inherit', timeout: 300_000 });
}
