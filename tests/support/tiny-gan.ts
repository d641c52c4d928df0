/** A generator and a critic with random weights, for tests of training. */
import { tensor, type Tensor, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import type { GanState, Networks } from '../../src/learn/gan-step.ts';
import { beginLearner } from '../../src/learn/learner.ts';
import type { Material } from '../../src/learn/trainer.ts';
import { criticFeatures, criticShapes, look } from '../../src/models/critic.ts';
import { ganIntClsShapes, generate } from '../../src/models/gan-int-cls.ts';
import type { Parameters, ParameterShapes } from '../../src/models/parameters.ts';
import { normal } from '../../src/random.ts';

export const GENERATOR = { z: 5, sentence: 6, text: 4, channels: [8, 6] };
export const CRITIC = { sentence: 6, projection: 4, channels: [5, 7] };
export const SIZE = 8;

const random = (shapes: ParameterShapes, seed: number, scale: number): Parameters =>
  new Map(
    [...shapes].map(([name, shape], i): [string, Tensor] => {
      const count = shape.reduce((a, b) => a * b, 1);
      return [name, tensor(normal(seed + i, count).map((v) => scale * v), [...shape])]; // prettier-ignore
    }),
  );

export const draw = <T extends Tensor>(seed: number, ...shape: number[]): T =>
  tensor(normal(seed, shape.reduce((a, b) => a * b, 1)), shape) as T; // prettier-ignore

export interface TinyGan {
  readonly g: Parameters;
  readonly c: Parameters;
  readonly networks: Networks;
  readonly material: Material;
  begin(moves?: (name: string) => boolean): GanState;
  dispose(): void;
}

export function tinyGan(): TinyGan {
  const g = random(ganIntClsShapes(GENERATOR), 10, 0.3);
  const c = random(criticShapes(CRITIC), 50, 0.1);
  const pictures = draw<Tensor4D>(90, 6, SIZE, SIZE, 3);
  const sentences = draw<Tensor2D>(91, 6, 6);
  const known = draw<Tensor2D>(92, 4, 6);
  const networks: Networks = {
    paint: (p, z, sentence) => generate(p, GENERATOR, { z, sentence }),
    look: (p, seen) => look(p, CRITIC, seen),
    features: (seen) => criticFeatures(c, CRITIC, seen),
  };
  return {
    g,
    c,
    networks,
    material: { pictures, sentences, known, zLength: 5, paintOld: (z, s) => networks.paint(g, z, s) },
    begin: (moves = () => true) => ({ generator: beginLearner(g, moves), critic: beginLearner(c, () => true) }),
    dispose: () => [...g.values(), ...c.values(), pictures, sentences, known].forEach((one) => one.dispose()),
  };
}

/** name → its numbers */
export async function numbersOf(p: Parameters): Promise<Map<string, number[]>> {
  return new Map(
    await Promise.all(
      [...p].map(async ([name, one]) => [name, [...(await one.data<'float32'>())] as number[]] as const),
    ),
  );
}
