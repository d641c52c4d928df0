/** Every model that ships, at every size that it paints: what a person waits for, and what is downloaded for it. */
import type { Host } from '../../src/engine/host.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import type { Manifest } from '../../src/engine/weights/manifest.ts';
import { median, round } from './measure.ts';

export interface ShippedFigures {
  readonly id: string;
  /** Painter and text encoder, as stored. */
  readonly downloadBytes: number;
  readonly loadMs: number;
  /** Milliseconds of one picture among others of its size, by edge. */
  readonly pictureMs: Readonly<Record<number, number>>;
}

const PAINTS = ['generator', 'encoder'];
const CAPTION = 'a young woman with a yellow flower in her hair';
const quiet = { signal: new AbortController().signal, report: (): void => undefined };

/** What was loaded is gone again after it. */
export async function benchShipped(
  host: Host,
  { models }: Manifest,
  backend: BackendName,
  quick: boolean,
): Promise<ShippedFigures[]> {
  const found: ShippedFigures[] = [];
  for (const { id, sizes, files } of models) {
    const { milliseconds } = await host('load', { model: id, backend }, quiet);
    const pictureMs: Record<number, number> = {};
    for (const size of sizes) {
      const recipe = { version: 1, model: id, caption: CAPTION, seed: 3, truncation: 1, size } as const;
      const times: number[] = [];
      // The first one reads the caption, and compiles what this size needs.
      for (let i = 0; i <= (quick ? 3 : 9); i++) {
        const painted = await host('generate', { recipe, count: 1 }, quiet);
        if (i > 0) times.push(painted.milliseconds);
      }
      pictureMs[size] = round(median(times));
    }
    const downloadBytes = files.filter(({ role }) => PAINTS.includes(role)).reduce((sum, { bytes }) => sum + bytes, 0);
    found.push({ id, downloadBytes, loadMs: round(milliseconds, 0), pictureMs });
    await host('unload', { model: id }, quiet);
  }
  return found;
}
