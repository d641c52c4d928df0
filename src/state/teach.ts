/** The Teach room before training: pictures, the squares that are cut out of them, and the words for each. */
import type { LoadProgress } from '../engine/protocol.ts';
import { centreSquare, type Square } from '../image/resize.ts';
import { nameOf, tidied } from '../teach/names.ts';
import { captionerOf, modelOf, paintsFaces } from './catalogue.ts';
import { createIntake } from './intake.ts';
import { failed, IDLE, running } from './job.ts';
import type { Found, Incoming } from './take-examples.ts';
import { EMPTY, MAX_SET_NAME, pixelsOf, sizeOf, wordlessItems, type Item, type TeachState } from './teach-items.ts';
import type { Get, Set, World } from './store.ts';

export interface TeachSlice {
  readonly teach: TeachState;
  /** Brings back what an earlier visit left, once, and keeps what changes from then on. */
  readonly openDraft: () => Promise<void>;
  readonly begunWith: (items: readonly Item[]) => void;
  /** Pictures, lists, text files and archives, in any mixture; what is there already stays. */
  readonly takeExamples: (files: readonly Incoming[]) => Promise<void>;
  /** Of what the form's model paints, cut from paper. */
  readonly takeSampleSet: () => Promise<void>;
  readonly stopTaking: () => void;
  readonly describeItem: (id: number, caption: string) => void;
  /** Lines, one an item from this one on. */
  readonly pasteCaptions: (from: number, lines: readonly string[]) => void;
  readonly cropItem: (id: number, square: Square) => void;
  /** Answers with the way back. */
  readonly removeItem: (id: number) => () => void;
  /** Answers with the way back. */
  readonly clearItems: () => () => void;
  /** A first draft of what nobody described, by the mirror. */
  readonly describeItems: () => Promise<void>;
  readonly stopDescribing: () => void;
  readonly nameSet: (name: string) => void;
}

/** Of the beam; the caption is only a beginning. */
const READ_WIDTH = 3;

export function teachSlice(set: Set, get: Get, world: World): TeachSlice {
  const { engine } = world;
  let next = 1;
  let draft: Promise<() => void> | undefined;
  let describing = new AbortController();
  const teach = () => get().teach;
  function change(change: Partial<TeachState>): void {
    set({ teach: { ...teach(), ...change } });
    void draft?.then((touch) => touch());
  }
  const changeItem = (id: number, how: (item: Item) => Item) =>
    change({ items: teach().items.map((item) => (item.id === id ? how(item) : item)) });
  function beginDescribing(): AbortSignal {
    describing.abort();
    describing = new AbortController();
    return describing.signal;
  }
  function itemOf({ path, picture, caption, likeness }: Found): Item {
    const square = centreSquare(picture.width, picture.height);
    const captionBy = caption === '' ? 'nobody' : 'file';
    return { id: next++, path, name: nameOf(path), picture, square, likeness, caption, captionBy };
  }

  const intake = createIntake(get, world, { change, itemOf });

  return {
    teach: EMPTY,
    async openDraft() {
      // What keeps it is fetched with this room.
      draft ??= import('./draft.ts')
        .then((found) => found.openDraft(set, get, world))
        .catch(() => {
          // Tried again when pictures come, or the room is entered anew.
          draft = undefined;
          get().notify({ tone: 'trouble', text: 'What keeps your pictures between visits could not be fetched.' });
          return () => undefined;
        });
      await draft;
    },
    begunWith(items) {
      change({ begun: items });
    },
    takeExamples: (files) => intake.take(files),
    async takeSampleSet() {
      // What it takes the place of must be there, or it would come back among these.
      await get().openDraft();
      const { sampleSet } = await import('../teach/sample-set.ts');
      const { likenessOfPicture } = await import('./take-examples.ts');
      intake.stop();
      const kind = paintsFaces(get()) ? 'faces' : 'flowers';
      const items = sampleSet(kind).map(({ name, pixels, caption }) =>
        itemOf({ path: name, picture: pixels, caption, likeness: likenessOfPicture(pixels) }),
      );
      change({ items, left: [], taking: IDLE, name: `Paper ${kind}` });
    },
    stopTaking() {
      intake.stop();
      change({ taking: IDLE });
    },
    describeItem(id, caption) {
      changeItem(id, (item) => ({ ...item, caption, captionBy: 'person' }));
    },
    pasteCaptions(from, lines) {
      const { items } = teach();
      const first = items.findIndex(({ id }) => id === from);
      if (first < 0) return;
      change({
        items: items.map((item, i) => {
          const line = i < first ? undefined : lines[i - first];
          return line === undefined ? item : { ...item, caption: tidied(line), captionBy: 'person' };
        }),
      });
    },
    cropItem(id, square) {
      changeItem(id, (item) => ({ ...item, square }));
    },
    removeItem(id) {
      const { items } = teach();
      const at = items.findIndex((item) => item.id === id);
      const item = items[at];
      if (!item) return () => undefined;
      change({ items: items.toSpliced(at, 1) });
      return () => change({ items: teach().items.toSpliced(at, 0, item) });
    },
    clearItems() {
      // What was looked at already comes back with the rest.
      intake.stop();
      beginDescribing();
      const { items, left, name } = teach();
      change(EMPTY);
      return () => change({ items: [...items, ...teach().items], left, name });
    },
    async describeItems() {
      const model = modelOf(get(), get().form.recipe.model);
      if (!model || !captionerOf(model)) return;
      const signal = beginDescribing();
      const size = sizeOf(model);
      const silent = wordlessItems(teach());
      const total = silent.length;
      try {
        for (const [done, { id }] of silent.entries()) {
          change({ describing: running({ done, total, fetching: null }) });
          const item = teach().items.find((item) => item.id === id);
          if (!item) continue;
          const input = { model: model.id, pixels: pixelsOf(item, size), width: READ_WIDTH };
          const report = (fetching: LoadProgress) => {
            if (!signal.aborted) change({ describing: running({ done, total, fetching }) });
          };
          const { caption } = await engine.call('mirror', input, { signal, report });
          if (signal.aborted) return;
          changeItem(id, (now) => (now.caption.trim() === '' ? { ...now, caption, captionBy: 'mirror' } : now));
        }
        change({ describing: IDLE });
      } catch (thrown) {
        if (!signal.aborted) change({ describing: failed(thrown) });
      }
    },
    stopDescribing() {
      beginDescribing();
      change({ describing: IDLE });
    },
    nameSet(name) {
      change({ name: name.slice(0, MAX_SET_NAME) });
    },
  };
}
