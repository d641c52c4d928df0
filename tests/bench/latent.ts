/** What a step of inversion takes: paint, compare, go back, move z. */
import { dispose, tensor, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { loadGradients } from '../../src/engine/kernels/register.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import { decodeTensors } from '../../src/engine/weights/decode.ts';
import { parseSafetensors } from '../../src/engine/weights/safetensors.ts';
import { descend, pyramidDistance, type Distance } from '../../src/learn/inversion.ts';
import { accelerated, generate, type GanIntClsConfig } from '../../src/models/gan-int-cls.ts';
import { normal } from '../../src/random.ts';
import { median, round } from './measure.ts';

/** Milliseconds a step at batch 1, the median of `steps`; the backend must be up. */
export async function benchInversion(
  weights: Uint8Array,
  config: GanIntClsConfig,
  backend: BackendName,
  steps: number,
): Promise<number> {
  await loadGradients();
  const decoded = decodeTensors(parseSafetensors(weights, 'generator'), 'generator');
  const plain = new Map([...decoded].map(([k, v]): [string, Tensor] => [k, tensor(v.values, [...v.shape])]));
  const p = backend === 'wasm' || backend === 'cpu' ? accelerated(plain, config) : plain;
  const draw = (seed: number, length: number) => tensor2d(normal(seed, length), [1, length]);
  const start = { z: draw(1, config.z), sentence: draw(2, config.sentence) };
  const target = tidy(() => generate(p, config, { z: draw(3, config.z), sentence: start.sentence }));
  const distance: Distance = (z, sentence) => pyramidDistance(generate(p, config, { z, sentence }), target);
  const times: number[] = [];
  let begun = NaN;
  for await (const { step } of descend(distance, start, { steps: steps + 1 })) {
    // From one loss that is read back to the next; the first step compiles.
    if (step > 1) times.push(performance.now() - begun);
    begun = performance.now();
  }
  dispose([...p.values(), start.z, start.sentence, target]);
  // The last is a picture alone, without a gradient.
  return round(median(times.slice(0, -1)));
}
