import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/e2e/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two at most: each may hold a wasm backend, and CI machines are small.
    pool: 'forks',
    maxWorkers: 2,
    setupFiles: ['tests/support/seed.ts'],
  },
});
