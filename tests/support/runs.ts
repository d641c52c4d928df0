/** Runs, points, sheets and models of one's own, for tests of the page. */
import { SETTINGS, type OwnModel, type Point, type Run, type Sheet } from '../../src/engine/protocol-teaching.ts';
import type { Pixels } from '../../src/engine/protocol.ts';
import { CARD, MANIFEST } from './fake-models.ts';

export const aRun = (part: Partial<Run> = {}): Run => ({
  ...{ id: 'tulips', name: 'Tulips', parent: 'flowers', settings: { ...SETTINGS, steps: 40 }, examples: 12 },
  ...{ step: 0, checkpoints: [0], history: [], begun: 1, updated: 1 },
  ...part,
});

export const aPoint = (step: number): Point => ({
  ...{ step, lossCritic: 1, lossGenerator: 1, anchor: 0.1, realRight: 0.6, fakeRight: 0.6, wrongRight: 0.6 },
  ...{ heldOut: null, picturesPerSecond: 10 },
});

const grey = (level: number): Pixels => ({ width: 2, height: 2, data: new Uint8ClampedArray(16).fill(level) });

export const aSheet = (step: number, before = false): Sheet => ({
  ...{ stage: 'sheet', step, captions: ['a tulip'], columns: 2, pictures: [grey(step), grey(step + 1)] },
  ...(before && { before: [grey(0), grey(1)] }),
});

export function anOwnModel(id = 'my-tulips', name = 'Tulips'): OwnModel {
  const [flowers] = MANIFEST.models;
  if (!flowers) throw new Error('no model to teach');
  return { entry: { ...flowers, id, name }, card: { ...CARD, name } };
}
