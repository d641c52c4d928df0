/** The form and the room in the page's address: every state has a link. */
import { defaultForm, fromHash, toHash } from '../permalink.ts';
import { captionFault, MAX_CAPTION } from '../text/alphabet.ts';
import { paintLinked, settleModel } from './begin.ts';
import { ROOMS, type Room } from './room.ts';
import type { State, Store } from './store.ts';
import { ringOf } from './tour.ts';
import { soundWalk, tourOf, tourPart } from './tour-link.ts';
import { isBetween, recipeAt } from './walk.ts';

/** Browsers throttle writers of addresses; a slider writes when it rests. Milliseconds. */
const REST = 300;
/** A tour of very long captions makes no link; the two ends still do. */
const MAX_LENGTH = 20_000;

type Place = Pick<Window, 'location' | 'history' | 'addEventListener' | 'removeEventListener'>;
type Seen = Pick<State, 'room' | 'form' | 'chosen' | 'walk' | 'touring' | 'stops'>;

/** The hash of what a person sees. */
export function hashOf(state: Seen): string {
  if (state.room === 'paint') return toHash(state.form);
  return state.room === 'between' ? betweenHash(state) : `#${state.room}`;
}

function betweenHash(state: Seen): string {
  const { form, touring, stops } = state;
  const walk = soundWalk(state);
  if (!walk) return '#between';
  const recipe = recipeAt(walk, form.recipe.model);
  const hash = toHash({ ...defaultForm(), recipe, upscaling: form.upscaling });
  if (!touring || ringOf(stops).length < 2) return hash;
  const whole = `${hash}&${tourPart(stops)}`;
  return whole.length > MAX_LENGTH ? hash : whole;
}

/** What an entry of the tab's history holds beside its address, for a reload in another room than Paint. */
interface Aside {
  /** Paint's own hash. */
  readonly paint: string;
  /** Which of it a person chose. */
  readonly chosen: State['chosen'];
}

const aside = ({ room, form, chosen }: Seen): Aside | null =>
  room === 'paint' ? null : { paint: toHash(form), chosen };

/** Takes Paint's form from there; false where there is none, or one that this version cannot paint. */
function recall(store: Store, kept: unknown): boolean {
  const { paint, chosen } = Object(kept) as Partial<Record<keyof Aside, unknown>>;
  if (typeof paint !== 'string') return false;
  const { form, complaints } = fromHash(paint);
  if (complaints.length > 0 || captionFault(form.recipe.caption)) return false;
  store.getState().restore(form);
  const { caption, truncation } = Object(chosen) as Partial<Record<keyof State['chosen'], unknown>>;
  store.setState({ chosen: { caption: caption === true, truncation: truncation === true } });
  return true;
}

/**
 * Puts what a hash says into the store; answers whether it asked for pictures of the Paint room. `kept`: what this entry
 * of the history holds (`history.state`), if the page was here before.
 */
export function openHash(store: Store, hash: string, kept: unknown = null): boolean {
  const { enter, restore, notify, freshWalk } = store.getState();
  const name = hash.replace(/^#/, '');
  if (name === '') return false;
  const recalled = recall(store, kept);
  if (isRoom(name)) {
    if (name === 'between') freshWalk();
    enter(name);
    return recalled;
  }
  const { form, complaints, said } = fromHash(hash);
  const told = [...complaints];
  const between = isBetween(form.recipe);
  if (isBetween(form.recipe)) {
    const { openWalk, openTour, form: own } = store.getState();
    store.setState({ form: { ...own, upscaling: form.upscaling } });
    openWalk(form.recipe);
    const stops = tourOf(hash);
    if (stops === null) told.push('The tour in this link cannot be read.');
    else if (stops.length > 0) openTour(stops, form.recipe.model);
    enter('between');
  } else {
    restore(form);
    store.setState({ chosen: said });
    enter('paint');
  }
  if (told.length > 0) {
    notify({ tone: 'trouble', text: `${told.join(' ')} What was unclear has its usual value.` });
  }
  return !between;
}

/** From now on the address follows the store, and the store follows a link that is opened in this tab. */
export function followAddress(store: Store, place: Place): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let known = place.location.hash;
  // What the address last said of Paint. A link that was left at once was never written out in full.
  let ofPaint = known;
  let opening = false;
  const put = (how: 'pushState' | 'replaceState') => {
    const state = store.getState();
    known = hashOf(state);
    if (state.room === 'paint') ofPaint = known;
    if (known !== place.location.hash || state.room !== 'paint') place.history[how](aside(state), '', known);
  };
  const write = () => {
    clearTimeout(timer);
    // A link was opened whose event is still to come: it must not be written over. Nor what a link leaves to its model.
    if (place.location.hash !== known) return;
    if (awaited(store.getState())) timer = setTimeout(write, REST);
    else put('replaceState');
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (state.room !== before.room) {
      clearTimeout(timer);
      // A link that leads to another room is an entry of its own already.
      put(opening ? 'replaceState' : 'pushState');
    } else if (changed(state, before)) {
      clearTimeout(timer);
      // A caption that cannot be painted makes no link; the last good one stays.
      if (linkable(state)) timer = setTimeout(write, REST);
    }
  });
  const onHash = () => {
    clearTimeout(timer);
    opening = true;
    follow(place.location.hash);
    opening = false;
    if (store.getState().room === 'paint') ofPaint = place.location.hash;
  };
  const follow = (hash: string) => {
    known = hash;
    const state = store.getState();
    if (hash === hashOf(state)) return;
    // Back from another room: the pictures of this very form are still there, and so is the walk.
    const back = hash === ofPaint && state.room !== 'paint';
    if (state.batch && (back || hash === toHash(state.form))) return state.enter('paint');
    if (hash === hashOf({ ...state, room: 'between' })) return state.enter('between');
    const asked = openHash(store, hash);
    if (settleModel(store) && asked) void paintLinked(store);
  };
  place.addEventListener('hashchange', onHash);
  return () => {
    clearTimeout(timer);
    unsubscribe();
    place.removeEventListener('hashchange', onHash);
  };
}

function changed(state: Seen, before: Seen): boolean {
  if (state.form !== before.form) return true;
  const moved = state.walk !== before.walk || state.touring !== before.touring || state.stops !== before.stops;
  return moved && state.room === 'between';
}

function linkable(state: Seen): boolean {
  const { room, form } = state;
  return room === 'between' ? soundWalk(state) !== null : form.recipe.caption.length <= MAX_CAPTION;
}

/** The card is on its way that is to suggest what nobody chose. */
const awaited = ({ form, chosen, cards }: State): boolean =>
  !(chosen.caption && chosen.truncation) && cards[form.recipe.model]?.state === 'running';

function isRoom(name: string): name is Room {
  return name !== 'paint' && (ROOMS as readonly string[]).includes(name);
}
