/**
 * The whole conversation between page and engine, on one screen. Client and worker both derive from
 * `Tasks`; what crosses is plain data and transferred pixels, never tensors.
 */
import type { Failure } from '../failure.ts';
import type { Recipe } from '../recipe.ts';

export const BACKENDS = ['webgpu', 'webgl', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** What computes, as found by the known-answer check. */
export interface Device {
  readonly backend: BackendName;
  /** The adapter's name as the platform tells it, for instance "NVIDIA H200" or "SIMD, 2 threads". */
  readonly adapter: string;
  /** Backends that were tried before this one, and why they were passed over. */
  readonly passedOver: readonly { readonly backend: BackendName; readonly reason: string }[];
}

/** RGBA, 8 bits a channel, row by row from the top left; length 4·width·height. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** One picture that was painted, with the recipe that paints it again. */
export interface Picture {
  readonly recipe: Recipe;
  readonly pixels: Pixels;
}

export type LoadProgress =
  /** Bytes of this model that are here, of those that will be; `cached` counts what needed no download. */
  | { readonly stage: 'download'; readonly loaded: number; readonly total: number; readonly cached: number }
  | { readonly stage: 'device' }
  | { readonly stage: 'compile' };

export interface LoadedModel {
  readonly id: string;
  readonly device: Device;
  readonly downloadedBytes: number;
  readonly parameters: number;
  readonly milliseconds: number;
}

/** Every task: what it takes, what it reports on the way, what it answers. */
export interface Tasks {
  /** Chooses a device (once a worker), fetches and checks weights, compiles shaders with the real shapes. */
  load: {
    input: { readonly model: string; readonly backend: BackendName | 'auto' };
    report: LoadProgress;
    output: LoadedModel;
  };
  /** Paints `count` pictures; picture i has the seed `recipe.seed + i` (mod 2³²). Loads the model if need be. */
  generate: {
    input: { readonly recipe: Recipe; readonly count: number };
    report: { readonly index: number; readonly picture: Picture };
    output: { readonly pictures: number; readonly milliseconds: number };
  };
  /** Frees a model's tensors. */
  unload: { input: { readonly model: string }; report: never; output: { readonly freedBytes: number } };
}

export type TaskName = keyof Tasks;
export type Input<T extends TaskName> = Tasks[T]['input'];
export type Report<T extends TaskName> = Tasks[T]['report'];
export type Output<T extends TaskName> = Tasks[T]['output'];

/** Page → worker. */
export interface Call<T extends TaskName> {
  readonly type: 'call';
  readonly id: number;
  readonly task: T;
  readonly input: Input<T>;
}
export type Request = { [T in TaskName]: Call<T> }[TaskName] | { readonly type: 'cancel'; readonly id: number };

/** Worker → page, about one call. */
export type Answer<T extends TaskName> =
  | { readonly type: 'report'; readonly id: number; readonly task: T; readonly report: Report<T> }
  | { readonly type: 'done'; readonly id: number; readonly task: T; readonly output: Output<T> }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure };
/** `trouble` belongs to no call: the worker is spent and wants ending. */
export type Response =
  { [T in TaskName]: Answer<T> }[TaskName] | { readonly type: 'trouble'; readonly failure: Failure };
