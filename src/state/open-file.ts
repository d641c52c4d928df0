/** A picture that Limn saved, dropped or pasted: its recipe comes back. */
import { toFailure } from '../failure.ts';
import { readRecipe } from '../image/png.ts';
import { settleModel } from './begin.ts';
import type { Store } from './store.ts';

/** Bytes. A recipe stands at a file's beginning, but nobody drops a film by intent. */
const MAX_FILE = 64 * 2 ** 20;

/** What is needed of a File. */
export type Dropped = Pick<File, 'name' | 'size' | 'arrayBuffer'>;

export async function openFile(store: Store, file: Dropped): Promise<void> {
  const { notify, restore, enter, closePicture, form } = store.getState();
  const name = file.name.slice(0, 80) || 'the picture';
  try {
    if (file.size > MAX_FILE) throw new Error('too large');
    const recipe = await readRecipe(new Uint8Array(await file.arrayBuffer()), name);
    if (!recipe) {
      const detail = 'it carries no recipe';
      notify({ tone: 'trouble', text: '', failure: { kind: 'bad-image', file: name, detail } });
      return;
    }
    restore({ ...form, recipe, seedLocked: true });
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
