/** A picture that Limn saved, dropped or pasted: its recipe comes back. */
import { toFailure } from '../failure.ts';
import { MAX_FILE } from '../image/chunks.ts';
import { readNote, readRecipe } from '../image/png.ts';
import { settleModel } from './begin.ts';
import type { Store } from './store.ts';
import type { Dropped } from './take-picture.ts';
import { checkStops, PACES, type Pace } from './tour.ts';
import { isBetween, WAYS, type Between, type Way } from './walk.ts';

/** The keyword of the note that holds a tour's stops, as JSON. */
export const TOUR_NOTE = 'limn-tour';
/** Of the one that says which way a file goes, and how fast. */
export const FILM_NOTE = 'limn-film';

export async function openFile(store: Store, file: Dropped): Promise<void> {
  const { notify, restore, enter, closePicture, form } = store.getState();
  const name = file.name.slice(0, 80) || 'the picture';
  try {
    if (file.size > MAX_FILE) throw new Error('too large');
    const bytes = new Uint8Array(await file.arrayBuffer());
    const recipe = await readRecipe(bytes, name);
    if (!recipe) {
      const detail = 'it carries no recipe';
      notify({ tone: 'trouble', text: '', failure: { kind: 'bad-image', file: name, detail } });
      return;
    }
    if (isBetween(recipe)) {
      const [tour, film] = [await readNote(bytes, TOUR_NOTE, name), await readNote(bytes, FILM_NOTE, name)];
      return openBetween(store, recipe, tour, film, name);
    }
    // The first is to be the picture that was dropped; a ranking would put another there.
    restore({ ...form, recipe, seedLocked: true, bestOf: 0 });
    enter('paint');
    closePicture();
    notify({ tone: 'good', text: `The recipe of ${name} is back, its seed locked.`, lasts: 6000 });
    if (settleModel(store)) await store.getState().paint();
  } catch (thrown) {
    const failure = toFailure(thrown);
    const told =
      failure.kind === 'internal' ? { kind: 'bad-image' as const, file: name, detail: failure.detail } : failure;
    notify({ tone: 'trouble', text: '', failure: told });
  }
}

function openBetween(store: Store, recipe: Between, tour: unknown, film: unknown, name: string): void {
  const { notify, enter, closePicture, openWalk, openTour, chooseWay, chooseTourPace } = store.getState();
  openWalk(recipe);
  // Of a file that says neither, both stay as they are.
  const { way, pace } = Object(film) as { readonly way: Way; readonly pace: Pace };
  if (WAYS.includes(way)) chooseWay(way);
  if (PACES.includes(pace)) chooseTourPace(pace);
  const stops = checkStops(tour);
  if (stops.length > 0) openTour(stops, recipe.model);
  enter('between');
  closePicture();
  const what = stops.length > 0 ? 'tour' : 'way between two captions';
  notify({ tone: 'good', text: `The ${what} of ${name} is back.`, lasts: 6000 });
  settleModel(store);
}

/** Whether it is a picture of Limn's. */
export async function carriesRecipe(file: Dropped): Promise<boolean> {
  if (file.size > MAX_FILE) return false;
  try {
    return (await readRecipe(new Uint8Array(await file.arrayBuffer()), file.name)) !== null;
  } catch {
    // No PNG, or a damaged one: whoever takes the picture says what is wrong with it.
    return false;
  }
}
