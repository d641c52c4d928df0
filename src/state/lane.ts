/**
 * One painter, one job at a time, never a queue. Of what a person asks for while a job runs only the newest is
 * remembered; what is merely good to have is done a few at a time while they rest.
 */
export interface LaneOptions<T> {
  /** Rejects when it fails, or when its signal is aborted. */
  readonly work: (items: readonly T[], signal: AbortSignal) => Promise<void>;
  /** What is done along with every wish, and does not wait for the rest: few, and [] where nothing presses. */
  readonly urgent?: () => readonly T[];
  /** What is good to have next: a few, [] where nothing is missing. It is asked anew before every job. */
  readonly spare: () => readonly T[];
  /** A job failed and nothing waits. `spare` is not asked again before somebody calls `ask` or `more`. */
  readonly fail: (thrown: unknown) => void;
  /** Nothing is left to do. */
  readonly idle: () => void;
  /** Milliseconds without a wish after which spare work begins. */
  readonly rest: number;
}

export interface Lane<T> {
  /** Takes the place of whatever waits. */
  readonly ask: (item: T) => void;
  /** Nothing is asked for any more, but there may be spare work; it waits for the rest. */
  readonly more: () => void;
  /** Ends the running job and forgets what waits. */
  readonly stop: () => void;
}

export function createLane<T>({ work, urgent, spare, fail, idle, rest }: LaneOptions<T>): Lane<T> {
  let waiting: { readonly item: T } | null = null;
  let running: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let rested = false;

  function next(): void {
    if (running) return;
    const pressing = [...(waiting ? [waiting.item] : []), ...(urgent?.() ?? [])];
    const items = pressing.length === 0 && rested ? spare() : pressing;
    waiting = null;
    if (items.length === 0) {
      if (rested) idle();
      return;
    }
    const controller = new AbortController();
    running = controller;
    work(items, controller.signal).then(
      () => end(controller),
      (thrown: unknown) => end(controller, { thrown }),
    );
  }

  function end(controller: AbortController, failed?: { readonly thrown: unknown }): void {
    if (running !== controller) return; // it was stopped
    running = null;
    // What failed was of an older wish; the newer one may do better.
    if (failed && !waiting) {
      hush();
      fail(failed.thrown);
    } else next();
  }

  function hush(): void {
    clearTimeout(timer);
    rested = false;
  }

  function wish(item: T | null): void {
    hush();
    waiting = item === null ? null : { item };
    timer = setTimeout(() => {
      rested = true;
      next();
    }, rest);
    next();
  }

  return {
    ask: wish,
    more: () => wish(null),
    stop() {
      hush();
      waiting = null;
      running?.abort();
      running = null;
    },
  };
}
