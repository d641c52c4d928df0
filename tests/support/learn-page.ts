/** Put into a page by tests/e2e/learn.spec.ts: a run of training on a backend of the browser, over one of its stores. */
import { createHost, type Host } from '../../src/engine/host.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import type { Point, Run } from '../../src/engine/protocol-teaching.ts';
import { indexedDbStore } from '../../src/engine/store/indexeddb.ts';
import { opfsStore } from '../../src/engine/store/opfs.ts';
import type { Store } from '../../src/engine/store/store.ts';
import { openTabStore } from '../../src/engine/store/tab.ts';
import { httpSource } from '../../src/engine/weights/source.ts';
import { BRISK, examples } from './lesson.ts';

/** As script-page.ts serves them. */
const WASM = Object.fromEntries(
  ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'].map((file) => [
    file,
    `wasm/${file}`,
  ]),
);

const silent = () => ({ signal: new AbortController().signal, report: () => undefined });

export interface Learnt {
  readonly backend: string;
  readonly kind: Store['kind'];
  readonly run: Run;
  readonly points: readonly Point[];
}

/** Begins a run and trains it to its end, or goes on with the one that is there. */
async function learn(host: Host, backend: BackendName, until: number): Promise<Learnt> {
  const { device } = await host('load', { model: 'tiny', backend }, silent());
  const input = { name: 'Tulips', model: 'tiny', examples: examples(4), settings: BRISK };
  const [known] = await host('runs', {}, silent());
  const run = known ?? (await host('begin-run', input, silent()));
  const points: Point[] = [];
  const report = (one: { stage: string; point?: Point }): void => void (one.point && points.push(one.point));
  const trained = await host('train', { run: run.id, until }, { ...silent(), report });
  const { kind } = await host('storage', {}, silent());
  return { backend: device.backend, kind, run: trained.run, points };
}

/** `tab`: whatever the tab itself would take. */
export type Kind = Store['kind'] | 'tab';

async function storeOf(kind: Kind): Promise<Store> {
  if (kind === 'tab') return openTabStore();
  const store = await (kind === 'opfs' ? opfsStore : indexedDbStore)(navigator.storage);
  if (!store) throw new Error(`there is no ${kind} here`);
  return store;
}

async function learnHere(backend: BackendName, kind: Kind, until: number): Promise<Learnt> {
  const troubles: string[] = [];
  const host = createHost(
    { backends: [backend], gpu: navigator.gpu, wasm: { paths: WASM, threads: 1 }, now: () => performance.now() },
    httpSource(new URL('models/manifest.json', location.href).href),
    (failure) => troubles.push(failure.kind),
    () => storeOf(kind),
  );
  const found = await learn(host, backend, until);
  if (troubles.length > 0) throw new Error(`the device was in trouble: ${troubles.join(', ')}`);
  return found;
}

/** What a store does, in one line each. */
async function useStore(kind: Store['kind']): Promise<unknown> {
  const store = await storeOf(kind);
  await store.write('a/b/one', Uint8Array.of(1, 2));
  await store.write('a/two', Uint8Array.of(3));
  await store.write('a/two', Uint8Array.of(4, 5));
  const listed = [await store.list('a'), await store.list('a/b'), await store.list('none')];
  const read = [...((await store.read('a/two')) ?? [])];
  const absent = [await store.read('a'), await store.read('a/three'), await store.read('x/y')];
  await store.remove('a/b');
  await store.remove('none/at/all');
  const after = [await store.list('a'), (await store.read('a/b/one')) ?? 'gone'];
  await store.remove('a');
  const { usedBytes, quotaBytes } = await store.room();
  return { listed, read, absent: absent.map((one) => one ?? 'none'), after, empty: await store.list('a'), room: usedBytes >= 0 && quotaBytes !== null }; // prettier-ignore
}

Object.assign(globalThis, { learnHere, useStore });
