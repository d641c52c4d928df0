/** One engine a run: a model on a device, and whatever befalls the device on the way. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createNodeHost } from '../engine/node.ts';
import type { Input, LoadedModel, Output, Report, TaskName } from '../engine/protocol.ts';
import { readFileSource } from '../engine/weights/disk.ts';
import { cardPathOf, checkCard, type ModelEntry } from '../engine/weights/manifest.ts';
import { LimnError, type Failure } from '../failure.ts';
import { defaultRecipe, MAX_TRUNCATION } from '../recipe.ts';
import { backendOf } from './options.ts';

export interface Engine {
  readonly loaded: LoadedModel;
  readonly architecture: string | undefined;
  /** Edges in pixels of the pictures that it paints. */
  readonly sizes: readonly number[];
  /** How far z strays where nobody says: as the model's card has it, with which the tab begins, too. */
  readonly truncation: number;
  /** Edge in pixels of the pictures that a part of the model reads: 'style' (the style encoder) or 'stream' (the mirror). */
  reads(part: 'style' | 'stream'): number;
  /** As the host's; throws what befell the device in the meantime, too. */
  call<T extends TaskName>(task: T, input: Input<T>, report?: (report: Report<T>) => void): Promise<Output<T>>;
}

export async function openEngine(
  options: {
    readonly model: string;
    readonly models: string;
    readonly backend: string;
    /** A folder for runs of training. */
    readonly store?: string;
  },
  signal: AbortSignal,
): Promise<Engine> {
  const { model, models, store } = options;
  const backend = backendOf(options.backend);
  let trouble: Failure | undefined;
  const host = await createNodeHost(models, (failure) => (trouble ??= failure), {
    gpu: backend === 'webgpu' || backend === 'auto',
    ...(store !== undefined && { store }),
  });
  const call: Engine['call'] = async (task, input, report = () => undefined) => {
    const output = await host(task, input, { signal, report });
    if (trouble) throw new LimnError(trouble);
    return output;
  };
  const loaded = await call('load', { model, backend });
  const { models: entries } = await readFileSource(models).manifest(signal);
  const entry = entries.find(({ id }) => id === model);
  return {
    loaded,
    architecture: entry?.architecture,
    sizes: entry?.sizes ?? [],
    truncation: entry ? await strayOf(models, entry) : defaultRecipe().truncation,
    call,
    reads(part) {
      const config = entry?.config[part];
      const size = typeof config === 'object' && config !== null && 'size' in config ? config.size : undefined;
      // Where there is no such part, or a false one, the engine says so; here any size of the model will do.
      return entry?.sizes.find((edge) => edge === size) ?? Math.max(1, ...(entry?.sizes ?? []));
    },
  };
}

async function strayOf(models: string, entry: ModelEntry): Promise<number> {
  const path = cardPathOf(entry);
  try {
    const card = checkCard(JSON.parse(await readFile(join(models, path), 'utf8')), path);
    return Math.min(card.defaultTruncation, MAX_TRUNCATION);
  } catch {
    // Painting does without a card, here as in the tab.
    return defaultRecipe().truncation;
  }
}
