import { describe, expect, it } from 'vitest';
import { createEngine, type EngineStatus, type WorkerLike } from '../../src/engine/client.ts';
import type { Request, Response } from '../../src/engine/protocol.ts';
import { LimnError, type Failure } from '../../src/failure.ts';
import { tinyRecipe } from '../support/engine.ts';

/** A worker that does nothing by itself: the test reads what it was sent, and speaks for it. */
class Puppet implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  onmessageerror: WorkerLike['onmessageerror'] = null;
  readonly heard: Request[] = [];
  ended = false;
  postMessage(message: Request): void {
    this.heard.push(structuredClone(message));
  }
  terminate(): void {
    this.ended = true;
  }
  say(response: Response): void {
    this.onmessage?.({ data: response } as MessageEvent<Response>);
  }
}

function puppets() {
  const workers: Puppet[] = [];
  const engine = createEngine(() => {
    const worker = new Puppet();
    workers.push(worker);
    return worker;
  });
  const phases: EngineStatus['phase'][] = [];
  engine.subscribe(({ phase }) => phases.push(phase));
  const last = (): Puppet => {
    const worker = workers.at(-1);
    if (!worker) throw new Error('no worker was started');
    return worker;
  };
  return { engine, workers, phases, last };
}

const LOST: Failure = { kind: 'device-lost', detail: 'pulled out' };
const generate = { recipe: tinyRecipe(), count: 2 };
const outcome = (run: Promise<unknown>) =>
  run.catch((error: unknown) => (error instanceof LimnError ? error.failure : 'another error'));

