import { readFileSync } from 'node:fs';
import { removeBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDevice } from '../../src/engine/backend.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import { GOLDEN } from '../support/golden-names.ts';
import { runGolden } from '../support/golden.ts';

/** webgpu and webgl run the same body in Chromium: tests/e2e/golden.spec.ts. */
const TOLERANCE = { wasm: 1e-4, cpu: 1e-4 } as const;

describe.each(['wasm', 'cpu'] as const)('golden files of PyTorch on %s', (backend) => {
  beforeAll(async () => {
    const device = await openDevice(backend, await nodePlatform({ gpu: false }), () => undefined);
    expect(device.backend).toBe(backend);
  });
  afterAll(() => removeBackend(backend));

  it.each(GOLDEN)('%s', async (name) => {
    const file = (ending: string) => readFileSync(new URL(`../golden/${name}.${ending}`, import.meta.url));
    const config: unknown = JSON.parse(file('json').toString());
    const deviations = await runGolden(name, new Uint8Array(file('safetensors')), config);
    expect(deviations.length).toBeGreaterThan(1);
    for (const { what, relative } of deviations) expect(relative, what).toBeLessThan(TOLERANCE[backend]);
  });
});
