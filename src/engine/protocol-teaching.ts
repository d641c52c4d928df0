/**
 * What page and engine say to each other about teaching a model something new: runs of training, which outlive the
 * page, and the models that come of them. The engine keeps both (see store/); what crosses is plain data and pixels.
 */
import type { LoadProgress, Pixels } from './protocol.ts';
import type { ModelCard, ModelEntry } from './weights/manifest.ts';

/** One picture to learn from. */
export interface Example {
  /** Square, of the size that the model paints. */
  readonly pixels: Pixels;
  readonly caption: string;
  /** The file's, for a person to know it by. */
  readonly name: string;
}

/** Fewest and most examples of a run. */
export const EXAMPLES = { least: 2, most: 500 } as const;

/** Which of the generator's parameters move; the critic always does. */
export const MOVES = ['all', 'last-blocks', 'text'] as const;
export type Moves = (typeof MOVES)[number];

export interface TeachSettings {
  readonly moves: Moves;
  /** Of the whole run, 1 to 20,000. */
  readonly steps: number;
  /** Pictures in a step, 2 to 64: so many real ones, and so many painted ones. */
  readonly batch: number;
  /** Adam's, 1e-6 to 1e-2. */
  readonly rate: number;
  /** How much of the old is to stay, 0 (nothing is asked) to 10; `settingsFor` says what is sound. */
  readonly anchor: number;
  readonly seed: number;
  /** Steps from one checkpoint to the next, 1 to 20,000. The last one is always kept, older ones are thinned out. */
  readonly checkpointEvery: number;
  /** Steps from one sample sheet to the next, 1 to 20,000. */
  readonly sheetEvery: number;
}

/** What a run may take up on its way. */
export type SettingsChange = Partial<Omit<TeachSettings, 'moves' | 'seed'>>;

/** Bounds of every number among the settings: [least, most]. */
export const BOUNDS = {
  steps: [1, 20_000],
  batch: [2, 64],
  rate: [1e-6, 1e-2],
  anchor: [0, 10],
  seed: [0, 2 ** 32 - 1],
  checkpointEvery: [1, 20_000],
  sheetEvery: [1, 20_000],
} as const satisfies Record<Exclude<keyof TeachSettings, 'moves'>, readonly [number, number]>;

/**
 * Of GAN-INT-CLS. Measured on 36 photographs of a bird, 4 in a step: after 60 steps the new one's KID is .46 of what it
 * was and the old one's 1.20, after 80 1.25, after 100 .20 and 1.32 (training/RESULTS.md). More pictures, batches of 8
 * and longer runs were not measured.
 */
export const SETTINGS: TeachSettings = {
  moves: 'all',
  steps: 200,
  batch: 8,
  rate: 2e-5,
  anchor: 1,
  seed: 7,
  checkpointEvery: 100,
  sheetEvery: 25,
};

/**
 * What is advised for models of an architecture. In T2F the words have no say after the first layer, so that old and new
 * share all others: held as GAN-INT-CLS is, it learns nothing (training/RESULTS.md).
 */
export const settingsFor = (architecture: string | undefined): TeachSettings =>
  architecture === 't2f' ? { ...SETTINGS, rate: 8e-5, anchor: 0.25 } : SETTINGS;

/** Means over the steps since the point before. */
export interface Point {
  /** Steps done. */
  readonly step: number;
  readonly lossCritic: number;
  readonly lossGenerator: number;
  /** How far the model has moved on what it knew. */
  readonly anchor: number;
  /** Shares of what the critic gets right, 0 to 1: real pictures, painted ones, real ones with another's caption. */
  readonly realRight: number;
  readonly fakeRight: number;
  /** Null where all captions are one, so that none is wrong. */
  readonly wrongRight: number | null;
  /** How well pictures painted for captions kept back show them, −1 to 1 by the mirror; null between sheets. */
  readonly heldOut: number | null;
  readonly picturesPerSecond: number;
}

/** A run as it is kept. */
export interface Run {
  /** a–z, 0–9 and "-" */
  readonly id: string;
  readonly name: string;
  /** Id of the model that is taught. */
  readonly parent: string;
  readonly settings: TeachSettings;
  readonly examples: number;
  /** Steps done and kept: where training goes on. */
  readonly step: number;
  /** Steps that one may go back to, ascending; 0 is the parent itself. */
  readonly checkpoints: readonly number[];
  readonly history: readonly Point[];
  /** Milliseconds since 1970. */
  readonly begun: number;
  readonly updated: number;
}

/** A model that a person made or brought along; its id begins with `my-`. */
export interface OwnModel {
  readonly entry: ModelEntry;
  readonly card: ModelCard;
}

