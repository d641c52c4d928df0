/**
 * The page's side of the engine: starts the worker, passes calls, and brings the worker back when the device or the
 * worker itself is lost.
 */
import { LimnError, type Failure } from '../failure.ts';
import type { Answer, BackendName, Device, Input, Output, Report, Request, Response, TaskName } from './protocol.ts';

export interface CallOptions<T extends TaskName> {
  readonly signal?: AbortSignal;
  readonly report?: (report: Report<T>) => void;
}

/** What the page shows about the machine below. */
export type EngineStatus =
  | { readonly phase: 'idle' }
  | { readonly phase: 'starting' }
  | { readonly phase: 'ready'; readonly device: Device }
  /** The device or the worker was lost; another is being started and the job will be replayed. */
  | { readonly phase: 'recovering'; readonly attempt: number; readonly because: Failure }
  | { readonly phase: 'failed'; readonly failure: Failure };

export interface Engine {
  /**
   * Rejects with LimnError; aborting the signal rejects with `cancelled`. One job runs at a time, in order. A job
   * that the device's loss cut off is run again from its start: its reports come again, with the same indices.
   * Training that is aborted first keeps where it stands: its call rejects when that is done, or with what kept it from it.
   */
  call<T extends TaskName>(task: T, input: Input<T>, options?: CallOptions<T>): Promise<Output<T>>;
  readonly status: EngineStatus;
  subscribe(listener: (status: EngineStatus) => void): () => void;
  /** Ends the worker and starts another with this backend; models load again from the cache. */
  restart(backend: BackendName | 'auto'): void;
}

/** The part of Worker that is needed, so that tests can hand in their own. */
export interface WorkerLike {
  postMessage(message: Request): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<Response>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}

/** Losses in a row, without a finished job between them, after which the engine gives up and says so. */
const MOST_LOSSES = 3;

/** Tasks that have something to put away when they are cancelled: they end when the worker says so. */
const PUTS_AWAY: ReadonlySet<TaskName> = new Set(['train']);

/** Tasks that look into the store alone. After the engine gave up, no model has to be brought back for them. */
const WITHOUT_MODEL: ReadonlySet<TaskName> = new Set([
  'runs',
  'run-examples',
  'forget-run',
  'own-models',
  'export-model',
  'forget-model',
  'storage',
  'unload',
]);

/** The id of the engine's own load after a loss; jobs count from 1. */
const RELOAD = 0;

interface Job {
  readonly request: Extract<Request, { type: 'call' }>;
  /** Hears the worker's answers to this job. */
  readonly hear: (answer: Response) => void;
  readonly fail: (failure: Failure) => void;
  /** It was cancelled, and puts away what it has. */
  leaving: boolean;
}

