/** What a step of fine-tuning takes, and whether five hundred of them leave memory where it was. */
import { memory } from '@tensorflow/tfjs-core';
import type { Host } from '../../src/engine/host.ts';
import { SETTINGS, type TeachSettings } from '../../src/engine/protocol-teaching.ts';
import { examples } from '../support/lesson.ts';
import { round } from './measure.ts';

const quiet = { signal: new AbortController().signal, report: (): void => undefined };

/** Seconds a step, by pictures a step, and of the default batch by what moves. The host's model must have a critic. */
export async function timeTeaching(host: Host, model: string, quick: boolean) {
  const second = async (change: Partial<TeachSettings>): Promise<number> => {
    const found = await host('rehearse', { model, settings: { ...SETTINGS, ...change } }, quiet);
    return round(found.secondsPerStep, 3);
  };
  const byBatch: Record<number, number> = {};
  for (const batch of quick ? [4] : [2, 4, 8, 16]) byBatch[batch] = await second({ batch });
  if (quick) return { byBatch };
  const byMoves = { 'last-blocks': await second({ moves: 'last-blocks' }), text: await second({ moves: 'text' }) };
  return { byBatch, byMoves };
}

/** On the tests' own tiny model, which the host must have loaded: of each step the same is done, whatever its size. */
export async function benchTeachingLeak(host: Host, steps: number) {
  const settings = { ...SETTINGS, steps, batch: 4, checkpointEvery: steps, sheetEvery: steps };
  const run = await host('begin-run', { name: 'bench', model: 'tiny', examples: examples(8), settings }, quiet);
  const seen: { numTensors: number; numBytes: number }[] = [];
  const report = (one: { readonly stage: string }): void => {
    if (one.stage !== 'point') return;
    const { numTensors, numBytes } = memory();
    seen.push({ numTensors, numBytes });
  };
  await host('train', { run: run.id, until: steps }, { ...quiet, report });
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last) throw new Error('no step was reported');
  return {
    steps,
    tensors: [first.numTensors, last.numTensors],
    bytes: [first.numBytes, last.numBytes],
    flat: first.numTensors === last.numTensors && first.numBytes === last.numBytes,
  };
}
