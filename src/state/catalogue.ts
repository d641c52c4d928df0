/** Which models there are, and what each card says. */
import {
  cardPathOf,
  checkCard,
  checkManifest,
  newWordsOf,
  type Manifest,
  type ModelCard,
  type ModelEntry,
} from '../engine/weights/manifest.ts';
import type { OwnModel } from '../engine/protocol-teaching.ts';
import { defaultRecipe } from '../recipe.ts';
import { parseVocabulary } from '../text/vocabulary.ts';
import type { GenerateSlice } from './generate.ts';
import { done, failed, IDLE, resultOf, running, type Job } from './job.ts';
import type { Get, Set, World } from './store.ts';

export type Card = ModelCard;
export type Figure = ModelCard['figures'][number];
export type Model = ModelEntry;

const FOLDER = 'models/';

export interface CatalogueSlice {
  /** Models that the page came with, then those that were made or brought here. */
  readonly catalogue: Job<null, Manifest>;
  /** Also of own models that were forgotten on this visit: they name the parent. */
  readonly cards: Readonly<Record<string, Job<null, Card>>>;
  /** Words that a model saw in training, by model; absent where it names none. */
  readonly vocabularies: Readonly<Record<string, ReadonlySet<string>>>;
  readonly own: readonly OwnModel[];
  /** These are the own models now. */
  readonly shelve: (own: readonly OwnModel[]) => void;
  readonly fetchCatalogue: () => Promise<void>;
  /** The model's card and words; a second call does nothing unless the first failed. */
  readonly fetchCard: (id: string) => Promise<void>;
}

export function catalogueSlice(set: Set, get: Get, { fetchJson }: World): CatalogueSlice {
  /** Those on their way: who asks again waits with the first. */
  const fetching = new Map<string, Promise<void>>();

  async function fetchCard(id: string): Promise<void> {
    const model = modelOf(get(), id);
    if (!model || get().cards[id]?.state === 'done') return;
    const note = (job: Job<null, Card>) => set({ cards: { ...get().cards, [id]: job } });
    note(running(null));
    void fetchVocabulary(model);
    const path = cardPathOf(model);
    try {
      note(done(checkCard(await fetchJson(FOLDER + path), path)));
    } catch (thrown) {
      note(failed(thrown));
    }
  }

  async function fetchVocabulary(model: Model) {
    const own = fileOf(model, 'vocabulary');
    // A model that was made here has its parent's words, byte for byte; the engine's store is not on the network.
    const file = resultOf(get().catalogue)
      ?.models.filter(({ id }) => !isOwn(id))
      .map((other) => fileOf(other, 'vocabulary'))
      .find((other) => other?.sha256 === own?.sha256);
    if (!file || get().vocabularies[model.id]) return;
    try {
      const words = parseVocabulary(await fetchJson(FOLDER + file.path), file.path);
      const known = new Set([...words, ...newWordsOf(model)]);
      set({ vocabularies: { ...get().vocabularies, [model.id]: known } });
    } catch {
      // Without it no word is marked, which is no harm; the engine tells of files that it cannot do without.
    }
  }

  return {
    catalogue: IDLE,
    cards: {},
    vocabularies: {},
    own: [],
    shelve(own) {
      const { catalogue, cards } = get();
      const models = new Map(own.map(({ entry, card }) => [entry.id, done(card)] as const));
      // An id that was forgotten may come back with other words.
      const vocabularies = Object.fromEntries(Object.entries(get().vocabularies).filter(([id]) => !isOwn(id)));
      set({ own, cards: { ...cards, ...Object.fromEntries(models) }, vocabularies });
      if (catalogue.state === 'done') set({ catalogue: done(withOwn(catalogue.result, own)) });
      for (const { entry } of own) void fetchVocabulary(entry);
    },
    async fetchCatalogue() {
      set({ catalogue: running(null) });
      try {
        const path = `${FOLDER}manifest.json`;
        const manifest = checkManifest(await fetchJson(path), path);
        set({ catalogue: done(withOwn(manifest, get().own)) });
        for (const { entry } of get().own) void fetchVocabulary(entry);
      } catch (thrown) {
        set({ catalogue: failed(thrown) });
      }
    },
    fetchCard(id) {
      const coming = fetching.get(id) ?? fetchCard(id).finally(() => fetching.delete(id));
      fetching.set(id, coming);
      return coming;
    },
  };
}

/** Ids of this kind are given by the engine alone. */
export const isOwn = (id: string): boolean => id.startsWith('my-');

function withOwn(manifest: Manifest, own: readonly OwnModel[]): Manifest {
  const shipped = manifest.models.filter(({ id }) => !isOwn(id));
  return { ...manifest, models: [...shipped, ...own.map(({ entry }) => entry)] };
}

export function modelOf({ catalogue }: Pick<CatalogueSlice, 'catalogue'>, id: string): Model | null {
  if (catalogue.state !== 'done') return null;
  return catalogue.result.models.find((model) => model.id === id) ?? null;
}

/** The model of this id; where it is not here its parent, or else the usual one. null while there is none at all. */
export function painterFor(state: Pick<CatalogueSlice, 'catalogue' | 'cards'>, id: string): Model | null {
  // As `keep-model.ts` writes it: "Flowers (flowers, generator 0123…)".
  const [, parent = ''] = / \(([^ ]+), generator [^)]*\)$/.exec(resultOf(state.cards[id])?.training.parent ?? '') ?? [];
  const found = [id, parent, defaultRecipe().model].map((one) => modelOf(state, one));
  return found.find((model) => model !== null) ?? resultOf(state.catalogue)?.models[0] ?? null;
}

type WithForm = Pick<CatalogueSlice, 'catalogue'> & Pick<GenerateSlice, 'form'>;

/** Whether the form's model paints faces from descriptions. */
export const paintsFaces = (state: WithForm): boolean =>
  modelOf(state, state.form.recipe.model)?.architecture === 't2f';

/** How a caption of the form's model may begin, for an empty field. */
export const beginningOf = (state: WithForm): string => (paintsFaces(state) ? 'a person with …' : 'a flower with …');

/** How many words of a caption the form's model reads, or another one; null for one that reads letters. */
export function wordsReadBy(state: WithForm, id = state.form.recipe.model): number | null {
  const encoder = modelOf(state, id)?.config['encoder'] as { longest?: unknown } | undefined;
  return typeof encoder?.longest === 'number' ? encoder.longest : null;
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
  'captioner-encoder',
  'critic',
]);

/** Bytes that must be here before the model paints. */
export function downloadBytes(model: Model): number {
  return model.files.filter(({ role }) => !ASIDE.has(role)).reduce((sum, f) => sum + f.bytes, 0);
}

/** What the mirror reads with, and how many bytes it is; null for a model that came without one. */
export function captionerOf(model: Model): { readonly bytes: number } | null {
  const [network, words] = [fileOf(model, 'captioner'), fileOf(model, 'captioner-vocabulary')];
  // One that learnt beside another text encoder brings it along.
  const encoder = fileOf(model, 'captioner-encoder')?.bytes ?? 0;
  return network && words && { bytes: network.bytes + words.bytes + encoder };
}
