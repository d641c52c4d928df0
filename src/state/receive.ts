/** Where a file goes that was dropped, pasted or chosen: to the room's own picture, or to whoever reads its recipe. */
import { readRecipe } from '../image/png.ts';
import { openFile } from './open-file.ts';
import type { Room } from './room.ts';
import { nameOf } from '../teach/names.ts';
import type { State, Store } from './store.ts';
import { MAX_FILE } from '../image/chunks.ts';
import type { Incoming } from './take-examples.ts';
import type { Dropped } from './take-picture.ts';

/** Rooms that look at pictures. */
const TAKERS: Partial<Record<Room, (state: State) => (file: Dropped) => Promise<void>>> = {
  style: (state) => state.takeStylePicture,
  mirror: (state) => state.takeMirrorPicture,
};

/** `onField`: it fell upon the room's own field, which then wins over any recipe in it. */
export async function receiveFile(store: Store, file: Dropped, onField: boolean): Promise<void> {
  const state = store.getState();
  const take = TAKERS[state.room]?.(state);
  if (take && (onField || !(await carriesRecipe(file)))) return take(file);
  return openFile(store, file);
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

async function carriesRecipe(file: Dropped): Promise<boolean> {
  if (file.size > MAX_FILE) return false;
  try {
    return (await readRecipe(new Uint8Array(await file.arrayBuffer()), file.name)) !== null;
  } catch {
    // No PNG, or a damaged one: whoever takes the picture says what is wrong with it.
    return false;
  }
}
