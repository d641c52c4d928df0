import type { BackendName } from './protocol.ts';

/** What differs between the tab's worker and Node: which backends can be tried, and how each is brought up. */
export interface Platform {
  /** In order of preference. */
  readonly backends: readonly BackendName[];
  /** navigator.gpu, where there is one. */
  readonly gpu: GPU | undefined;
  /** Addresses of tfjs' wasm files by name, and how many threads they may use (1 without cross-origin isolation). */
  readonly wasm: { readonly paths: Readonly<Record<string, string>>; readonly threads: number };
  /** Milliseconds, from any origin. */
  readonly now: () => number;
}
