/** Films and sheets on their way to a file: their pictures are painted a few at a time, so that a slider still moves. */
import type { Picture } from '../engine/protocol.ts';
import type { Recipe } from '../recipe.ts';
import { aborted, done, failed, IDLE, running, type Job } from './job.ts';
import type { Get, Set, World } from './store.ts';

/** Pictures of one job: full batches of the engine's. */
const FEW = 8;

export interface ExportProgress {
  readonly stage: 'paint' | 'write';
  readonly done: number;
  readonly total: number;
}

export interface Saved {
  readonly name: string;
  readonly bytes: number;
}

export interface Exported {
  readonly name: string;
  readonly file: Blob;
}

const ENDINGS: Readonly<Record<string, string>> = { 'image/png': 'png', 'video/mp4': 'mp4', 'video/webm': 'webm' };

/** Pictures, in the order of their recipes → a file. Rejects when its signal is aborted. */
export type Write = (
  pictures: readonly Picture[],
  options: { readonly signal: AbortSignal; readonly report: (done: number, total: number) => void },
) => Promise<Blob>;

export interface ExportSlice {
  readonly exporting: Job<ExportProgress, Saved>;
  /** The file, or null where it was cancelled or failed. Another that is under way is cancelled. No ending in `name`. */
  readonly exportFile: (name: string, recipes: readonly Recipe[], write: Write) => Promise<Exported | null>;
  readonly cancelExport: () => void;
}

export function exportSlice(set: Set, get: Get, { engine }: World): ExportSlice {
  let abort: AbortController | null = null;

  async function paint(recipes: readonly Recipe[], signal: AbortSignal): Promise<Picture[]> {
    const pictures: Picture[] = [];
    const total = recipes.length;
    for (let at = 0; at < total; at += FEW) {
      const some = recipes.slice(at, at + FEW);
      const painted: Picture[] = [];
      await engine.call(
        'paint',
        { recipes: some },
        {
          signal,
          report({ index, picture }) {
            if (signal.aborted) return;
            painted[index] = picture;
            set({ exporting: running({ stage: 'paint', done: at + painted.filter(Boolean).length, total }) });
          },
        },
      );
      pictures.push(...painted);
    }
    return pictures;
  }

  return {
    exporting: IDLE,
    async exportFile(name, recipes, write) {
      abort?.abort();
      const controller = new AbortController();
      const { signal } = controller;
      abort = controller;
      const [first] = recipes;
      if (!first) return null;
      set({ exporting: running({ stage: 'paint', done: 0, total: recipes.length }) });
      try {
        await Promise.race([get().load(first.model), aborted(signal)]);
        const pictures = await paint(recipes, signal);
        const report = (done: number, total: number) => {
          if (!signal.aborted) set({ exporting: running({ stage: 'write', done, total }) });
        };
        const file = await Promise.race([write(pictures, { signal, report }), aborted(signal)]);
        if (abort !== controller) return null;
        abort = null;
        const full = `${name}.${ENDINGS[file.type] ?? 'bin'}`;
        set({ exporting: done({ name: full, bytes: file.size }) });
        return { name: full, file };
      } catch (thrown) {
        if (abort !== controller) return null;
        abort = null;
        set({ exporting: signal.aborted ? IDLE : failed(thrown) });
        return null;
      }
    },
    cancelExport() {
      abort?.abort();
    },
  };
}
