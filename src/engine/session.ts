/** What a worker holds between tasks: one device, and the models that were loaded on it. */
import { backend, env, memory, tidy, tile, type KernelBackend } from '@tensorflow/tfjs-core';
import { LimnError } from '../failure.ts';
import { openDevice, type OnTrouble } from './backend.ts';
import { architectureOf, type Painter } from './catalogue.ts';
import type { Part, PartKind } from './parts/part.ts';
import type { Platform } from './platform.ts';
import type { BackendName, Device, LoadedModel, LoadProgress } from './protocol.ts';
import { rememberSentences, type Sentences } from './sentences.ts';
import { paintPixels, paintTensors } from './tasks/pixels.ts';
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

/** Pictures in a full batch. With 1 the only batch sizes there are, so that tfjs' buffer pool, keyed by size, stays. */
export const BATCH = 4;
/** Milliseconds. Slower than this, a picture at a time is what a person wants to see. */
const SLOW_PICTURE = 100;
const WARM_UP = 'a flower';

export function createSession(platform: Platform, source: WeightSource, onTrouble: OnTrouble): Session {
  let device: Promise<Device> | undefined;
  const models = new Map<string, Loaded>();
  const parts = new Map<string, Map<PartKind<Part>, Part>>();

  const opened = (choice: BackendName | 'auto'): Promise<Device> =>
    (device ??= openDevice(choice, platform, onTrouble).catch((error: unknown) => {
      device = undefined;
      throw error;
    }));

  return {
    device: opened,

    async load(id, choice, { signal, report }) {
      const known = models.get(id);
      if (known) return known;
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

    unload(id) {
      const before = memory().numBytes;
      const loaded = models.get(id);
      loaded?.sentences.dispose();
      loaded?.painter.dispose();
      models.delete(id);
      for (const part of parts.get(id)?.values() ?? []) part.dispose();
      parts.delete(id);
      return before - memory().numBytes;
    },
  };
}

/** tfjs' own types leave this out. */
interface ParallelCompiler {
  checkCompileCompletionAsync(): Promise<void>;
}

/**
 * Paints with the real shapes, so that no shader is compiled while a person waits; on webgpu all of them are compiled
 * side by side first → the batch that suits this device
 */
async function warmUp(painter: Painter, name: BackendName, now: () => number): Promise<number> {
  const size = Math.max(...painter.sizes);
  // Ones, since zeros could hide a broken kernel behind a sound bias.
  const z = (count: number): Float32Array => new Float32Array(count * painter.zLength).fill(1);
  const paint = async (count: number): Promise<number> => {
    const begun = now();
    const sentences = tidy(() => tile(painter.read(WARM_UP), [count, 1]));
    try {
      await paintPixels(painter, sentences, z(count), size);
    } finally {
      sentences.dispose();
    }
    return now() - begun;
  };
  if (name === 'webgpu') {
    env().set('WEBGPU_ENGINE_COMPILE_ONLY', true);
    try {
      tidy(() => {
        const sentence = painter.read(WARM_UP);
        for (const count of [1, BATCH]) paintTensors(painter, tile(sentence, [count, 1]), z(count), size);
      });
      await (backend() as KernelBackend & ParallelCompiler).checkCompileCompletionAsync();
    } finally {
      env().set('WEBGPU_ENGINE_COMPILE_ONLY', false);
    }
  }
  // The first picture pays for uploads and packing, so the second one tells the pace.
  if ((await paint(1)) > 10 * SLOW_PICTURE || (await paint(1)) > SLOW_PICTURE) return 1;
  await paint(BATCH);
  return BATCH;
}
