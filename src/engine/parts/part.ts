/**
 * What a model may have beside its painter, fetched only when a panel asks for it: the mirror, the style encoder.
 * A new one is a model file, a file here, roles in the manifest and a golden file.
 */
import type { BackendName } from '../protocol.ts';
import type { ModelEntry } from '../weights/manifest.ts';
import type { ModelFiles } from '../weights/source.ts';

export interface Part {
  dispose(): void;
}

export interface PartKind<T extends Part> {
  /** In words, for messages: "style encoder". */
  readonly name: string;
  /** Roles of its files in the manifest. */
  readonly roles: readonly string[];
  /** Roles of files that it takes along where the model has them. */
  readonly options?: readonly string[];
  /** Throws LimnError bad-weights where config or weights do not hold. */
  open(entry: ModelEntry, files: ModelFiles, backend: BackendName): T;
}
