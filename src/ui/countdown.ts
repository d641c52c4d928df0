/** Milliseconds. */
const TICK = 500;

/** Calls `end` after so many milliseconds, of which those do not count in which it is `held`. Answers how to stop it. */
export function countdown(lasts: number, held: () => boolean, end: () => void): () => void {
  const timer = setInterval(() => {
    if (held()) return;
    lasts -= TICK;
    if (lasts > 0) return;
    clearInterval(timer);
    end();
  }, TICK);
  return () => clearInterval(timer);
}
