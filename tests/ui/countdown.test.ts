import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { countdown } from '../../src/ui/countdown.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('stands still while it is held, and ends once', () => {
  let held = false;
  const end = vi.fn();
  countdown(5000, () => held, end);
  vi.advanceTimersByTime(4000);
  held = true;
  vi.advanceTimersByTime(60_000);
  held = false;
  vi.advanceTimersByTime(500);
  expect(end).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(end).toHaveBeenCalledTimes(1);
});

it('that is stopped never ends', () => {
  const end = vi.fn();
  const stop = countdown(1000, () => false, end);
  stop();
  vi.advanceTimersByTime(5000);
  expect(end).not.toHaveBeenCalled();
});