/** A file of an exported model: manifest.json, card.json, …; `name` is relative, with "/" between folders. */
export interface ModelPart {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Fixed captions × fixed z, painted by the running mean of the weights: a row a caption. */
export interface Sheet {
  readonly stage: 'sheet';
  readonly step: number;
  readonly captions: readonly string[];
  /** Pictures of each caption. */
  readonly columns: number;
  /** captions · columns of them, row by row. */
  readonly pictures: readonly Pixels[];
  /** The same by the parent; with the first sheet of a call only, and not with the parent's own. */
  readonly before?: readonly Pixels[];
}

export type TrainProgress =
  | LoadProgress
  | { readonly stage: 'point'; readonly point: Point }
  | Sheet
  | {
      readonly stage: 'checkpoint';
      readonly step: number;
      readonly bytes: number;
      /** All that are kept now, as in `Run`: an older one may have gone for it. */
      readonly checkpoints: readonly number[];
    };

/** What could be asked for in place of too much. */
export interface Offer {
  readonly change: Partial<TeachSettings>;
  /** Of the whole run with it; estimated from what was measured. */
  readonly seconds: number;
}

export interface TeachingTasks {
  /** Checks the examples and settings, and keeps them as a run at step 0. */
  'begin-run': {
    input: {
      readonly name: string;
      readonly model: string;
      readonly examples: readonly Example[];
      readonly settings: TeachSettings;
    };
    report: LoadProgress;
    output: Run;
  };
  /**
   * Trains from where the run stands to step `until` (at most its settings' steps). Aborting pauses: the step ends, a
   * checkpoint is kept, and the call rejects with `cancelled`; the one after it finds the run there. A checkpoint that
   * cannot be kept ends training with `unkept`, and is held for the next call. `until: run.step + 1` is a single step.
   */
  train: {
    input: {
      readonly run: string;
      readonly until: number;
      /** From here on, and kept with the run: after a divergence, or to go on beyond the end. */
      readonly change?: SettingsChange;
    };
    report: TrainProgress;
    output: {
      readonly run: Run;
      readonly stopped: 'finished' | 'diverged';
      /** Where it diverged: what was seen and what to try, in words; the run is back at its last sound checkpoint. */
      readonly why?: string;
      /** What of that a `change` can be; absent where nothing is. */
      readonly advised?: SettingsChange;
      readonly rolledBackTo?: number;
    };
  };
  /** Goes back to a checkpoint; later ones and their history are dropped. */
  'revert-run': { input: { readonly run: string; readonly step: number }; report: never; output: Run };
  /** The same captions and z as a run's sheets, by the weights of one of its checkpoints. */
  'paint-checkpoint': {
    /** `compared`: the page has the parent's pictures, `before`, from an earlier answer. */
    input: { readonly run: string; readonly step: number; readonly compared?: true };
    report: LoadProgress;
    output: Sheet;
  };
  /** Measures a step or two on this device, before anything begins. */
  rehearse: {
    input: { readonly model: string; readonly settings: TeachSettings };
    report: LoadProgress;
    output: {
      /** False where the model comes without a critic or the backend cannot train; `why` says so in words. */
      readonly canTrain: boolean;
      readonly why?: string;
      readonly secondsPerStep: number;
      /** Of the generator, in all and those that move, for each choice. */
      readonly parameters: number;
      readonly moving: Readonly<Record<Moves, number>>;
      /** Of one checkpoint with these settings. */
      readonly checkpointBytes: number;
      readonly offers: readonly Offer[];
    };
  };
  /** All of them, the latest first. */
  runs: { input: Readonly<Record<string, never>>; report: never; output: readonly Run[] };
  'run-examples': { input: { readonly run: string }; report: never; output: readonly Example[] };
  'forget-run': { input: { readonly run: string }; report: never; output: { readonly freedBytes: number } };
  /** The running mean of a run's weights, at its last step (a held one, too) or at the checkpoint of `step`, as a model. */
  'keep-model': {
    input: { readonly run: string; readonly step?: number; readonly name: string };
    report: LoadProgress;
    output: OwnModel;
  };
  'own-models': { input: Readonly<Record<string, never>>; report: never; output: readonly OwnModel[] };
  'forget-model': { input: { readonly model: string }; report: never; output: { readonly freedBytes: number } };
  /** A folder of models with one model in it, as the command line reads it. */
  'export-model': { input: { readonly model: string }; report: never; output: readonly ModelPart[] };
  /** Checks all of it as strictly as a download. */
  'import-model': { input: { readonly files: readonly ModelPart[] }; report: never; output: OwnModel };
  storage: {
    input: Readonly<Record<string, never>>;
    report: never;
    output: {
      readonly kind: 'opfs' | 'indexeddb' | 'memory' | 'disk';
      readonly usedBytes: number;
      /** null where nobody says. */
      readonly quotaBytes: number | null;
      /** Whether the browser has promised not to clear it on its own. */
      readonly persisted: boolean;
    };
  };
}
