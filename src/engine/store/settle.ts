/**
 * Before two stores become one: what stands under one name in both gets two names. Only where both were written to
 * while each was the only one, or where a crash came between a write and its clearing up.
 */
import { LimnError } from '../../failure.ts';
import { bothStores } from './both.ts';
import { adoptModels, ownModels } from './models.ts';
import { allRuns, freeId, pathOf, type KeptRun } from './runs.ts';
import { toJson, type Store } from './store.ts';

/**
 * `first` hides what `second` has under the same path, so `second` gives way.
 * → folders for whose other name there was no room: they stay in `second` as they are, and there may be room next time
 */
export async function settle(first: Store, second: Store): Promise<string[]> {
  const apart: string[] = [];
  const hidesModels = (await first.list('models')).includes('index.json');
  const adopted = await withRoom(async () => adoptModels(bothStores(first, second), await ownModels(second)));
  if (!adopted && hidesModels) apart.push('models');
  const known = new Map((await allRuns(first)).map((run) => [run.id, run]));
  for (const run of await allRuns(second)) {
    const twin = known.get(run.id);
    if (!twin) continue;
    // The same run: the first went on with it, whatever the second's index says.
    if (twin.begun === run.begun && twin.data.sha256 === run.data.sha256)
      await second.remove(pathOf(run.id, 'run.json'));
    else if (!(await withRoom(() => move(run, second, first)))) apart.push(`runs/${run.id}`);
  }
  return apart;
}

/** To an id that is free in both; the index last. */
async function move(run: KeptRun, from: Store, to: Store): Promise<void> {
  const folder = `runs/${run.id}`;
  const id = freeId(run.name, new Set([...(await from.list('runs')), ...(await to.list('runs'))]));
  try {
    for (const name of await from.list(folder)) {
      const bytes = await from.read(pathOf(run.id, name));
      if (bytes && name !== 'run.json') await to.write(pathOf(id, name), bytes);
    }
    await to.write(pathOf(id, 'run.json'), toJson({ ...run, id }));
  } catch (error) {
    // Half a copy is no run, and would stand in the way of the next attempt.
    await to.remove(`runs/${id}`);
    throw error;
  }
  await from.remove(folder);
}

/** Whether there was room for it. */
async function withRoom(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof LimnError && error.failure.kind === 'quota') return false;
    throw error;
  }
}
