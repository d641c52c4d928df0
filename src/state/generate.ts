/** The form of the Paint room, and the painting that came of it. */
import { LimnError } from '../failure.ts';
import { defaultForm, type FormState } from '../permalink.ts';
import { cleanCaption, MAX_TRUNCATION, type Recipe } from '../recipe.ts';
import { captionFault } from '../text/alphabet.ts';
import { latestPictures, type Painted } from './history.ts';
import { done, failed, IDLE, running, type Job } from './job.ts';
import type { Get, Set, World } from './store.ts';

/** One press on Paint: pictures come in one by one, null until then. */
export interface Batch {
  readonly recipe: Recipe;
  readonly count: number;
  readonly pictures: readonly (Painted | null)[];
}

export interface GenerateSlice {
  /** The caption is as typed: it may be empty or too long still. */
  readonly form: FormState;
  /** A person (or their link) chose these; the model's own defaults no longer apply. */
  readonly chosen: { readonly caption: boolean; readonly truncation: boolean };
  readonly batch: Batch | null;
  readonly painting: Job<{ readonly done: number; readonly total: number }, { readonly pictures: number }>;
  readonly edit: (change: Partial<Recipe>) => void;
  readonly arrange: (change: Partial<Omit<FormState, 'recipe'>>) => void;
  /** The card's defaults, for what nobody chose yet. */
  readonly suggest: (defaults: { readonly caption?: string | undefined; readonly truncation: number }) => void;
  readonly rollSeed: () => void;
  /** Puts a whole form in the place of this one; its seed will be painted even if it is not locked. */
  readonly restore: (form: FormState) => void;
  readonly paint: () => Promise<void>;
  /** The latest painting once more, with the same recipe. */
  readonly paintAgain: () => Promise<void>;
  readonly cancelPainting: () => void;
  /** The picture's recipe with its seed locked: the first of the new ones is this very picture, to vary from. */
  readonly paintMoreLike: (recipe: Recipe) => Promise<void>;
}

export function generateSlice(set: Set, get: Get, { engine, storage, drawSeed }: World): GenerateSlice {
  let abort: AbortController | null = null;
  let nextId = 1;
  /** An unlocked seed serves once. */
  let spent: number | null = null;

  async function run(recipe: Recipe, count: number, keep: boolean): Promise<void> {
    abort?.abort();
    const controller = new AbortController();
    const { signal } = controller;
    abort = controller;
    if (keep) get().keepPictures(latestPictures(get()));
    const progress = (pictures: Batch['pictures']) => running({ done: here(pictures), total: count });
    const pictures: Batch['pictures'] = Array<null>(count).fill(null);
    set({ batch: { recipe, count, pictures }, painting: progress(pictures) });
    try {
      await Promise.race([get().load(recipe.model), aborted(signal)]);
      const output = await engine.call(
        'generate',
        { recipe, count },
        {
          signal,
          report: ({ index, picture }) => {
            const { batch } = get();
            if (abort !== controller || !batch || index < 0 || index >= count) return;
            const pictures = batch.pictures.with(index, { ...picture, id: nextId++ });
            set({ batch: { ...batch, pictures }, painting: progress(pictures) });
          },
        },
      );
      if (abort !== controller) return;
      abort = null;
      set({ painting: done({ pictures: output.pictures }), pace: output.milliseconds / Math.max(1, output.pictures) });
    } catch (thrown) {
      if (abort !== controller) return;
      abort = null;
      const { batch } = get();
      // Places that stay empty go; a failed painting keeps its recipe so that it can be tried again.
      set({
        painting: failed(thrown),
        batch: batch && { ...batch, pictures: batch.pictures.filter((p) => p !== null) },
      });
    }
  }

  return {
    form: { ...defaultForm(), upscaling: storage.read('upscaling') === 'pixels' ? 'pixels' : 'smooth' },
    chosen: { caption: false, truncation: false },
    batch: null,
    painting: IDLE,
    edit(change) {
      const { form, chosen, painting } = get();
      set({
        form: { ...form, recipe: { ...form.recipe, ...change } },
        chosen: {
          caption: chosen.caption || change.caption !== undefined,
          truncation: chosen.truncation || change.truncation !== undefined,
        },
      });
      // What was wrong with the caption may be right now.
      if (painting.state === 'failed' && painting.failure.kind === 'bad-caption') set({ painting: IDLE });
    },
    arrange(change) {
      set({ form: { ...get().form, ...change } });
      if (change.upscaling) storage.write('upscaling', change.upscaling);
    },
    suggest(defaults) {
      const { form, chosen } = get();
      const caption = chosen.caption ? form.recipe.caption : (defaults.caption ?? form.recipe.caption);
      const truncation = chosen.truncation ? form.recipe.truncation : Math.min(defaults.truncation, MAX_TRUNCATION);
      set({ form: { ...form, recipe: { ...form.recipe, caption, truncation } } });
    },
    rollSeed() {
      get().edit({ seed: drawSeed() });
    },
    restore(form) {
      get().edit(form.recipe);
      set({ form });
      spent = null;
    },
    async paint() {
      const { form } = get();
      const fault = captionFault(form.recipe.caption);
      if (fault) {
        get().cancelPainting();
        abort = null;
        set({ painting: failed(new LimnError(fault)) });
        return;
      }
      const seed = !form.seedLocked && form.recipe.seed === spent ? drawSeed() : form.recipe.seed;
      spent = seed;
      set({ form: { ...form, recipe: { ...form.recipe, seed } } });
      const recipe = { ...form.recipe, seed, caption: cleanCaption(form.recipe.caption) };
      get().rememberCaption(recipe.caption);
      await run(recipe, form.count, true);
    },
    async paintAgain() {
      const { batch } = get();
      if (batch) await run(batch.recipe, batch.count, false);
    },
    cancelPainting() {
      abort?.abort();
    },
    async paintMoreLike(recipe) {
      get().restore({ ...get().form, recipe, seedLocked: true });
      await get().paint();
    },
  };
}

function here(pictures: readonly (Painted | null)[]): number {
  return pictures.filter((p) => p !== null).length;
}

/** Loading goes on when a painting is cancelled, so the wait has an end of its own. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const cancelled = () => reject(new LimnError({ kind: 'cancelled' }));
    if (signal.aborted) cancelled();
    else signal.addEventListener('abort', cancelled, { once: true });
  });
}
