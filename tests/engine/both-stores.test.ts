import { beforeEach, describe, expect, it } from 'vitest';
import { bothStores } from '../../src/engine/store/both.ts';
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

  it('stays where it is when there is no room to give it another name', async () => {
    await begin(newer, 1);
    await begin(older, 2);
    const full: Store = { ...newer, write: () => Promise.reject(new LimnError({ kind: 'quota', neededBytes: 1 })) };
    await expect(settle(full, older)).rejects.toMatchObject({ failure: { kind: 'quota' } });
    expect((await allRuns(older)).map(({ begun }) => begun)).toEqual([2]);
    expect((await allRuns(newer)).map(({ begun }) => begun)).toEqual([1]);
  });
});
