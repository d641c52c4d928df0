/** What the parts of the fake worker share: how it is asked to behave, and the bench that each of them works on. */
import type { Failure } from '../../src/failure.ts';
import type { Device, Input, Picture, Response, TaskName } from '../../src/engine/protocol.ts';

export interface FakeWorkerOptions {
  /** Milliseconds between two reports of loading; there are about ten. */
  readonly loadStep: number;
  /** Milliseconds a picture. */
  readonly paintStep: number;
  /** Loading stops for good after so many reports. */
  readonly loadStops: number | null;
  /** Of each painting only so many pictures come. */
  readonly paintStops: number | null;
  readonly loadFails: Failure | null;
  /** After so many pictures the device is lost: the first worker only, or every one. */
  readonly losesAt: number | null;
  readonly losesAlways: boolean;
  readonly device: Device;
  /** What the mirror reads in every picture. */
  readonly reads: string;
  /** Milliseconds between two reports of the mirror's loading, and that it reads. */
  readonly readStep: number;
  /** Fetching the mirror stops for good after so many reports, until it is cancelled; the next time it does not. */
  readonly readStops: number | null;
  readonly readFails: Failure | null;
  /** A refinement of a style stops for good after so many steps. */
  readonly invertStops: number | null;
  /** Loading and reading fail the first time only. */
  readonly failsOnce: boolean;
  readonly invertFails: Failure | null;
  /** An improvement stops for good after so many steps. */
  readonly improveStops: number | null;
  /** Milliseconds a step of training. */
  readonly trainStep: number;
  /** Training goes astray at this step. */
  readonly divergesAt: number | null;
  /** The first step that a pause wants to keep cannot be kept; the next call can. */
  readonly keepFails: Failure | null;
  readonly rehearseSeconds: number;
  readonly cannotTrain: string | null;
  readonly quotaBytes: number | null;
  readonly importFails: Failure | null;
}

export const DEFAULTS: FakeWorkerOptions = {
  loadStep: 0,
  paintStep: 5,
  loadStops: null,
  paintStops: null,
  loadFails: null,
  losesAt: null,
  losesAlways: false,
  device: {
    backend: 'webgpu',
    adapter: 'Compass and Ruler',
    passedOver: [{ backend: 'webgl', reason: 'a test said so' }],
  },
  reads: 'this flower has white petals and a yellow center',
  readStep: 5,
  readStops: null,
  readFails: null,
  invertStops: null,
  failsOnce: false,
  invertFails: null,
  improveStops: null,
  trainStep: 5,
  divergesAt: null,
  keepFails: null,
  rehearseSeconds: 0.2,
  cannotTrain: null,
  quotaBytes: 2e9,
  importFails: null,
};

/** Made anew in every worker. */
export interface Bench {
  readonly options: FakeWorkerOptions;
  /** Ids of the calls that nobody waits for any more. */
  readonly cancelled: ReadonlySet<number>;
  readonly post: (message: Response) => void;
  readonly wait: (milliseconds: number) => Promise<unknown>;
  readonly flower: (recipe: Picture['recipe']) => Picture['pixels'];
}

export type Handlers = { readonly [T in TaskName]: (id: number, input: Input<T>) => Promise<void> | void };

/** Some of the engine's tasks. It is sent to the browser as text, so it stands alone: it knows the bench and no import. */
export type Part = (bench: Bench) => Partial<Handlers>;
