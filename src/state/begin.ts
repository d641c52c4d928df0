/** What happens by itself when the page opens: the catalogue, the painter, and a first picture. */
import { painterFor } from './catalogue.ts';
import { resultOf } from './job.ts';
import type { Store } from './store.ts';

/** `asked`: by a link, or by a press that is to paint: the form is painted even where somebody chose what it says. */
export async function begin(store: Store, asked: boolean): Promise<void> {
  const get = store.getState;
  // A link may ask for a model that was made here.
  await Promise.all([get().fetchCatalogue(), get().recallOwn()]);
  if (!settleModel(store)) return;
  const { recipe } = get().form;
  const { model } = recipe;
  // Its failure stands in the store; the card comes meanwhile.
  get()
    .load(model)
    .catch(() => undefined);
  await get().fetchCard(model);
  const untouched = get().form.recipe === recipe;
  if (get().form.recipe.model === model) suggestFrom(store, model);
  const { batch, painting, chosen } = get();
  // Someone who writes already will press Paint themselves.
  const busy = !untouched || batch !== null || painting.state !== 'idle' || (!asked && chosen.caption);
  if (!busy) await get().paint();
}

/**
 * Takes another model where the form asks for one that is not here, and fetches what is known of the one that paints.
 * False while there is none at all.
 */
export function settleModel(store: Store): boolean {
  const { form, edit, fetchCard } = store.getState();
  edit({ model: form.recipe.model });
  void fetchCard(store.getState().form.recipe.model);
  return painterFor(store.getState(), form.recipe.model) !== null;
}

/** Paints what a link asks for in a page that is open already; the model suggests what the link does not say. */
export async function paintLinked(store: Store): Promise<void> {
  const get = store.getState;
  const { form, chosen } = get();
  if (!chosen.caption || !chosen.truncation) {
    await get().fetchCard(form.recipe.model);
    // Another link came meanwhile, or somebody writes and will press Paint themselves.
    if (get().form.recipe !== form.recipe) return;
    suggestFrom(store, form.recipe.model);
  }
  await get().paint();
}

/** Another model for the form; what painting with it needs comes at once, and what its card suggests. */
export async function chooseModel(store: Store, model: string): Promise<void> {
  const get = store.getState;
  get().edit({ model, size: 0 });
  // Its failure stands in the store.
  get()
    .load(model)
    .catch(() => undefined);
  await get().fetchCard(model);
  if (get().form.recipe.model === model) suggestFrom(store, model);
}

function suggestFrom(store: Store, model: string): void {
  const card = resultOf(store.getState().cards[model]);
  if (card) store.getState().suggest({ caption: card.examples[0], truncation: card.defaultTruncation });
}
