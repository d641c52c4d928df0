import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/chromium.mjs';

/** Another port and another build, for two runs side by side. */
const PORT = Number(process.env['LIMN_PORT'] ?? 4180);
const DIST = process.env['LIMN_DIST'] ?? 'dist';
const executablePath = findChromium();
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
/** Vulkan in software: WebGPU and canvas both work, at about a second a picture. */
const software = [
  '--use-angle=swiftshader',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

const launch = (args: string[]) => ({
  ...(executablePath ? { executablePath } : {}),
  args: ['--headless=new', '--no-sandbox', ...args, ...quiet],
});

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '*.spec.ts',
  // One software GPU, few cores: one page at a time, and no second try that would hide a race.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 120_000,
  expect: { timeout: 60_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://localhost:${PORT}/`,
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    trace: 'off',
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'webgpu', testIgnore: '*.plain.spec.ts', use: { launchOptions: launch(software) } },
    // No GPU flags: `navigator.gpu` exists and `requestAdapter()` answers null.
    { name: 'plain', testMatch: '*.plain.spec.ts', use: { launchOptions: launch([]) } },
  ],
  webServer: {
    command: `npx vite preview --outDir ${DIST} --port ${PORT} --strictPort`,
    url: `http://localhost:${PORT}/`,
    reuseExistingServer: false,
    timeout: 60_000,
  },
});
