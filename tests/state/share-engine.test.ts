import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Output } from '../../src/engine/protocol.ts';
import { shareEngine } from '../../src/state/share-engine.ts';
import { FakeEngine, settle } from '../support/fake-engine.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const trained = { stopped: 'finished' } as unknown as Output<'train'>;

function shared() {
  const engine = new FakeEngine();
  return { engine, polite: shareEngine(engine, 1000) };
}

describe('training gives way', () => {
  it('to whatever else is asked for, and goes on when it was quiet for a while', async () => {
    const { engine, polite } = shared();
    const heard: unknown[] = [];
    const training = polite.call('train', { run: 'a', until: 9 }, { report: (r) => heard.push(r) });
    const first = engine.latest('train');
    void polite.call('runs', {});
    await settle();
    expect(first.options.signal?.aborted).toBe(true);
    expect(engine.count('train')).toBe(1);
    engine.latest('runs').resolve([]);
    await settle();
    vi.advanceTimersByTime(600);
    // Another call within the rest: it begins anew.
    void polite.call('own-models', {});
    engine.latest('own-models').resolve([]);
    await settle();
    vi.advanceTimersByTime(600);
    await settle();
    expect(engine.count('train')).toBe(1);
    vi.advanceTimersByTime(400);
    await settle();
    expect(engine.count('train')).toBe(2);
    expect(engine.latest('train').input).toEqual({ run: 'a', until: 9 });
    engine.latest('train').options.report?.({ stage: 'device' });
    engine.latest('train').resolve(trained);
    await expect(training).resolves.toBe(trained);
    expect(heard).toEqual([{ stage: 'device' }]);
  });

  it('waits while others are at work, however many', async () => {
    const { engine, polite } = shared();
    void polite.call('train', { run: 'a', until: 9 }).catch(() => undefined);
    void polite.call('runs', {});
    void polite.call('own-models', {});
    engine.latest('runs').resolve([]);
    await settle();
    vi.advanceTimersByTime(5000);
    await settle();
    expect(engine.count('train')).toBe(1);
    engine.latest('own-models').resolve([]);
    await settle();
    vi.advanceTimersByTime(1000);
    await settle();
    expect(engine.count('train')).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('begins at once, even behind others: the engine takes one after another', () => {
    const { engine, polite } = shared();
    void polite.call('runs', {});
    void polite.call('train', { run: 'a', until: 9 }).catch(() => undefined);
    expect(engine.count('train')).toBe(1);
    expect(engine.latest('train').options.signal?.aborted).toBe(false);
  });

  it.each([false, true])('a person who pauses it ends it; having given way: %s', async (gaveWay) => {
    const { engine, polite } = shared();
    const abort = new AbortController();
    const training = polite.call('train', { run: 'a', until: 9 }, { signal: abort.signal });
    const ended = expect(training).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
    if (gaveWay) {
      void polite.call('runs', {});
      await settle();
    }
    abort.abort();
    await ended;
    if (gaveWay) engine.latest('runs').resolve([]);
    await settle();
    vi.advanceTimersByTime(5000);
    await settle();
    expect(engine.count('train')).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('what could not be kept when it gave way is told at once, and it does not go on', async () => {
    const { engine, polite } = shared();
    engine.putsAway = true;
    const training = polite.call('train', { run: 'a', until: 9 });
    void polite.call('runs', {});
    engine.latest('train').reject({ kind: 'unkept', detail: 'no room' });
    await expect(training).rejects.toMatchObject({ failure: { kind: 'unkept' } });
    engine.latest('runs').resolve([]);
    await settle();
    vi.advanceTimersByTime(5000);
    await settle();
    expect(engine.count('train')).toBe(1);
  });

  it('its failures are its own', async () => {
    const { engine, polite } = shared();
    const training = polite.call('train', { run: 'a', until: 9 });
    engine.latest('train').reject({ kind: 'quota', neededBytes: 5 });
    await expect(training).rejects.toMatchObject({ failure: { kind: 'quota' } });
    expect(engine.count('train')).toBe(1);
  });
});
