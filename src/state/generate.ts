/** The form of the Paint room, and the painting that came of it. */
import type { Engine } from '../engine/client.ts';
import type { Input } from '../engine/protocol.ts';
import { LimnError, toFailure } from '../failure.ts';
import { defaultForm, type FormState } from '../permalink.ts';
import { cleanCaption, MAX_TRUNCATION, type Recipe } from '../recipe.ts';
import { captionFault } from '../text/alphabet.ts';
import { looksInside } from './cascade.ts';
import { isOwn, painterFor } from './catalogue.ts';
import { latestPictures, type Painted } from './history.ts';
import { aborted, done, failed, IDLE, resultOf, running, type Job } from './job.ts';
import { bestOfNow, rankPictures, type Best, type Easel, type Painting } from './rank.ts';
import type { Get, Set, World } from './store.ts';
import { bare } from './worn.ts';

/** One press on Paint: pictures come in one by one, null until then. */
export interface Batch {
  readonly recipe: Recipe;
  readonly count: number;
  /** Where the best of many are wanted, all of them, best first; `count` is how many are shown large. */
  readonly pictures: readonly (Painted | null)[];
  readonly best?: Best;
}

export interface GenerateSlice {
  /** The caption is as typed: it may be empty or too long still. */
  readonly form: FormState;
  /** A person (or their link) chose these; the model's own defaults no longer apply. */
  readonly chosen: { readonly caption: boolean; readonly truncation: boolean };
  readonly batch: Batch | null;
  readonly painting: Job<{ readonly done: number; readonly total: number }, { readonly pictures: number }>;
  readonly edit: (change: Partial<Recipe>) => void;
  /**
   * Another caption in the place of this one, by a press. Where words are lost by it they can be put back: by whether it
   * `loses` some, or else where they are a person's own and stand nowhere else.
   */
  readonly exchangeCaption: (caption: string, loses?: boolean) => void;
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
  /** An unlocked seed serves once. */
  let spent: number | null = null;
  /** What a caption that cannot be painted stands in the place of. */
  let refused: GenerateSlice['painting'] = IDLE;
  /** The last caption that nobody typed. */
  let pressed = '';
  /** The latest painting of which anything came, without its empty places; kept: it went to the earlier ones. */
  let before: { readonly batch: Batch; readonly kept: boolean } | null = null;

  /** The recipe as it can be painted: where its model is not here another paints, to which its style means nothing. */
  function settled(recipe: Recipe): Recipe {
    const { model: id, size } = recipe;
    const model = painterFor(get(), id);
    const here = model?.id === id;
    // The catalogue, or the models that were made here, are still to come, and `begin` looks to it then.
    if (!model || (!here && isOwn(id) && !get().recalled)) return recipe;
    if (!here) get().notify({ tone: 'trouble', text: '', failure: { kind: 'unknown-model', id } });
    return { ...(here ? recipe : bare(recipe)), model: model.id, size: model.sizes.includes(size) ? size : 0 };
  }

  /** `bestOf`: how many are painted for the best `count` of them; 0 where nobody is to choose. */
  async function run(recipe: Recipe, count: number, bestOf: number, keep: boolean): Promise<void> {
    abort?.abort();
    const controller = new AbortController();
    const { signal } = controller;
    abort = controller;
    const { batch } = get();
    const stood = latestPictures({ batch });
    if (batch && stood.length > 0) before = { batch: { ...batch, pictures: stood }, kept: keep };
    if (keep) get().keepPictures(stood);
    const ranked = bestOf > 0;
    const total = Math.max(bestOf, count);
    const show = (pictures: Batch['pictures'], best?: Best) => {
      if (abort !== controller) return;
      set({
        batch: { recipe, count, pictures, ...(best && { best }) },
        painting: running({ done: here(pictures), total }),
      });
    };
    show(Array<null>(total).fill(null), ranked ? { of: total, matches: new Map() } : undefined);
    try {
      await Promise.race([get().load(recipe.model), aborted(signal)]);
      const easel = { signal, named: get().named, show };
      const drafts = looksInside(get(), recipe.model);
      const output = await (ranked
        ? rankPictures(engine, { recipe, count: total }, easel)
        : paintPictures(engine, { recipe, count: total, ...(drafts && { drafts }) }, easel));
      if (abort !== controller) return;
      abort = null;
      set({ painting: done({ pictures: output.pictures }), ...(output.pace !== undefined && { pace: output.pace }) });
    } catch (thrown) {
      if (abort !== controller) return;
      end(failed(thrown));
      // Another tab forgot it.
      if (isOwn(recipe.model) && toFailure(thrown).kind === 'unknown-model') void get().fetchOwn();
    }
  }

