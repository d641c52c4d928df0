/**
 * Several tabs share one store. A run is trained in one of them only, and what many write, an index, is written by one
 * after the other. Where a browser has no locks, or refuses them, all goes on without.
 */
import { LimnError } from '../../failure.ts';
import { throwIfCancelled } from '../weights/transfer.ts';
import type { Store } from './store.ts';

/** A worker that was just ended may hold its locks a moment longer, and is no other tab. Milliseconds. */
const PATIENCE = 2000;

/** `work`, when nobody else who shares the store is at `name`. */
export function inTurn<T>(store: Store, name: string, work: () => Promise<T>): Promise<T> {
  return locked(store, name, undefined, work);
}

/** `work`, unless another tab is at this run. Throws LimnError elsewhere. */
export async function onlyHere<T>(
  store: Store,
  run: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
  patience = PATIENCE,
): Promise<T> {
  const wait = new AbortController();
  const end = (): void => wait.abort();
  const timer = setTimeout(end, patience);
  signal?.addEventListener('abort', end);
  const settled = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  };
  try {
    return await locked(store, `run/${run}`, wait.signal, () => {
      settled();
      return work();
    });
  } catch (error) {
    if (wait.signal.aborted) throwIfCancelled(signal);
    throw error;
  } finally {
    settled();
  }
}

async function locked<T>(
  { locks }: Store,
  name: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!locks) return work();
  let begun = false;
  try {
    return await locks.request(`limn-store/${name}`, signal ? { signal } : {}, () => {
      begun = true;
      return work();
    });
  } catch (error) {
    if (begun) throw error;
    if (signal?.aborted) throw new LimnError({ kind: 'elsewhere' }, { cause: error });
    // Refused altogether (opaque origins): then nobody else shares the store either.
    return work();
  }
}
