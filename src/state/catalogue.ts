/** Which models there are, and what each card says. */
import {
  checkCard,
  checkManifest,
  type Manifest,
  type ModelCard,
  type ModelEntry,
} from '../engine/weights/manifest.ts';
import { parseVocabulary } from '../text/vocabulary.ts';
import { done, failed, IDLE, running, type Job } from './job.ts';
import type { Get, Set, World } from './store.ts';

export type Card = ModelCard;
export type Figure = ModelCard['figures'][number];
export type Model = ModelEntry;

const FOLDER = 'models/';

export interface CatalogueSlice {
  readonly catalogue: Job<null, Manifest>;
  readonly cards: Readonly<Record<string, Job<null, Card>>>;
  /** Words that a model saw in training, by model; absent where it names none. */
  readonly vocabularies: Readonly<Record<string, ReadonlySet<string>>>;
  readonly fetchCatalogue: () => Promise<void>;
  /** The model's card and words; a second call does nothing unless the first failed. */
  readonly fetchCard: (id: string) => Promise<void>;
}

export function catalogueSlice(set: Set, get: Get, { fetchJson }: World): CatalogueSlice {
  async function fetchVocabulary(model: Model) {
    const file = fileOf(model, 'vocabulary');
    if (!file || get().vocabularies[model.id]) return;
    try {
      const words = parseVocabulary(await fetchJson(FOLDER + file.path), file.path);
      set({ vocabularies: { ...get().vocabularies, [model.id]: words } });
    } catch {
      // Without it no word is marked, which is no harm; the engine tells of files that it cannot do without.
    }
  }

  return {
    catalogue: IDLE,
    cards: {},
    vocabularies: {},
    async fetchCatalogue() {
      set({ catalogue: running(null) });
      try {
        const path = `${FOLDER}manifest.json`;
        set({ catalogue: done(checkManifest(await fetchJson(path), path)) });
      } catch (thrown) {
        set({ catalogue: failed(thrown) });
      }
    },
    async fetchCard(id) {
      const model = modelOf(get(), id);
      const job = get().cards[id];
      if (!model || job?.state === 'running' || job?.state === 'done') return;
      const note = (job: Job<null, Card>) => set({ cards: { ...get().cards, [id]: job } });
      note(running(null));
      void fetchVocabulary(model);
      const file = fileOf(model, 'card');
      try {
        const path = file?.path ?? `${id}/card.json`;
        note(done(checkCard(await fetchJson(FOLDER + path), path)));
      } catch (thrown) {
        note(failed(thrown));
      }
    },
  };
}

export function modelOf({ catalogue }: Pick<CatalogueSlice, 'catalogue'>, id: string): Model | null {
  if (catalogue.state !== 'done') return null;
  return catalogue.result.models.find((model) => model.id === id) ?? null;
}

export function fileOf(model: Model, role: string): Model['files'][number] | null {
  return model.files.find((file) => file.role === role) ?? null;
}

/** The model's sheet of samples as an address relative to the page, if it ships one. */
export const sampleSheet = (model: Model): string | null => pictureOf(model, 'samples');

/** The film of its training, likewise. */
export const timeLapse = (model: Model): string | null => pictureOf(model, 'time-lapse');

function pictureOf(model: Model, role: string): string | null {
  const file = fileOf(model, role);
  return file && /\.(png|webp|jpe?g|avif)$/.test(file.path) ? FOLDER + file.path : null;
}

/** What painting does without: it is only shown, or fetched when a room asks for it. */
const ASIDE: ReadonlySet<string> = new Set([
  'samples',
  'time-lapse',
  'card',
  'style-encoder',
  'captioner',
  'captioner-vocabulary',
  'critic',
]);

/** Bytes that must be here before the model paints. */
export function downloadBytes(model: Model): number {
  return model.files.filter(({ role }) => !ASIDE.has(role)).reduce((sum, f) => sum + f.bytes, 0);
}

/** What the mirror reads with, and how many bytes it is; null for a model that came without one. */
export function captionerOf(model: Model): { readonly bytes: number } | null {
  const [network, words] = [fileOf(model, 'captioner'), fileOf(model, 'captioner-vocabulary')];
  return network && words && { bytes: network.bytes + words.bytes };
}
