import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLane } from '../../src/state/lane.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A lane whose jobs wait until the test ends them. */
function fakeLane(spare: number[] = [], urgent: number[] = []) {
  const jobs: { items: readonly number[]; signal: AbortSignal; resolve: () => void; reject: (e: Error) => void }[] = [];
  const failures: unknown[] = [];
  let idles = 0;
  const lane = createLane<number>({
    rest: 100,
    work: (items, signal) =>
      new Promise((resolve, reject) => {
        jobs.push({ items, signal, resolve, reject });
      }),
    urgent: () => urgent.splice(0, 1),
    spare: () => spare.splice(0, 2),
    fail: (thrown) => failures.push(thrown),
    idle: () => idles++,
  });
  const end = async (how: 'resolve' | 'reject' = 'resolve') => {
    const job = jobs.at(-1);
    if (how === 'resolve') job?.resolve();
    else job?.reject(new Error('no'));
    await vi.advanceTimersByTimeAsync(0);
  };
  return { lane, jobs, failures, end, idles: () => idles, done: () => jobs.map(({ items }) => items) };
}

it('does one thing at a time, and of what waits only the newest', async () => {
  const { lane, end, done } = fakeLane();
  for (let i = 1; i <= 1000; i++) lane.ask(i);
  expect(done()).toEqual([[1]]);
  await end();
  expect(done()).toEqual([[1], [1000]]);
  await end();
  await vi.advanceTimersByTimeAsync(1000);
  expect(done()).toHaveLength(2);
});

it('does spare work after a rest, a few at a time, and a wish goes before it', async () => {
  const { lane, end, done, idles } = fakeLane([10, 11, 12]);
  lane.ask(1);
  await end();
  await vi.advanceTimersByTimeAsync(99);
  expect(done()).toEqual([[1]]);
  await vi.advanceTimersByTimeAsync(1);
  expect(done()).toEqual([[1], [10, 11]]);
  lane.ask(2);
  await end();
  expect(done().at(-1)).toEqual([2]);
  await end();
  await vi.advanceTimersByTimeAsync(100);
  expect(done().at(-1)).toEqual([12]);
  expect(idles()).toBe(0);
  await end();
  expect(idles()).toBe(1);
});

it('tells a failure only where nothing newer waits, and then leaves spare work alone', async () => {
  const { lane, end, done, failures } = fakeLane([10]);
  lane.ask(1);
  lane.ask(2);
  await end('reject');
  expect(failures).toEqual([]);
  expect(done().at(-1)).toEqual([2]);
  await end('reject');
  expect(failures).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(done()).toHaveLength(2);
  lane.more();
  await vi.advanceTimersByTimeAsync(100);
  expect(done().at(-1)).toEqual([10]);
});

it('stops: the job is aborted, what waits is forgotten, its end is not heard', async () => {
  const { lane, jobs, end, done, failures } = fakeLane([10]);
  lane.ask(1);
  lane.ask(2);
  lane.stop();
  expect(jobs[0]?.signal.aborted).toBe(true);
  await end('reject');
  await vi.advanceTimersByTimeAsync(1000);
  expect(done()).toEqual([[1]]);
  expect(failures).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  lane.ask(3);
  expect(done()).toEqual([[1], [3]]);
});

it('does what presses along with each wish, without a rest', async () => {
  const { lane, end, done } = fakeLane([10], [20, 21]);
  lane.ask(1);
  expect(done()).toEqual([[1, 20]]);
  lane.ask(2);
  await end();
  expect(done().at(-1)).toEqual([2, 21]);
  await end();
  expect(done()).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(100);
  expect(done().at(-1)).toEqual([10]);
});
