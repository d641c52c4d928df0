/** What a worker holds between tasks: one device, and the models that were loaded on it. */
import { memory } from '@tensorflow/tfjs-core';
import { LimnError } from '../failure.ts';
import { openDevice, type OnTrouble } from './backend.ts';
import { architectureOf, type Painter } from './catalogue.ts';
import type { Part, PartKind } from './parts/part.ts';
import type { Platform } from './platform.ts';
import type { BackendName, Device, LoadedModel, LoadProgress } from './protocol.ts';
import { rememberSentences, type Sentences } from './sentences.ts';
import { warmUp } from './warm-up.ts';
import type { ModelEntry } from './weights/manifest.ts';
import type { WeightSource } from './weights/source.ts';

export interface Loaded {
  readonly entry: ModelEntry;
  readonly painter: Painter;
  readonly sentences: Sentences;
  readonly summary: LoadedModel;
  /** Pictures that are painted in one go where so many are wanted; 1 where a picture takes long. */
  readonly batch: number;
}

export interface Session {
  /** What computes; the first call chooses it. */
  device(choice: BackendName | 'auto'): Promise<Device>;
  load(
    id: string,
    choice: BackendName | 'auto',
    options: { signal: AbortSignal; report: (progress: LoadProgress) => void },
  ): Promise<Loaded>;
  /** What a model has beside its painter, fetched on first use. */
  part<T extends Part>(
    kind: PartKind<T>,
    loaded: Loaded,
    options: { signal: AbortSignal; report: (progress: LoadProgress) => void },
  ): Promise<T>;
  /** → bytes that were freed */
  unload(id: string): number;
}

/** Models in memory at once: those that were used last; another is there again within a second, from the cache. */
const MOST_MODELS = 3;

export function createSession(platform: Platform, source: WeightSource, onTrouble: OnTrouble): Session {
  let device: Promise<Device> | undefined;
  const models = new Map<string, Loaded>();
  const parts = new Map<string, Map<PartKind<Part>, Part>>();

  const opened = (choice: BackendName | 'auto'): Promise<Device> =>
    (device ??= openDevice(choice, platform, onTrouble).catch((error: unknown) => {
      device = undefined;
      throw error;
    }));

  function unload(id: string): number {
    const before = memory().numBytes;
    const loaded = models.get(id);
    loaded?.sentences.dispose();
    loaded?.painter.dispose();
    models.delete(id);
    for (const part of parts.get(id)?.values() ?? []) part.dispose();
    parts.delete(id);
    return before - memory().numBytes;
  }

  return {
    device: opened,

    async load(id, choice, { signal, report }) {
      const known = models.get(id);
      if (known && (await source.replaced?.(known.entry))) unload(id);
      else if (known) {
        // The latest stands last, the oldest goes first.
        models.delete(id);
        models.set(id, known);
        return known;
      }
      const begun = platform.now();
      const manifest = await source.manifest(signal);
      const entry = manifest.models.find((model) => model.id === id);
      if (!entry) throw new LimnError({ kind: 'unknown-model', id });
      const architecture = architectureOf(entry);
      let downloadedBytes = 0;
      const downloads = source.files(entry, architecture.roles, {
        signal,
        report: (progress) => {
          downloadedBytes = progress.loaded - progress.cached;
          report({ stage: 'download', ...progress });
        },
      });
      // The device comes up while bytes are on their way.
      const [files, ready] = await Promise.all([downloads, opened(choice)]);
      report({ stage: 'compile' });
      const painter = architecture.open(entry, files, ready.backend);
      try {
        const batch = await warmUp(painter, ready.backend, platform.now);
        const milliseconds = platform.now() - begun;
        const { parameters } = painter;
        const loaded: Loaded = {
          entry,
          painter,
          sentences: rememberSentences(painter),
          batch,
          summary: { id, device: ready, downloadedBytes, parameters, milliseconds },
        };
        models.set(id, loaded);
        // One job runs at a time, and with one model: nobody paints with what goes here.
        const [oldest] = models.keys();
        if (models.size > MOST_MODELS && oldest !== undefined) unload(oldest);
        return loaded;
      } catch (error) {
        painter.dispose();
        throw error;
      }
    },

    async part(kind, { entry, summary }, { signal, report }) {
      const known = parts.get(entry.id)?.get(kind);
      // The map's key is what made the value.
      if (known) return known as ReturnType<typeof kind.open>;
      const has = (role: string): boolean => entry.files.some((file) => file.role === role);
      if (!kind.roles.every(has)) {
        throw new LimnError({ kind: 'bad-weights', file: entry.id, detail: `it comes without a ${kind.name}` });
      }
      const files = await source.files(entry, [...kind.roles, ...(kind.options ?? []).filter(has)], {
        signal,
        report: (progress) => report({ stage: 'download', ...progress }),
      });
      report({ stage: 'compile' });
      const part = kind.open(entry, files, summary.device.backend);
      const ofModel = parts.get(entry.id) ?? new Map<PartKind<Part>, Part>();
      parts.set(entry.id, ofModel.set(kind, part));
      return part;
    },

    unload,
  };
}
