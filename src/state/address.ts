/** The form and the room in the page's address: every state has a link. */
import { fromHash, toHash } from '../permalink.ts';
import { MAX_CAPTION } from '../text/alphabet.ts';
import { settleModel } from './begin.ts';
import { ROOMS, type Room } from './room.ts';
import type { State, Store } from './store.ts';

/** Browsers throttle writers of addresses; a slider writes when it rests. Milliseconds. */
const REST = 300;

type Place = Pick<Window, 'location' | 'history' | 'addEventListener' | 'removeEventListener'>;

/** The hash of what a person sees. */
export function hashOf({ room, form }: Pick<State, 'room' | 'form'>): string {
  return room === 'paint' ? toHash(form) : `#${room}`;
}

/** Puts what a hash says into the store; answers whether it asked for pictures. */
export function openHash(store: Store, hash: string): boolean {
  const { enter, restore, notify } = store.getState();
  const name = hash.replace(/^#/, '');
  if (name === '') return false;
  if (isRoom(name)) {
    enter(name);
    return false;
  }
  const { form, complaints } = fromHash(hash);
  restore(form);
  enter('paint');
  if (complaints.length > 0) {
    notify({ tone: 'trouble', text: `${complaints.join(' ')} What was unclear has its usual value.` });
  }
  return true;
}

/** From now on the address follows the store, and the store follows a link that is opened in this tab. */
export function followAddress(store: Store, place: Place): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let known = place.location.hash;
  const write = () => {
    clearTimeout(timer);
    // A link was opened whose event is still to come: it must not be written over.
    if (place.location.hash !== known) return;
    known = hashOf(store.getState());
    if (known !== place.location.hash) place.history.replaceState(null, '', known);
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (state.room !== before.room) {
      clearTimeout(timer);
      known = hashOf(state);
      if (known !== place.location.hash) place.history.pushState(null, '', known);
    } else if (state.room === 'paint' && state.form !== before.form) {
      clearTimeout(timer);
      // A caption that cannot be painted makes no link; the last good one stays.
      if (state.form.recipe.caption.length <= MAX_CAPTION) timer = setTimeout(write, REST);
    }
  });
  const onHash = () => {
    clearTimeout(timer);
    const { hash } = place.location;
    known = hash;
    if (hash === hashOf(store.getState())) return;
    const { batch, form, enter } = store.getState();
    // Back from another room: the pictures of this very form are still there.
    if (batch && hash === toHash(form)) return enter('paint');
    if (!openHash(store, hash)) return;
    if (settleModel(store)) void store.getState().paint();
  };
  place.addEventListener('hashchange', onHash);
  return () => {
    clearTimeout(timer);
    unsubscribe();
    place.removeEventListener('hashchange', onHash);
  };
}

function isRoom(name: string): name is Room {
  return name !== 'paint' && (ROOMS as readonly string[]).includes(name);
}
