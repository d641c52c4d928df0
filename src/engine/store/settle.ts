/**
 * Before two stores become one: what stands under one name in both gets two names. Only where both were written to
 * while each was the only one, or where a crash came between a write and its clearing up.
 */
import { bothStores } from './both.ts';
import { adoptModels, ownModels } from './models.ts';
import { allRuns, freeId, pathOf, type KeptRun } from './runs.ts';
import { toJson, type Store } from './store.ts';

/** `first` hides what `second` has under the same path, so `second` gives way. Throws LimnError quota. */
export async function settle(first: Store, second: Store): Promise<void> {
  await adoptModels(bothStores(first, second), await ownModels(second));
  const known = new Map((await allRuns(first)).map((run) => [run.id, run]));
  for (const run of await allRuns(second)) {
    const twin = known.get(run.id);
    if (!twin) continue;
    // The same run: the first went on with it, whatever the second's index says.
    if (twin.begun === run.begun && twin.data.sha256 === run.data.sha256)
      await second.remove(pathOf(run.id, 'run.json'));
    else await move(run, second, first);
  }
}

/** To an id that is free in both; the index last. */
async function move(run: KeptRun, from: Store, to: Store): Promise<void> {
  const folder = `runs/${run.id}`;
  const id = freeId(run.name, new Set([...(await from.list('runs')), ...(await to.list('runs'))]));
  for (const name of await from.list(folder)) {
    const bytes = await from.read(pathOf(run.id, name));
    if (bytes && name !== 'run.json') await to.write(pathOf(id, name), bytes);
  }
  await to.write(pathOf(id, 'run.json'), toJson({ ...run, id }));
  await from.remove(folder);
}
