/**
 * What the page keeps between visits. Storage may be missing (private mode), full or hold junk that another program
 * wrote; none of that may stop a person from painting, so every fault reads as "nothing kept".
 */
export interface Storage {
  read(key: string): unknown;
  write(key: string, value: unknown): void;
}

const PREFIX = 'limn.';
const MAX_LENGTH = 500_000;

type Shelf = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

/** `shelf` is asked for each time: in some browsers the mere access to `localStorage` throws. */
export function storage(shelf: () => Shelf): Storage {
  return {
    read(key) {
      try {
        const text = shelf().getItem(PREFIX + key);
        if (text === null || text.length > MAX_LENGTH) return undefined;
        return JSON.parse(text) as unknown;
      } catch {
        return undefined;
      }
    },
    write(key, value) {
      try {
        shelf().setItem(PREFIX + key, JSON.stringify(value));
      } catch {
        // Kept for this visit only.
      }
    },
  };
}
