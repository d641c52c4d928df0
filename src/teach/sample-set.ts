/**
 * A set to try with, drawn here and owed to nobody: cut from paper, and as unlike photographs as can be, so that one
 * sees within a few hundred steps what training does.
 */
import type { Sample } from './cut-paper.ts';
import { paperFaces } from './paper-faces.ts';
import { paperFlowers } from './paper-flowers.ts';

export type SampleKind = 'flowers' | 'faces';

/** The same for the same count. */
export const sampleSet = (kind: SampleKind, count = 24): Sample[] =>
  kind === 'faces' ? paperFaces(count) : paperFlowers(count);
