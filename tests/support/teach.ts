/** Runs of training over the fixture model, or another. */
import { createHost, type Host } from '../../src/engine/host.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import type { Report } from '../../src/engine/protocol.ts';
import type { Point, Sheet } from '../../src/engine/protocol-teaching.ts';
import { memoryStore, type Store } from '../../src/engine/store/store.ts';
import { readFileSource } from '../../src/engine/weights/disk.ts';
import type { WeightSource } from '../../src/engine/weights/source.ts';
import { FIXTURES, quiet } from './engine.ts';

export interface Teaching {
  readonly host: Host;
  readonly store: Store;
}

export async function teaching(
  store: Store = memoryStore(),
  source: WeightSource = readFileSource(FIXTURES),
  model = 'tiny',
): Promise<Teaching> {
  const platform = await nodePlatform({ gpu: false });
  const host = createHost(platform, source, () => undefined, () => Promise.resolve(store)); // prettier-ignore
  await host('load', { model, backend: 'wasm' }, quiet());
  return { host, store };
}

export interface Heard {
  readonly points: Point[];
  readonly sheets: Sheet[];
  readonly checkpoints: number[];
  /** What was kept after each of them. */
  readonly kept: (readonly number[])[];
}

/** What a training reports, sorted by kind; `hear` hears it, too. */
export function listener(hear: (report: Report<'train'>) => void = () => undefined) {
  const heard: Heard = { points: [], sheets: [], checkpoints: [], kept: [] };
  const report = (one: Report<'train'>): void => {
    if (one.stage === 'point') heard.points.push(one.point);
    if (one.stage === 'sheet') heard.sheets.push(one);
    if (one.stage === 'checkpoint') {
      heard.checkpoints.push(one.step);
      heard.kept.push(one.checkpoints);
    }
    hear(one);
  };
  return { heard, report };
}
