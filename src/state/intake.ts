/** Files on their way into the Teach room: one drop after another, so that none throws away what the one before brings. */
import { nameOf } from '../teach/names.ts';
import { cleanCaption } from '../recipe.ts';
import { failed, IDLE, running } from './job.ts';
import type { Found, Incoming } from './take-examples.ts';
import { MAX_SET_NAME, type Item, type TeachState } from './teach-items.ts';
import type { Get, World } from './store.ts';

interface Hands {
  readonly change: (change: Partial<TeachState>) => void;
  readonly itemOf: (found: Found) => Item;
}

export interface Intake {
  /** Through when these files are. */
  readonly take: (files: readonly Incoming[]) => Promise<void>;
  /** What came stays; what is still on its way does not come any more. */
  readonly stop: () => void;
}

/** Drops that wait for each other. */
interface Queue {
  readonly signal: AbortSignal;
  readonly stop: () => void;
  waiting: number;
  /** Pictures that came. */
  came: number;
}

export function createIntake(get: Get, { decode }: Pick<World, 'decode'>, { change, itemOf }: Hands): Intake {
  const teach = () => get().teach;
  let latest: Promise<void> = Promise.resolve();
  let queue = newQueue();
  /** Looked at, and not in the table yet. */
  let fresh: Item[] = [];

  function place(): void {
    if (fresh.length === 0) return;
    const items = [...teach().items, ...fresh];
    queue.came += fresh.length;
    fresh = [];
    change({ items });
  }

  /** Archives → what is in them; a model among them goes its own way. */
  async function unpacked(files: readonly Incoming[], signal: AbortSignal): Promise<Incoming[]> {
    const all: Incoming[] = [];
    for (const file of files) {
      if (!/\.zip$/i.test(file.path)) {
        all.push(file);
        continue;
      }
      const { openIncoming } = await import('./open-archive.ts');
      const opened = await openIncoming(file);
      if (signal.aborted) return [];
      if (opened.kind === 'model') await get().importModel(opened.files);
      else if (opened.kind === 'bad') change({ left: [...teach().left, { name: file.path, why: opened.why }] });
      else {
        all.push(...opened.files);
        change({ left: [...teach().left, ...opened.refused] });
        if (teach().name === '') change({ name: setName(file.path.replace(/\.zip$/i, '')) });
      }
    }
    return all;
  }

  async function takeIn(files: readonly Incoming[], of: Queue): Promise<void> {
    const { signal } = of;
    if (signal.aborted) return;
    change({ taking: running({ done: 0, total: files.length }) });
    try {
      // They join what an earlier visit left.
      await get().openDraft();
      if (signal.aborted) return;
      // What reads sets is fetched when there is one.
      const [{ takeExamples, tellArrivals }, all] = await Promise.all([
        import('./take-examples.ts'),
        unpacked(files, signal),
      ]);
      if (signal.aborted) return;
      const [folder] = all.map(({ path }) => path.split('/')).filter((steps) => steps.length > 1);
      if (teach().name === '' && folder?.[0]) change({ name: setName(folder[0]) });
      let told = performance.now();
      await takeExamples(all, {
        decode,
        signal,
        known: teach().items,
        report(done, total) {
          // A file that was being opened when it was stopped may still answer.
          if (signal.aborted) return;
          // Once for a few: a table that grows by one 500 times keeps a page busy.
          if (done < total && performance.now() - told < 150) return;
          told = performance.now();
          place();
          change({ taking: running({ done, total }) });
        },
        found: (found) => fresh.push(itemOf(found)),
        left: (fault) => {
          if (!signal.aborted) change({ left: [...teach().left, fault] });
        },
        caption: (path, caption) =>
          change({
            items: teach().items.map((item) =>
              item.path === path && item.captionBy !== 'person' ? { ...item, caption, captionBy: 'file' } : item,
            ),
          }),
      });
      if (signal.aborted) return;
      place();
      if (of.waiting > 1) return;
      change({ taking: IDLE });
      tellArrivals(get(), of.came);
    } catch (thrown) {
      if (!signal.aborted) change({ taking: failed(thrown) });
    }
  }

  return {
    async take(files) {
      const mine = queue;
      if (mine.waiting === 0) {
        mine.came = 0;
        change({ taking: running({ done: 0, total: files.length }), left: [] });
      }
      mine.waiting += 1;
      latest = latest.then(() => takeIn(files, mine)).finally(() => (mine.waiting -= 1));
      await latest;
    },
    stop() {
      queue.stop();
      place();
      queue = newQueue();
      // Nobody waits for a file that is slow to open.
      latest = Promise.resolve();
    },
  };
}

function newQueue(): Queue {
  const abort = new AbortController();
  return { signal: abort.signal, stop: () => abort.abort(), waiting: 0, came: 0 };
}

function setName(path: string): string {
  return cleanCaption(nameOf(path)).slice(0, MAX_SET_NAME).trim();
}