/** `start` makes a worker; it is called on the first call, not before. */
export function createEngine(start: () => WorkerLike): Engine {
  const jobs = new Map<number, Job>();
  const listeners = new Set<(status: EngineStatus) => void>();
  let status: EngineStatus = { phase: 'idle' };
  let worker: WorkerLike | undefined;
  let wanted: BackendName | 'auto' | undefined;
  let losses = 0;
  let lastId = 0;
  /** The worker was opened after the engine gave up, and holds nothing yet. */
  let bare = false;
  /** The load that was asked for last: its backend is the wanted one, and its model where none was there yet. */
  let lastLoad: Input<'load'> | undefined;
  /** That of the model which is there, while another may be on its way: a new worker begins with it. */
  let held: Input<'load'> | undefined;

  function become(next: EngineStatus): void {
    status = next;
    for (const listener of listeners) listener(next);
  }

  function open(): WorkerLike {
    const opened = start();
    let spoke = false;
    opened.onmessage = ({ data }) => {
      spoke = true;
      hear(data);
    };
    opened.onerror = (event) => {
      const detail = event.message || 'it could not start';
      lost({ kind: 'worker-ended', detail, ...(!spoke && { unheard: true }) });
    };
    opened.onmessageerror = () => lost({ kind: 'worker-ended', detail: 'a message could not be read' });
    return opened;
  }

  function close(): void {
    if (!worker) return;
    worker.onmessage = worker.onerror = worker.onmessageerror = null;
    worker.terminate();
    worker = undefined;
  }

  function hear(response: Response): void {
    if (response.type === 'trouble') return lost(response.failure);
    // What a worker says of its device is trouble, whoever asked.
    if (response.type === 'failed' && isLoss(response.failure)) return lost(response.failure);
    if (response.type === 'done' && response.task === 'load') {
      const request = jobs.get(response.id)?.request;
      if (request?.task === 'load') held = request.input;
      // A device that came back with nothing to do is as sound as one that did a job.
      if (response.id === RELOAD && jobs.size === 0) losses = 0;
      become({ phase: 'ready', device: response.output.device });
    }
    // Nobody waits for the engine's own load, so its failure is the status; so is that of a load that was to bring the
    // device back: it may have died before it could be called lost.
    if (response.type === 'failed' && isLoad(response.id)) become({ phase: 'failed', failure: response.failure });
    // What is kept need not be done again: an hour of training may lose more devices than a picture.
    if (response.type === 'report' && response.task === 'train' && response.report.stage === 'checkpoint') losses = 0;
    jobs.get(response.id)?.hear(response);
  }

  function isLoad(id: number): boolean {
    if (id === RELOAD) return true;
    return status.phase === 'recovering' && jobs.get(id)?.request.task === 'load';
  }

  /** Ends the worker, starts another and replays what was asked of it; gives up after MOST_LOSSES in a row. */
  function lost(because: Failure): void {
    close();
    losses += 1;
    if (losses >= MOST_LOSSES) {
      losses = 0;
      become({ phase: 'failed', failure: because });
      for (const job of [...jobs.values()]) job.fail(because);
      return;
    }
    become({ phase: 'recovering', attempt: losses, because });
    replay();
  }

  function replay(): void {
    // With the worker went what they were putting away.
    for (const job of [...jobs.values()]) if (job.leaving) job.fail({ kind: 'cancelled' });
    if (jobs.size === 0 && !lastLoad) return;
    worker = open();
    bare = false;
    const requests = [...jobs.values()].map(({ request }) => withBackend(request));
    // The first to come decides what computes; a load that stands further back then finds its model there.
    if (requests[0]?.task !== 'load') reload(worker);
    for (const request of requests) worker.postMessage(request);
  }

  /** Brings a new worker to where the last one was. */
  function reload(opened: WorkerLike): void {
    const input = lastLoad && { ...(held ?? lastLoad), backend: lastLoad.backend };
    if (input) opened.postMessage({ type: 'call', id: RELOAD, task: 'load', input });
  }

  /** A replayed load asks for the backend that is wanted now. */
  function withBackend(request: Job['request']): Job['request'] {
    return request.task === 'load' && wanted ? { ...request, input: { ...request.input, backend: wanted } } : request;
  }

  function call<T extends TaskName>(task: T, input: Input<T>, options: CallOptions<T> = {}): Promise<Output<T>> {
    const { signal, report } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new LimnError({ kind: 'cancelled' }));
      const id = ++lastId;
      const end = (): void => {
        jobs.delete(id);
        signal?.removeEventListener('abort', cancel);
      };
      const fail = (failure: Failure): void => {
        end();
        reject(new LimnError(failure));
      };
      const cancel = (): void => {
        worker?.postMessage({ type: 'cancel', id });
        const job = jobs.get(id);
        if (job && worker && PUTS_AWAY.has(task)) job.leaving = true;
        else fail({ kind: 'cancelled' });
      };
      signal?.addEventListener('abort', cancel);
      // A task and its own input are one of the union; TypeScript cannot follow that through a map.
      const request = { type: 'call', id, task, input } as Job['request'];
      if (request.task === 'load') lastLoad = request.input;
      const hearAnswer = (answer: Answer<T>): void => {
        if (answer.type === 'report') return report?.(answer.report);
        if (answer.type === 'failed') return fail(answer.failure);
        end();
        losses = 0;
        resolve(answer.output);
      };
      // Likewise: the worker answers a job in that job's own task.
      jobs.set(id, { request, hear: hearAnswer as Job['hear'], fail, leaving: false });
      if (!worker) {
        worker = open();
        bare = true;
      }
      if (bare && !WITHOUT_MODEL.has(task)) {
        bare = false;
        if (status.phase !== 'recovering') become({ phase: 'starting' });
        // The engine gave up: the page does not load again what it has loaded.
        if (task !== 'load') reload(worker);
      }
      worker.postMessage(request);
    });
  }

  return {
    call,
    get status() {
      return status;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    restart(choice) {
      wanted = choice;
      if (lastLoad) lastLoad = { ...lastLoad, backend: choice };
      losses = 0;
      close();
      become({ phase: jobs.size || lastLoad ? 'starting' : 'idle' });
      replay();
    },
  };
}

const isLoss = (failure: Failure): boolean => failure.kind === 'device-lost' || failure.kind === 'wrong-numbers';