  /** Places that stay empty go; a failed painting keeps its recipe so that it can be tried again. */
  function end(painting: GenerateSlice['painting']): void {
    abort = null;
    const { batch, earlier } = get();
    const pictures = latestPictures({ batch });
    // Somebody thought better of it: what stood there stands there again, but for what was thrown away meanwhile.
    const back = before?.kept ? before.batch.pictures.filter((p) => p && earlier.includes(p)) : before?.batch.pictures;
    if (painting.state !== 'idle' || pictures.length > 0 || !before || !back?.length)
      return set({ painting, batch: batch && { ...batch, pictures } });
    set({ painting, batch: { ...before.batch, pictures: back }, earlier: earlier.filter((p) => !back.includes(p)) });
  }

  return {
    form: { ...defaultForm(), upscaling: storage.read('upscaling') === 'pixels' ? 'pixels' : 'smooth' },
    chosen: { caption: false, truncation: false },
    batch: null,
    painting: IDLE,
    edit(change) {
      const { form, chosen, painting } = get();
      // A style is numbers of one model, and means nothing to another.
      const other = change.model !== undefined && change.model !== form.recipe.model;
      const recipe = { ...(other ? bare(form.recipe) : form.recipe), ...change };
      set({
        form: { ...form, recipe: change.model === undefined ? recipe : settled(recipe) },
        chosen: {
          caption: chosen.caption || change.caption !== undefined,
          truncation: chosen.truncation || change.truncation !== undefined,
        },
      });
      // What was wrong with the caption may be right now.
      if (isRefused(painting)) set({ painting: refused });
    },
    exchangeCaption(caption, loses) {
      const { form, chosen, captions, cards } = get();
      const { caption: standing, model } = form.recipe;
      const elsewhere = [caption, pressed, ...captions, ...(resultOf(cards[model])?.examples ?? [])].map(cleanCaption);
      const own = chosen.caption && !elsewhere.includes(cleanCaption(standing));
      const lost = loses ?? own;
      // What keeps a person's own words is their own still.
      pressed = loses === false && own ? '' : caption;
      get().edit({ caption });
      if (!lost || standing.trim() === '') return;
      const run = (): void => {
        get().exchangeCaption(standing);
        pressed = '';
      };
      const text = 'Some words made room for what was pressed.';
      get().notify({ tone: 'plain', text, action: { label: 'Put them back', run }, lasts: 8000 });
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
      const recipe = settled(form.recipe);
      get().edit(recipe);
      set({ form: { ...form, recipe } });
      spent = null;
    },
    async paint() {
      const { form } = get();
      const fault = captionFault(form.recipe.caption);
      if (fault) {
        get().cancelPainting();
        if (abort) end(IDLE);
        const { painting } = get();
        if (!isRefused(painting)) refused = painting;
        set({ painting: failed(new LimnError(fault)) });
        return;
      }
      const seed = !form.seedLocked && form.recipe.seed === spent ? drawSeed() : form.recipe.seed;
      spent = seed;
      set({ form: { ...form, recipe: { ...form.recipe, seed } } });
      const recipe = { ...form.recipe, seed, caption: cleanCaption(form.recipe.caption) };
      get().rememberCaption(recipe.caption);
      await run(recipe, form.count, bestOfNow(get()), true);
    },
    async paintAgain() {
      const { batch } = get();
      if (batch) await run(settled(batch.recipe), batch.count, batch.best ? batch.best.of : 0, false);
    },
    cancelPainting() {
      abort?.abort();
    },
    async paintMoreLike(recipe) {
      // The first of them is this very picture; a ranking would put another there.
      get().restore({ ...get().form, recipe, seedLocked: true, bestOf: 0 });
      // Wherever the picture was found.
      get().enter('paint');
      await get().paint();
    },
  };
}

const isRefused = (painting: GenerateSlice['painting']): boolean =>
  painting.state === 'failed' && painting.failure.kind === 'bad-caption';

function here(pictures: readonly (Painted | null)[]): number {
  return pictures.filter((p) => p !== null && !p.draft).length;
}

/** Each picture at the place of its seed, in the order in which they come. */
async function paintPictures(engine: Engine, input: Input<'generate'>, easel: Easel): Promise<Painting> {
  let pictures: Batch['pictures'] = Array<null>(input.count).fill(null);
  const { pictures: count, milliseconds } = await engine.call('generate', input, {
    signal: easel.signal,
    report: ({ index, picture, draft }) => {
      if (index < 0 || index >= input.count) return;
      const before = pictures[index];
      // What sharpens stays the picture that it was, for the eye and the pointer.
      const named = before?.draft ? { ...picture, id: before.id } : easel.named(picture);
      pictures = pictures.with(index, { ...named, ...(draft && { draft }) });
      easel.show(pictures);
    },
  });
  return { pictures: count, pace: milliseconds / Math.max(1, count) };
}
