/**
 * The whole conversation between page and engine, on one screen. Client and worker both derive from
 * `Tasks`; what crosses is plain data and transferred pixels, never tensors.
 */
import type { Failure } from '../failure.ts';
import type { Recipe } from '../recipe.ts';
import type { TeachingTasks } from './protocol-teaching.ts';

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

/** A word that the mirror read or was asked for. */
export interface ReadWord {
  readonly word: string;
  /** log p of it after the words before it, given the picture; null for a word that the mirror does not know. */
  readonly logProbability: number | null;
}

/** How well a picture shows a caption. */
export interface Match {
  /** −Σ log p(T_t) over the words that the mirror knows and the end: L_stream (Qiao et al. 2019, equation 9). */
  readonly loss: number;
  /** Cosine of caption and picture in the mirror's joint space, −1 to 1. */
  readonly similarity: number;
}

export type Verdict = 'agrees' | 'partly' | 'differs';

export interface Reflection {
  readonly caption: string;
  readonly words: readonly ReadWord[];
  /** Sum over the caption's words and its end. */
  readonly logProbability: number;
  readonly asked?: Match & {
    readonly words: readonly ReadWord[];
    /** So many of the words, from the first on, fit into the mirror; it looked for no others. */
    readonly read: number;
    /** log p of the caption's end; null where the words did not leave room for it. */
    readonly end: number | null;
    /** Cosine of the two captions' sentences by the text encoder, −1 to 1, and in a word. */
    readonly agreement: number;
    readonly verdict: Verdict;
  };
  readonly milliseconds: number;
}

/** Where an optimisation of z stands. */
export interface SearchProgress {
  readonly stage: 'search';
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  /** Every few steps. */
  readonly picture?: Pixels;
}

/** A picture painted again from the z that was found in it. */
export interface Reconstruction {
  readonly pixels: Pixels;
  /** Root mean square difference of the two, in levels of 255. */
  readonly distance: number;
}

/** How much each place of a picture listened to each word. */
export interface AttentionMaps {
  /** Places, each at the most 32. */
  readonly width: number;
  readonly height: number;
  /** Shares of 1, word by word within a place, places row by row from the top left: width · height · words of them. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** How far a picture has grown. */
export interface Growth {
  /** 0 for the smallest size … one less than there are sizes. */
  readonly depth: number;
  /** In [0,1]: how much the last doubling has to say, against the size before it. */
  readonly alpha: number;
}

/** Every task: what it takes, what it reports on the way, what it answers. */
export interface Tasks extends TeachingTasks {
  /** Chooses a device (once a worker), fetches and checks weights, compiles shaders with the real shapes. */
  load: {
    input: { readonly model: string; readonly backend: BackendName | 'auto' };
    report: LoadProgress;
    output: LoadedModel;
  };
  /** Paints `count` pictures; picture i has the seed `recipe.seed + i` (mod 2³²). Loads the model if need be. */
  generate: {
    input: {
      readonly recipe: Recipe;
      readonly count: number;
      /** Where a picture takes long and comes in stages, the earlier ones are shown too. */
      readonly drafts?: boolean;
    };
    /** `draft`: an earlier stage, a picture of its own; the larger one will take its place. */
    report: { readonly index: number; readonly picture: Picture; readonly draft?: true };
    output: { readonly pictures: number; readonly milliseconds: number };
  };
  /** Paints each recipe, as it is; all of one model and size. */
  paint: {
    input: { readonly recipes: readonly Recipe[] };
    report: { readonly index: number; readonly picture: Picture };
    output: { readonly pictures: number; readonly milliseconds: number };
  };
  /** Paints one recipe stage by stage, with the words that each place listened to; only where the model has stages. */
  look: {
    input: { readonly recipe: Recipe };
    /** One a stage, the smallest picture first; `attention`: what its features were drawn by, from the second on. */
    report:
      | LoadProgress
      | {
          readonly stage: 'picture';
          readonly index: number;
          readonly pixels: Pixels;
          readonly attention?: AttentionMaps;
        };
    output: { /** As the model reads them. */ readonly words: readonly string[]; readonly milliseconds: number };
  };
  /** Paints one recipe at places of its growth, in the order asked for; only where the model was grown. */
  grow: {
    input: { readonly recipe: Recipe; /** 1 to 256. */ readonly at: readonly Growth[] };
    report: LoadProgress | { readonly stage: 'picture'; readonly index: number; readonly pixels: Pixels };
    output: { readonly pictures: number; readonly milliseconds: number };
  };
  /**
   * Paints one recipe with the same z and other draws of ε, σ·ε each, in place of its own: what the description leaves
   * open. Each picture's recipe holds both as its style.
   */
  vary: {
    input: {
      readonly recipe: Recipe;
      /** σ, 0 (all alike, the description's mean) to MAX_TRUNCATION. */
      readonly sigma: number;
      /** One an ε, 1 to 64. */
      readonly seeds: readonly number[];
    };
    report: LoadProgress | { readonly stage: 'picture'; readonly index: number; readonly picture: Picture };
    output: { readonly pictures: number; readonly milliseconds: number };
  };
  /** Reads a picture back (STREAM), and where something was asked for, says how well the two agree. */
  mirror: {
    input: {
      readonly model: string;
      readonly pixels: Pixels;
      /** What was asked for; without it the picture is only described. */
      readonly caption?: string;
      /** Of the beam, 1 to 5. */
      readonly width: number;
    };
    report: LoadProgress;
    output: Reflection;
  };
  /** Paints `count` pictures as `generate` does and ranks them by how well they show the caption. */
  rank: {
    input: { readonly recipe: Recipe; readonly count: number };
    report:
      | LoadProgress
      | ({ readonly stage: 'picture'; readonly index: number; readonly picture: Picture } & Readonly<Match>);
    output: { /** Indices, best first. */ readonly order: readonly number[]; readonly milliseconds: number };
  };
  /**
   * Steps on z that lower the mirror's loss of the recipe's caption; z stays as far from the middle as it is, √Z at most.
   */
  improve: {
    input: { readonly recipe: Recipe; readonly steps: number };
    report: LoadProgress | SearchProgress;
    output: {
      /** Its recipe has the z that was found as its style, at strength 1. */
      readonly picture: Picture;
      readonly before: { readonly picture: Picture; readonly loss: number };
      readonly loss: number;
      readonly milliseconds: number;
    };
  };
  /** The z of a picture: by the style encoder S at once, then by steps on z; `steps` 0 asks for S alone. */
  invert: {
    input: {
      readonly model: string;
      /** Square, of the model's size. */
      readonly pixels: Pixels;
      /** What the picture shows, for the sentence's part; '' stands for nothing in particular. */
      readonly caption: string;
      readonly steps: number;
      /** Random starts that are tried beside S's for the first steps. */
      readonly restarts: number;
      readonly seed: number;
      /** In the second half the sentence moves along, so that z need not make up for what the caption leaves unsaid. */
      readonly moveSentence?: boolean;
      /**
       * How much z is held to where it began (S's answer; a random start to itself), 0 (not at all, unless it is given)
       * to 10: what holds under one caption alone is then not fitted.
       */
      readonly hold?: number;
    };
    report: LoadProgress | SearchProgress;
    output: {
      readonly z: readonly number[];
      /** What S alone made of it. */
      readonly first: Reconstruction;
      readonly found: Reconstruction;
      /** Where the sentence moved along: how far off what z paints under the caption as it was said is. */
      readonly said?: number;
      readonly milliseconds: number;
    };
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
