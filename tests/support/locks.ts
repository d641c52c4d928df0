/** navigator.locks as tabs of one origin see them, for tests under Node. */
import type { Locks } from '../../src/engine/weights/download.ts';

export function fakeLocks(): Locks {
  const held = new Set<string>();
  const waiting = new Map<string, (() => void)[]>();

  const turn = (name: string, signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      if (!held.has(name)) {
        held.add(name);
        return resolve();
      }
      const queue = waiting.get(name) ?? [];
      waiting.set(name, queue);
      queue.push(resolve);
      signal?.addEventListener('abort', () => {
        if (queue.includes(resolve)) queue.splice(queue.indexOf(resolve), 1);
        reject(new DOMException('given up', 'AbortError'));
      });
    });

  return {
    async request(name, { signal }, work) {
      await turn(name, signal);
      try {
        return await work();
      } finally {
        const next = waiting.get(name)?.shift();
        if (next) next();
        else held.delete(name);
      }
    },
  };
}