describe('the engine as the page sees it', () => {
  it('starts no worker before the first call', () => {
    const { workers, engine } = puppets();
    expect(workers).toHaveLength(0);
    void engine.call('generate', generate);
    expect(workers).toHaveLength(1);
  });

  it('passes reports and the answer to the call that they belong to', async () => {
    const { engine, last } = puppets();
    const reports: number[] = [];
    const first = engine.call('unload', { model: 'a' });
    const second = engine.call('unload', { model: 'b' });
    const painting = engine.call('generate', generate, { report: ({ index }) => reports.push(index) });
    const picture = { recipe: tinyRecipe(), pixels: { width: 1, height: 1, data: new Uint8ClampedArray(4) } };
    last().say({ type: 'report', id: 3, task: 'generate', report: { index: 5, picture } });
    last().say({ type: 'done', id: 2, task: 'unload', output: { freedBytes: 2 } });
    last().say({ type: 'done', id: 1, task: 'unload', output: { freedBytes: 1 } });
    last().say({ type: 'done', id: 3, task: 'generate', output: { pictures: 2, milliseconds: 9 } });
    expect(await first).toEqual({ freedBytes: 1 });
    expect(await second).toEqual({ freedBytes: 2 });
    expect(await painting).toEqual({ pictures: 2, milliseconds: 9 });
    expect(reports).toEqual([5]);
  });

  it('rejects with the failure that the worker tells', async () => {
    const { engine, last } = puppets();
    const run = engine.call('unload', { model: 'roses' });
    last().say({ type: 'failed', id: 1, failure: { kind: 'unknown-model', id: 'roses' } });
    expect(await outcome(run)).toEqual({ kind: 'unknown-model', id: 'roses' });
  });

  it('cancels at once, and tells the worker', async () => {
    const { engine, last } = puppets();
    const abort = new AbortController();
    const run = engine.call('generate', generate, { signal: abort.signal });
    abort.abort();
    expect(await outcome(run)).toEqual({ kind: 'cancelled' });
    expect(last().heard.at(-1)).toEqual({ type: 'cancel', id: 1 });
    expect(await outcome(engine.call('generate', generate, { signal: abort.signal }))).toEqual({ kind: 'cancelled' });
    expect(last().heard).toHaveLength(2);
  });

  it('hears how training that was cancelled put away what it had', async () => {
    const { engine, last } = puppets();
    const points: string[] = [];
    const train = async (answer: Failure) => {
      const abort = new AbortController();
      const report = ({ stage }: { stage: string }) => void points.push(stage);
      const run = outcome(engine.call('train', { run: 'a', until: 9 }, { signal: abort.signal, report }));
      abort.abort();
      const { heard } = last();
      const call = heard.findLast(({ type }) => type === 'call');
      expect(heard.at(-1)).toEqual({ type: 'cancel', id: call?.id });
      last().say({ type: 'report', id: call!.id, task: 'train', report: { stage: 'device' } });
      last().say({ type: 'failed', id: call!.id, failure: answer });
      return run;
    };
    expect(await train({ kind: 'cancelled' })).toEqual({ kind: 'cancelled' });
    expect(await train({ kind: 'unkept', detail: 'no room' })).toEqual({ kind: 'unkept', detail: 'no room' });
    expect(points).toEqual(['device', 'device']);
  });

  it('does not train again what was cancelled when the device is lost', async () => {
    const { engine, workers, last } = puppets();
    const abort = new AbortController();
    const run = engine.call('train', { run: 'a', until: 9 }, { signal: abort.signal });
    const other = engine.call('unload', { model: 'a' });
    abort.abort();
    workers[0]?.say({ type: 'trouble', failure: LOST });
    expect(await outcome(run)).toEqual({ kind: 'cancelled' });
    expect(last().heard).toMatchObject([{ task: 'unload' }]);
    last().say({ type: 'done', id: 2, task: 'unload', output: { freedBytes: 1 } });
    expect(await other).toEqual({ freedBytes: 1 });
  });

  it('replays what was under way when the device is lost', async () => {
    const { engine, workers, phases, last } = puppets();
    const run = engine.call('generate', generate);
    const [first] = workers;
    first?.say({ type: 'trouble', failure: LOST });
    expect(first?.ended).toBe(true);
    expect(workers).toHaveLength(2);
    expect(last().heard).toEqual(first?.heard);
    expect(phases).toEqual(['starting', 'recovering']);
    last().say({ type: 'done', id: 1, task: 'generate', output: { pictures: 2, milliseconds: 9 } });
    expect(await run).toMatchObject({ pictures: 2 });
  });

  it('loads again, on the backend that was asked for, before it replays', async () => {
    const { engine, last, phases } = puppets();
    const device = { backend: 'wasm', adapter: 'test', passedOver: [] } as const;
    const output = { id: 'a', device, downloadedBytes: 0, parameters: 1, milliseconds: 1 };
    const load = engine.call('load', { model: 'a', backend: 'wasm' });
    last().say({ type: 'done', id: 1, task: 'load', output });
    await load;
    void engine.call('generate', generate);
    last().say({ type: 'trouble', failure: LOST });
    expect(last().heard).toMatchObject([
      { id: 0, task: 'load', input: { model: 'a', backend: 'wasm' } },
      { id: 2, task: 'generate' },
    ]);
    last().say({ type: 'done', id: 0, task: 'load', output });
    expect(phases).toEqual(['starting', 'ready', 'recovering', 'ready']);
    // One that is still on its way comes in its turn, and holds nobody up.
    void engine.call('load', { model: 'b', backend: 'wasm' });
    last().say({ type: 'trouble', failure: LOST });
    expect(last().heard).toMatchObject([
      { id: 0, task: 'load', input: { model: 'a', backend: 'wasm' } },
      { id: 2, task: 'generate' },
      { id: 3, task: 'load', input: { model: 'b', backend: 'wasm' } },
    ]);
  });

  it('loads first, on the backend that was chosen, where another load waits behind a painting', () => {
    const { engine, last } = puppets();
    void engine.call('generate', generate);
    void engine.call('load', { model: 'b', backend: 'auto' });
    engine.restart('wasm');
    // What comes first opens the device: a painting would take the best one.
    const again = { model: 'b', backend: 'wasm' };
    expect(last().heard).toMatchObject([
      { id: 0, task: 'load', input: again },
      { id: 1, task: 'generate' },
      { id: 2, task: 'load', input: again },
    ]);
  });

  it('takes a failed job whose device was lost for a lost device, not for an answer', async () => {
    const { engine, workers, last } = puppets();
    const run = engine.call('generate', generate);
    last().say({ type: 'failed', id: 1, failure: LOST });
    expect(workers).toHaveLength(2);
    last().say({ type: 'done', id: 1, task: 'generate', output: { pictures: 2, milliseconds: 9 } });
    expect(await run).toMatchObject({ pictures: 2 });
  });

  it('gives up after losses in a row, says why, and can be asked again', async () => {
    const { engine, workers, last } = puppets();
    const run = engine.call('generate', generate);
    for (let i = 0; i < 3; i++) last().say({ type: 'trouble', failure: LOST });
    expect(await outcome(run)).toEqual(LOST);
    expect(engine.status).toEqual({ phase: 'failed', failure: LOST });
    expect(workers).toHaveLength(3);
    expect(workers.every((worker) => worker.ended)).toBe(true);
    void engine.call('generate', generate);
    expect(workers).toHaveLength(4);
  });

  it('loads again, on the backend that was asked for, when it is asked again after it gave up', async () => {
    const { engine, last } = puppets();
    const device = { backend: 'wasm', adapter: 'test', passedOver: [] } as const;
    const output = { id: 'a', device, downloadedBytes: 0, parameters: 1, milliseconds: 1 };
    const load = engine.call('load', { model: 'a', backend: 'wasm' });
    last().say({ type: 'done', id: 1, task: 'load', output });
    await load;
    const run = outcome(engine.call('generate', generate));
    for (let i = 0; i < 3; i++) last().say({ type: 'trouble', failure: LOST });
    await run;
    const again = outcome(engine.call('generate', generate));
    expect(last().heard).toMatchObject([
      { id: 0, task: 'load', input: { model: 'a', backend: 'wasm' } },
      { id: 3, task: 'generate' },
    ]);
    expect(engine.status).toEqual({ phase: 'starting' });
    last().say({ type: 'done', id: 0, task: 'load', output });
    expect(engine.status).toEqual({ phase: 'ready', device });
    for (let i = 0; i < 3; i++) last().say({ type: 'trouble', failure: LOST });
    await again;
    // A load needs none before it.
    void engine.call('load', { model: 'b', backend: 'cpu' });
    expect(last().heard).toMatchObject([{ id: 4, task: 'load', input: { model: 'b' } }]);
  });

  it('looks into the store without the model that it gave up on', async () => {
    const { engine, last } = puppets();
    const load = outcome(engine.call('load', { model: 'heavy', backend: 'webgpu' }));
    for (let i = 0; i < 3; i++) last().say({ type: 'trouble', failure: LOST });
    await load;
    const runs = engine.call('runs', {});
    void engine.call('forget-model', { model: 'heavy' });
    expect(last().heard).toMatchObject([
      { id: 2, task: 'runs' },
      { id: 3, task: 'forget-model' },
    ]);
    last().say({ type: 'done', id: 2, task: 'runs', output: [] });
    expect(await runs).toEqual([]);
    expect(engine.status.phase).toBe('failed');
    // What paints does bring it back, once.
    void engine.call('generate', generate);
    void engine.call('generate', generate);
    expect(last().heard.slice(2)).toMatchObject([
      { id: 0, task: 'load', input: { model: 'heavy' } },
      { id: 4, task: 'generate' },
      { id: 5, task: 'generate' },
    ]);
  });

  it('says so when the load that was to bring the device back fails in another way', async () => {
    const { engine, last } = puppets();
    const loading = outcome(engine.call('load', { model: 'tiny', backend: 'webgpu' }));
    last().say({ type: 'trouble', failure: LOST });
    expect(engine.status.phase).toBe('recovering');
    // The device died before anybody listened: to the worker there is none.
    const none: Failure = { kind: 'no-backend', tried: [] };
    last().say({ type: 'failed', id: 1, failure: none });
    expect(await loading).toEqual(none);
    expect(engine.status).toEqual({ phase: 'failed', failure: none });
  });

  it('counts losses anew after a job that ended well', async () => {
    const { engine, last } = puppets();
    for (let round = 0; round < 3; round++) {
      const run = engine.call('unload', { model: 'a' });
      last().say({ type: 'trouble', failure: LOST });
      last().say({ type: 'trouble', failure: LOST });
      last().say({ type: 'done', id: round + 1, task: 'unload', output: { freedBytes: round } });
      expect(await run).toEqual({ freedBytes: round });
    }
  });

  it('counts losses anew after a step of training that is kept', async () => {
    const { engine, last } = puppets();
    const run = engine.call('train', { run: 'a', until: 9 });
    const checkpoint = { stage: 'checkpoint', step: 1, bytes: 1, checkpoints: [0, 1] } as const;
    for (let round = 0; round < 3; round++) {
      last().say({ type: 'trouble', failure: LOST });
      last().say({ type: 'trouble', failure: LOST });
      last().say({ type: 'report', id: 1, task: 'train', report: checkpoint });
    }
    expect(engine.status.phase).toBe('recovering');
    for (let loss = 0; loss < 3; loss++) last().say({ type: 'trouble', failure: LOST });
    expect(await outcome(run)).toEqual(LOST);
  });

  it('counts losses anew after a device that came back while nobody asked for anything', async () => {
    const { engine, workers, last } = puppets();
    const device = { backend: 'wasm', adapter: 'test', passedOver: [] } as const;
    const output = { id: 'a', device, downloadedBytes: 0, parameters: 1, milliseconds: 1 };
    const load = engine.call('load', { model: 'a', backend: 'auto' });
    last().say({ type: 'done', id: 1, task: 'load', output });
    await load;
    for (let sleep = 0; sleep < 4; sleep++) {
      last().say({ type: 'trouble', failure: LOST });
      last().say({ type: 'done', id: 0, task: 'load', output });
    }
    expect(engine.status.phase).toBe('ready');
    expect(workers).toHaveLength(5);
    // A job that takes the device with it every time is no such thing.
    const run = outcome(engine.call('generate', generate));
    for (let i = 0; i < 3; i++) {
      last().say({ type: 'done', id: 0, task: 'load', output });
      last().say({ type: 'trouble', failure: LOST });
    }
    expect(await run).toEqual(LOST);
  });

  it('tells a worker that never spoke, as one whose script is gone, from one that ended', () => {
    const { engine, workers } = puppets();
    void engine.call('unload', { model: 'a' });
    const [first] = workers;
    first?.onerror?.({} as ErrorEvent);
    const unheard = { kind: 'worker-ended', detail: 'it could not start', unheard: true };
    expect(engine.status).toMatchObject({ phase: 'recovering', because: unheard });
    const [, second] = workers;
    second?.say({ type: 'report', id: 1, task: 'load', report: { stage: 'device' } });
    second?.onerror?.({ message: 'out of memory' } as ErrorEvent);
    const because = { kind: 'worker-ended', detail: 'out of memory' };
    expect(engine.status).toEqual({ phase: 'recovering', attempt: 2, because });
  });

  it('brings back a worker that died, and hears nothing from the dead one', async () => {
    const { engine, workers, last } = puppets();
    const run = engine.call('unload', { model: 'a' });
    const [first] = workers;
    first?.onerror?.({ message: 'out of memory' } as ErrorEvent);
    expect(engine.status).toMatchObject({ phase: 'recovering', because: { kind: 'worker-ended' } });
    first?.say({ type: 'done', id: 1, task: 'unload', output: { freedBytes: 666 } });
    last().say({ type: 'done', id: 1, task: 'unload', output: { freedBytes: 1 } });
    expect(await run).toEqual({ freedBytes: 1 });
  });

  it('loads on the backend that was chosen in mid-load', () => {
    const { engine, workers, last } = puppets();
    void engine.call('load', { model: 'a', backend: 'auto' });
    engine.restart('wasm');
    expect(workers).toHaveLength(2);
    expect(last().heard).toMatchObject([{ task: 'load', input: { model: 'a', backend: 'wasm' } }]);
  });
});
