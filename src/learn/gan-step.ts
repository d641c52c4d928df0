/**
 * One step of GAN-INT-CLS on few pictures: Reed et al. 2016, algorithm 1 and equation 5, with a hinge in place of the
 * logarithm. Beside the new pictures the generator paints some for captions that the old model knows, and these should
 * come out as the old model paints them (Li & Hoiem 2017, "Learning without Forgetting"); the critic does not see
 * them. Critic and generator move at once, from one painting.
 */
import {
  abs,
  add,
  cast,
  div,
  greater,
  keep,
  less,
  mean,
  mul,
  scalar,
  square,
  sub,
  tidy,
  valueAndGrads,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { Look } from '../models/critic.ts';
import type { Parameters } from '../models/parameters.ts';
import { augment, type Moves } from './diff-augment.ts';
import { pyramidDistance } from './inversion.ts';
import { parametersOf, stepLearner, type Learner } from './learner.ts';
import { hingeFake, hingeGenerator, hingeReal } from './losses.ts';

/** The two networks as functions. */
export interface Networks {
  /** z [B,Z], sentence [B,D] → pictures [B,S,S,3] in [-1,1] */
  readonly paint: (p: Parameters, z: Tensor2D, sentence: Tensor2D) => Tensor4D;
  readonly look: (p: Parameters, pictures: Tensor4D) => Look;
  /** What the critic saw at several scales before it learnt on: in this, old and new pictures are compared. */
  readonly features: (pictures: Tensor4D) => Tensor4D[];
}

/** What a step is made from. */
export interface Batch {
  /** [B,S,S,3]; what each shows, and what another shows, [B,D]; there is nothing wrong where all show the same. */
  readonly real: Tensor4D;
  readonly sentence: Tensor2D;
  readonly wrong?: Tensor2D;
  /** What the generator paints from: z [B,Z]; captions, or mixtures of two, [B,D]. */
  readonly z: Tensor2D;
  readonly asked: Tensor2D;
  /** [B]: 1 where `asked` is a caption, 0 where it is a mixture, of which the critic has seen no picture. */
  readonly plain: Tensor1D;
  /** Of what is known: z [K,Z], sentence [K,D], and what the old model paints from them [K,S,S,3]. */
  readonly old?: { readonly z: Tensor2D; readonly sentence: Tensor2D; readonly pictures: Tensor4D };
  readonly realMoves: Moves;
  readonly paintedMoves: Moves;
}

export interface StepOptions {
  readonly rate: number;
  /** The critic's. */
  readonly criticRate: number;
  readonly anchor: number;
  /** What the running mean keeps of itself. */
  readonly decay: number;
}

/** What was seen in a step, as scalars on the device. A type, for `tidy`. */
export type Seen = {
  readonly lossCritic: Scalar;
  readonly lossGenerator: Scalar;
  readonly anchor: Scalar;
  readonly realRight: Scalar;
  readonly fakeRight: Scalar;
  /** NaN where no caption is wrong. */
  readonly wrongRight: Scalar;
};

export interface GanState {
  readonly generator: Learner;
  readonly critic: Learner;
}

const BETAS = { beta1: 0, beta2: 0.99 };

/** → the state after one step, new where it moved, and what was seen, the caller's; the old state stays the caller's */
export function ganStep(
  { generator, critic }: GanState,
  networks: Networks,
  batch: Batch,
  { rate, criticRate, anchor, decay }: StepOptions,
): { readonly state: GanState; readonly seen: Seen } {
  const { painted, ...forGenerator } = generatorGradients(generator, critic, networks, batch, anchor);
  const { gradients, ...forCritic } = criticGradients(critic, networks, batch, painted);
  const state = {
    generator: stepLearner(generator, forGenerator.gradients, { rate, ...BETAS }, decay),
    critic: stepLearner(critic, gradients, { rate: criticRate, ...BETAS }, decay),
  };
  for (const one of [painted, ...forGenerator.gradients, ...gradients]) one.dispose();
  const { lossGenerator, anchored } = forGenerator;
  return { state, seen: { lossGenerator, anchor: anchored, ...forCritic.seen } };
}

/** What moves is an argument, so that a gradient comes of it; what stays is not. */
function withMoving(learner: Learner, moved: readonly Tensor[]): Parameters {
  return new Map([
    ...learner.still,
    ...[...learner.moving.keys()].map((name, i): [string, Tensor] => [name, moved[i] as Tensor]),
  ]);
}

const tensorsOf = (learner: Learner): Tensor[] => [...learner.moving.values()].map(({ θ }) => θ);

function generatorGradients(generator: Learner, critic: Learner, networks: Networks, batch: Batch, weight: number) {
  const { z, asked, paintedMoves, old } = batch;
  const c = parametersOf(critic, 'θ');
  let painted: Tensor4D | undefined;
  let lossGenerator: Scalar | undefined;
  let anchored: Scalar | undefined;
  const loss = (...moved: Tensor[]): Scalar => {
    const p = withMoving(generator, moved);
    painted = keep(networks.paint(p, z, asked));
    const { realism, match } = networks.look(c, augment(painted, paintedMoves));
    lossGenerator = keep(mean<Scalar>(add(hingeGenerator(realism), hingeGenerator(match(asked)))));
    if (!old) anchored = keep(scalar(0));
    else anchored = keep(drift(networks.features, networks.paint(p, old.z, old.sentence), old.pictures));
    return add(lossGenerator, mul(anchored, weight));
  };
  const { value, grads: gradients } = valueAndGrads(loss)(tensorsOf(generator));
  value.dispose();
  if (!painted || !lossGenerator || !anchored) throw new Error('nothing was painted');
  return { painted, lossGenerator, anchored, gradients };
}

/** Of the mean feature: differences below it count for little, so that rounding is not pulled at. */
const HARDLY = 0.02;

/**
 * now, before [B,S,S,3] → how far the one has gone from the other: in pixels at three sizes, squared, and relative at
 * each scale of what a critic sees, as all but absolute differences, which pull as hard when little is left.
 */
export function drift(features: Networks['features'], now: Tensor4D, before: Tensor4D): Scalar {
  return tidy(() => {
    const wanted = features(before);
    const apart = features(now).map((seen, i) => {
      const was = wanted[i] as Tensor4D;
      const scale = add<Scalar>(mean(abs(was)), 1e-6);
      const difference = sub(seen, was);
      return mean<Scalar>(div(square(difference), mul(add(abs(difference), mul(scale, HARDLY)), scale)));
    });
    return apart.reduce((sum, one) => add(sum, one), mean<Scalar>(pyramidDistance(now, before)));
  });
}

function criticGradients(critic: Learner, networks: Networks, batch: Batch, painted: Tensor4D) {
  const { real, sentence, wrong, asked, plain } = batch;
  let right: Pick<Seen, 'realRight' | 'fakeRight' | 'wrongRight'> | undefined;
  const loss = (...moved: Tensor[]): Scalar => {
    const p = withMoving(critic, moved);
    const shown = networks.look(p, augment(real, batch.realMoves));
    const fake = networks.look(p, augment(painted, batch.paintedMoves));
    const other = wrong && shown.match(wrong);
    right = {
      realRight: keep(share(shown.realism, 'above')),
      fakeRight: keep(share(fake.realism, 'below')),
      // Where all captions are one there is none that is wrong, and nothing to be right about.
      wrongRight: keep(other ? share(other, 'below') : scalar(NaN)),
    };
    const realism = add(hingeReal(shown.realism), hingeFake(fake.realism));
    // Matching-aware: a painted picture and another's caption are each half of what is false, row by row. A mixture's
    // half falls away and nobody else's grows, other than in `training/losses.py`: so it was when it was measured.
    const falselyPainted = mul(hingeFake(fake.match(asked)), plain);
    const mismatch = other ? add(falselyPainted, hingeFake(other)) : falselyPainted;
    const total = add(realism, add(hingeReal(shown.match(sentence)), mul(mismatch, 0.5)));
    return mean<Scalar>(total);
  };
  const { value, grads: gradients } = valueAndGrads(loss)(tensorsOf(critic));
  if (!right) throw new Error('nothing was judged');
  return { gradients, seen: { ...right, lossCritic: value } };
}

/** map [B,N] → the share of rows whose mean lies above 0, or below */
function share(map: Tensor2D, side: 'above' | 'below'): Scalar {
  return tidy(() => {
    const means = mean(map, 1);
    return mean<Scalar>(cast(side === 'above' ? greater(means, 0) : less(means, 0), 'float32'));
  });
}
