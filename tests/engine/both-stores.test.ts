import { beforeEach, describe, expect, it } from 'vitest';
import { bothStores, sealed } from '../../src/engine/store/both.ts';
import { forgetModel, keepModel, ownModels } from '../../src/engine/store/models.ts';
import { addCheckpoint, allRuns, createRun, forgetRun, openRun, readFileOf } from '../../src/engine/store/runs.ts';
import { settle } from '../../src/engine/store/settle.ts';
import { memoryStore, type Store } from '../../src/engine/store/store.ts';
import { SETTINGS } from '../../src/engine/protocol-teaching.ts';
import { LimnError } from '../../src/failure.ts';
import { CARD } from '../support/fake-models.ts';

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

const begin = (store: Store, begun: number) =>
  createRun(
    store,
    {
      ...{ name: 'Tulips', parent: 'tiny', parentFiles: {}, settings: SETTINGS, examples: 2, captions: ['a', 'b'] },
      ...{ names: ['1', '2'], keptBack: 0, begun, updated: begun },
    },
    bytes(begun),
  );

const keep = (store: Store, name: string, byte: number) =>
  keepModel(store, { entry: { name, architecture: 'gan-int-cls', sizes: [16], config: {} }, card: { ...CARD, name } }, [
    { role: 'generator', ending: '.safetensors', bytes: bytes(byte) },
  ]);

const idsOf = async (store: Store) => (await ownModels(store)).map(({ entry }) => entry.id);

let older: Store;
let newer: Store;
beforeEach(() => {
  [older, newer] = [memoryStore(), memoryStore()];
});

describe('what an older store has', () => {
  it('is found, goes on in the newer one, and is forgotten in both', async () => {
    const begun = await addCheckpoint(older, await begin(older, 1), 10, bytes(10), [], 2);
    const model = await keep(older, 'Old', 7);
    await settle(newer, older);
    const both = bothStores(newer, older);
    const run = await openRun(both, begun.id);
    expect(run).toEqual(begun);
    const next = await addCheckpoint(both, run, 20, bytes(20), [], 3);
    expect(await newer.list(`runs/${run.id}`)).toEqual(['run.json', 'step-000020.safetensors']);
    expect(await older.list(`runs/${run.id}`)).toEqual(['data.safetensors', 'step-000010.safetensors']);
    expect(await both.list(`runs/${run.id}`)).toHaveLength(4);
    for (const { step, file } of next.checkpoints) expect(await readFileOf(both, next, file)).toEqual(bytes(step));
    await keep(both, 'New', 8);
    expect(await idsOf(both)).toEqual(['my-old', 'my-new']);

    await forgetModel(both, model.entry.id);
    expect(await idsOf(both)).toEqual(['my-new']);
    await forgetRun(both, run.id);
    expect([await both.list('runs'), await older.list('runs')]).toEqual([[], []]);
    expect(await older.list('models/files')).toEqual([]);
  });

  it('stands beside what the newer one has under the same name', async () => {
    const [first, second] = [await begin(newer, 1), await begin(older, 2)];
    expect(first.id).toBe(second.id);
    await keep(newer, 'Same', 1);
    await keep(older, 'Same', 2);
    await keep(older, 'Other', 3);
    await settle(newer, older);
    const both = bothStores(newer, older);
    const runs = await allRuns(both);
    expect(runs.map(({ id, begun }) => [id, begun])).toEqual([['tulips-2', 2], ['tulips', 1]]); // prettier-ignore
    for (const run of runs) expect(await readFileOf(both, run, run.data)).toEqual(bytes(run.begun));
    expect(await idsOf(both)).toEqual(['my-same', 'my-same-2', 'my-other']);
    // Once more, as at the next visit: nothing is doubled.
    await settle(newer, older);
    expect(await allRuns(both)).toEqual(runs);
    expect(await idsOf(both)).toHaveLength(3);
  });

  it('is the same run where a crash came between the newer index and its clearing up', async () => {
    const run = await begin(older, 1);
    const index = await older.read(`runs/${run.id}/run.json`);
    const both = bothStores(newer, older);
    await addCheckpoint(both, run, 10, bytes(10), [], 2);
    await older.write(`runs/${run.id}/run.json`, index!);
    await settle(newer, older);
    expect((await allRuns(both)).map(({ id, checkpoints }) => [id, checkpoints.length])).toEqual([['tulips', 1]]);
    expect(await older.read(`runs/${run.id}/run.json`)).toBeUndefined();
  });

  describe('stays where it is when there is no room to give it another name', () => {
    const quota = () => new LimnError({ kind: 'quota', neededBytes: 1 });
    /** The newer one, once nothing fits any more into what `refuses` says. */
    const refusing = (refuses: RegExp, error: Error = quota()): Store => ({
      ...newer,
      write: (path, bytes) => (refuses.test(path) ? Promise.reject(error) : newer.write(path, bytes)),
    });

    it('leaves no half of a copy, however often it is tried, and another attempt moves it', async () => {
      await begin(newer, 1);
      const run = await addCheckpoint(older, await begin(older, 2), 10, bytes(10), [], 2);
      for (let visit = 1; visit <= 3; visit++) {
        expect(await settle(refusing(/step-/), older)).toEqual(['runs/tulips']);
        expect(await newer.list('runs')).toEqual(['tulips']);
        expect(await allRuns(older)).toEqual([run]);
      }
      expect(await settle(newer, older)).toEqual([]);
      expect((await allRuns(bothStores(newer, older))).map(({ id }) => id)).toEqual(['tulips-2', 'tulips']);
    });

    it('and the others are still found, and what is done to its namesake leaves it alone', async () => {
      const first = await begin(newer, 1);
      const second = await addCheckpoint(older, await begin(older, 2), 10, bytes(10), [], 2);
      const third = await begin(older, 3);
      await keep(newer, 'Same', 1);
      const [shared] = [await keep(older, 'Same', 2), await keep(older, 'Other', 1)];
      const full = refusing(/./);
      const apart = await settle(full, older);
      expect(apart).toEqual(['models', 'runs/tulips']);
      const both = bothStores(newer, sealed(older, apart));
      expect((await allRuns(both)).map(({ id, begun }) => [id, begun])).toEqual([['tulips-2', 3], ['tulips', 1]]); // prettier-ignore
      expect(await readFileOf(both, third, third.data)).toEqual(bytes(3));
      expect(await idsOf(both)).toEqual(['my-same']);
      await addCheckpoint(both, first, 10, bytes(11), [], 4);
      await forgetRun(both, first.id);
      await forgetModel(both, 'my-same');
      expect(await allRuns(both)).toEqual([third]);
      expect(await allRuns(older)).toContainEqual(second);
      expect(await readFileOf(older, second, second.checkpoints[0]!.file)).toEqual(bytes(10));
      expect(await ownModels(older)).toContainEqual(shared);
      // Their files, too: one was the forgotten model's as well.
      expect(await older.list('models/files')).toHaveLength(4);
      // With room again all is one.
      expect(await settle(newer, older)).toEqual([]);
      expect(await idsOf(bothStores(newer, older))).toEqual(['my-same', 'my-other']);
    });

    it('and a fault that is no want of room is told', async () => {
      await begin(newer, 1);
      await begin(older, 2);
      await expect(settle(refusing(/run\.json/, new Error('it is on fire')), older)).rejects.toThrow('on fire');
      expect(await newer.list('runs')).toEqual(['tulips']);
    });
  });
});
