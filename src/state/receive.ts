/** Where a file goes that was dropped, pasted or chosen: to the room's own picture, or to whoever reads its recipe. */
import type { Room } from './room.ts';
import { nameOf } from '../teach/names.ts';
import type { State, Store } from './store.ts';
import type { Incoming } from './take-examples.ts';
import type { Dropped } from './take-picture.ts';

/** Rooms that look at pictures. */
const TAKERS: Partial<Record<Room, (state: State) => (file: Dropped) => Promise<void>>> = {
  style: (state) => state.takeStylePicture,
  mirror: (state) => state.takeMirrorPicture,
};

/** `onField`: it fell upon the room's own field, where nobody means a recipe; elsewhere it is offered. */
export async function receiveFile(store: Store, file: Dropped, onField: boolean): Promise<void> {
  const state = store.getState();
  const taken = TAKERS[state.room]?.(state)(file);
  if (taken && onField) return taken;
  // What reads files of Limn's is fetched when there is one.
  const reader = await import('./open-file.ts').catch(() => null);
  if (!taken && reader) return reader.openFile(store, file);
  if (!taken) state.notify({ tone: 'trouble', text: 'What reads recipes could not be fetched. Reload the page.' });
  else if (await reader?.carriesRecipe(file)) {
    const action = { label: 'Paint it', run: () => void reader?.openFile(store, file) };
    state.notify({ tone: 'plain', text: 'It carries a recipe.', action, lasts: 8000 });
  }
  return taken;
}

/** Everything that was dropped at once, folders opened. `onField` as above. */
export async function receiveFiles(store: Store, files: readonly Incoming[], onField: boolean): Promise<void> {
  const { room, enter, takeExamples } = store.getState();
  const [first] = files;
  if (!first) return;
  // An archive means something to one room only.
  const archive = /\.zip$/i.test(first.path);
  if (room !== 'teach' && !archive) {
    const { path, size } = first;
    return receiveFile(store, { name: nameOf(path), size, arrayBuffer: () => first.arrayBuffer() }, onField);
  }
  enter('teach');
  await takeExamples(files);
}

/** Whether the room has a use for pictures without a recipe. */
export function takesPictures(room: Room): boolean {
  return room in TAKERS;
}
