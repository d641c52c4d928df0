/**
 * One test body for every backend: tiny networks whose inputs, outputs and gradients PyTorch wrote
 * (`training/golden.py`) are run here and compared. Node calls it on wasm and cpu, Chromium on webgpu and webgl.
 */
import {
  add,
  dispose,
  gather,
  grad,
  grads,
  mul,
  slice,
  square,
  sum,
  tensor,
  tensor1d,
  tensor2d,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { loadGradients } from '../../src/engine/kernels/register.ts';
import { decodeTensors } from '../../src/engine/weights/decode.ts';
import { parseSafetensors } from '../../src/engine/weights/safetensors.ts';
import { beamSearch, type Next } from '../../src/models/beam-search.ts';
import { charCnnRnnShapes, encodeSentence, type CharCnnRnnConfig } from '../../src/models/char-cnn-rnn.ts';
import { criticShapes, judge, type CriticConfig } from '../../src/models/critic.ts';
import { accelerated, ganIntClsShapes, generate, type GanIntClsConfig } from '../../src/models/gan-int-cls.ts';
import {
  accelerated as acceleratedGlam,
  cascade,
  firstStage,
  glamShapes,
  nextStage,
  pictureOf,
  type GlamConfig,
} from '../../src/models/glam.ts';
import type { Parameters, ParameterShapes } from '../../src/models/parameters.ts';
import { readWords, stemShapes, type StemConfig } from '../../src/models/stem.ts';
import {
  firstState,
  imageFeatures,
  pictureSentence,
  step,
  streamShapes,
  teacherForced,
  type StreamConfig,
} from '../../src/models/stream.ts';
import { judgeFace, t2fCriticShapes, type T2fCriticConfig } from '../../src/models/t2f-critic.ts';
import { readDescription, t2fEncoderShapes, type T2fEncoderConfig } from '../../src/models/t2f-encoder.ts';
import { acceleratedFace, generateFace, t2fShapes, type T2fConfig } from '../../src/models/t2f.ts';
import { encodeStyle, styleEncoderShapes, type StyleEncoderConfig } from '../../src/models/style-encoder.ts';
import { END } from '../../src/text/tokens.ts';
import type { GoldenName } from './golden-names.ts';

/** Largest difference over the largest expected value. */
export interface Deviation {
  readonly what: string;
  readonly relative: number;
}

type Values = Pick<ReadonlyMap<string, Tensor>, 'get'>;

type Outputs = Record<string, Tensor>;

/** What a network makes of a golden file's inputs, by the file's own names. */
type Run = (p: Parameters, config: never, values: Values) => Outputs | Promise<Outputs>;

const value = <T extends Tensor>(values: Values, name: string): T => {
  const found = values.get(name);
  if (!found) throw new Error(`the golden file has no ${name}`);
  return found as T;
};

/** Inputs that are numbers of letters or words. */
const WHOLE: ReadonlySet<string> = new Set(['characters', 'tokens', 'step.token']);

const RUNS: Record<GoldenName, { shapes: (config: never) => ParameterShapes; run: Run }> = {
  'gan-int-cls': {
    shapes: (config: GanIntClsConfig) => ganIntClsShapes(config),
    run: (p, config: GanIntClsConfig, values) => {
      const paint = (z: Tensor, sentence: Tensor) =>
        generate(p, config, { z: z as Tensor2D, sentence: sentence as Tensor2D });
      const [z, sentence, probe] = ['z', 'sentence', 'probe'].map((name) => value(values, name)) as [
        Tensor,
        Tensor,
        Tensor,
      ];
      const loss = (a: Tensor, b: Tensor): Scalar => sum(mul(paint(a, b), probe));
      const [gradZ, gradSentence] = grads(loss)([z, sentence]);
      if (!gradZ || !gradSentence) throw new Error('no gradient');
      const faster = accelerated(p, config);
      const pictures = generate(faster, config, { z: z as Tensor2D, sentence: sentence as Tensor2D });
      return {
        pictures: paint(z, sentence),
        'pictures, accelerated': pictures,
        'grad.z': gradZ,
        'grad.sentence': gradSentence,
      };
    },
  },
  'char-cnn-rnn': {
    shapes: (config: CharCnnRnnConfig) => charCnnRnnShapes(config),
    run: (p, config: CharCnnRnnConfig, values) => {
      const characters = value<Tensor2D>(values, 'characters');
      const probe = value(values, 'probe');
      const names = ['gru.weight_hh_l0', 'conv3.bias'] as const;
      const loss = (w: Tensor, b: Tensor): Scalar =>
        sum(mul(encodeSentence(new Map([...p, [names[0], w], [names[1], b]]), config, characters), probe));
      const [gradW, gradB] = grads(loss)(names.map((name) => value(p, name)));
      if (!gradW || !gradB) throw new Error('no gradient');
      return {
        sentence: encodeSentence(p, config, characters),
        [`grad.${names[0]}`]: gradW,
        [`grad.${names[1]}`]: gradB,
      };
    },
  },
  stream: {
    shapes: (config: StreamConfig) => streamShapes(config),
    run: async (p, config: StreamConfig, values) => {
      const pictures = value<Tensor4D>(values, 'pictures');
      const tokens = value<Tensor2D>(values, 'tokens');
      const said = (x: Tensor): Tensor2D => teacherForced(p, imageFeatures(p, config, x as Tensor4D), tokens);
      const features = imageFeatures(p, config, pictures);
      const next = step(p, value<Tensor2D>(values, 'step.state'), value<Tensor1D>(values, 'step.token'));
      return {
        features,
        logProbabilities: said(pictures),
        'grad.pictures': grad((x: Tensor) => sum(said(x)))(pictures),
        similarity: pictureSentence(p, features),
        'step.nextState': next.state,
        'step.logits': next.logits,
        ...(await beam(p, config, slice(features, 0, 1))),
      };
    },
  },
  'style-encoder': {
    shapes: (config: StyleEncoderConfig) => styleEncoderShapes(config),
    run: (p, config: StyleEncoderConfig, values) => {
      const pictures = value<Tensor4D>(values, 'pictures');
      const probe = value(values, 'probe');
      const loss = (x: Tensor): Scalar => sum(mul(encodeStyle(p, config, x as Tensor4D), probe));
      return { z: encodeStyle(p, config, pictures), 'grad.pictures': grad(loss)(pictures) };
    },
  },
  critic: {
    shapes: (config: CriticConfig) => criticShapes(config),
    run: (p, config: CriticConfig, values) => {
      const [pictures, sentence] = [value<Tensor4D>(values, 'pictures'), value<Tensor2D>(values, 'sentence')];
      const loss = (x: Tensor): Scalar => {
        const { realism, match } = judge(p, config, x as Tensor4D, sentence);
        return add(sum(realism), sum(square(match)));
      };
      return { ...judge(p, config, pictures, sentence), 'grad.pictures': grad(loss)(pictures) };
    },
  },
  stem: {
    shapes: (config: StemConfig) => stemShapes(config),
    run: (p, _: StemConfig, values) => {
      const tokens = value<Tensor2D>(values, 'tokens');
      const [probe, probeWords] = [value(values, 'probe'), value(values, 'probe.words')];
      const names = ['lstm.weight_hh_l0', 'lstm.weight_hh_l0_reverse'];
      const loss = (...w: Tensor[]): Scalar => {
        const { words, sentence } = readWords(
          new Map([...p, ...names.map((name, i) => [name, w[i]] as const)] as [string, Tensor][]),
          tokens,
        );
        return add(sum(mul(words, probeWords)), sum(mul(sentence, probe)));
      };
      const [forth, back] = grads(loss)(names.map((name) => value(p, name)));
      if (!forth || !back) throw new Error('no gradient');
      return { ...readWords(p, tokens), [`grad.${names[0]}`]: forth, [`grad.${names[1]}`]: back };
    },
  },
  glam: {
    shapes: (config: GlamConfig) => glamShapes(config),
    run: (p, config: GlamConfig, values) => {
      const [weight, noise] = [value<Tensor2D>(values, 'weight'), value<Tensor2D>(values, 'noise')];
      const given = ['z', 'sentence', 'words'].map((name) => value(values, name));
      const told = ([z, sentence, words]: Tensor[]) =>
        ({ z, sentence, words, weight, noise }) as {
          z: Tensor2D;
          sentence: Tensor2D;
          words: Tensor3D;
          weight: Tensor2D;
          noise: Tensor2D;
        };
      const loss = (...now: Tensor[]): Scalar => sum(mul(cascade(p, config, told(now), 2), value(values, 'probe')));
      const [gradZ, gradSentence, gradWords] = grads(loss)(given);
      if (!gradZ || !gradSentence || !gradWords) throw new Error('no gradient');
      const first = firstStage(p, config, told(given));
      const second = nextStage(p, config, 1, first, told(given));
      const third = nextStage(p, config, 2, second, told(given));
      return {
        'pictures.0': pictureOf(first),
        'pictures.1': pictureOf(second),
        'pictures.2': pictureOf(third),
        'pictures.2, accelerated': cascade(acceleratedGlam(p, config), config, told(given), 2),
        'attention.1': second.attention,
        'attention.2': third.attention,
        'grad.z': gradZ,
        'grad.sentence': gradSentence,
        'grad.words': gradWords,
      };
    },
  },
  't2f-encoder': {
    shapes: (config: T2fEncoderConfig) => t2fEncoderShapes(config),
    run: (p, _: T2fEncoderConfig, values) => {
      const tokens = value<Tensor2D>(values, 'tokens');
      const probe = value(values, 'probe');
      const name = 'lstm.weight_hh_l0';
      const loss = (w: Tensor): Scalar => sum(mul(readDescription(new Map([...p, [name, w]]), tokens), probe));
      return { sentence: readDescription(p, tokens), [`grad.${name}`]: grad(loss)(value(p, name)) };
    },
  },
  t2f: {
    shapes: (config: T2fConfig) => t2fShapes(config),
    run: (p, config: T2fConfig, values) => {
      const given = ['z', 'sentence', 'noise'].map((name) => value<Tensor2D>(values, name));
      const [z, sentence, noise] = given as [Tensor2D, Tensor2D, Tensor2D];
      const probe = value(values, 'probe');
      const [gradZ, gradSentence, gradNoise] = grads((a: Tensor, b: Tensor, c: Tensor): Scalar => {
        const told = { z: a as Tensor2D, sentence: b as Tensor2D, noise: c as Tensor2D };
        return sum(mul(generateFace(p, config, told), probe));
      })(given);
      if (!gradZ || !gradSentence || !gradNoise) throw new Error('no gradient');
      const told = { z, sentence, noise };
      return {
        pictures: generateFace(p, config, told),
        'pictures, accelerated': generateFace(acceleratedFace(p, config), config, told),
        own: generateFace(p, config, { z, sentence }),
        'grown.0': generateFace(p, config, told, { depth: 0, alpha: 1 }),
        'grown.1': generateFace(p, config, told, { depth: 1, alpha: 0.25 }),
        'grown.2': generateFace(p, config, told, { depth: 2, alpha: 0.75 }),
        'grad.z': gradZ,
        'grad.sentence': gradSentence,
        'grad.noise': gradNoise,
      };
    },
  },
  't2f-critic': {
    shapes: (config: T2fCriticConfig) => t2fCriticShapes(config),
    run: (p, _: T2fCriticConfig, values) => {
      const [pictures, sentence] = [value<Tensor4D>(values, 'pictures'), value<Tensor2D>(values, 'sentence')];
      const loss = (x: Tensor): Scalar => {
        const { realism, match } = judgeFace(p, x as Tensor4D, sentence);
        return add(sum(realism), sum(square(match)));
      };
      const fading = judgeFace(p, pictures, sentence, 0.25);
      return {
        ...judgeFace(p, pictures, sentence),
        'fading.realism': fading.realism,
        'fading.match': fading.match,
        'grad.pictures': grad(loss)(pictures),
      };
    },
  },
};

/** The captions that beam search finds for f [1,F], `</s>` to the end, and their scores. */
async function beam(p: Parameters, { longest }: StreamConfig, f: Tensor2D): Promise<Outputs> {
  let state = firstState(p, f);
  const next: Next = async (rows, tokens) => {
    const after = step(p, gather(state, tensor1d([...rows], 'int32')), tensor1d([...tokens], 'int32'));
    state = after.state;
    return after.logits.data<'float32'>();
  };
  const best = await beamSearch(next, { width: 3, longest });
  return {
    'beam.tokens': tensor2d(
      best.map(({ tokens }) => Array.from({ length: longest }, (_, i) => tokens[i] ?? END)),
      undefined,
      'int32',
    ),
    'beam.scores': tensor1d(best.map(({ score }) => score)),
  };
}

/** Runs one golden file on the backend that is set → how far each output is off. */
export async function runGolden(name: GoldenName, bytes: Uint8Array, config: unknown): Promise<Deviation[]> {
  await loadGradients();
  const decoded = decodeTensors(parseSafetensors(bytes, name), name);
  const all = new Map<string, Tensor>();
  for (const [key, { shape, values }] of decoded) {
    all.set(key, tensor(values, [...shape], WHOLE.has(key) ? 'int32' : 'float32'));
  }
  const p = new Map([...all].filter(([key]) => key.startsWith('p.')).map(([key, t]) => [key.slice(2), t]));
  const { shapes, run } = RUNS[name];
  // The shape function must tell the truth about the file that PyTorch wrote.
  for (const [key, shape] of shapes(config as never)) {
    const found = p.get(key)?.shape.join();
    if (found !== shape.join()) throw new Error(`${key}: expected [${shape.join()}], found [${found}]`);
  }
  const used = new Set<string>();
  const values: Values = { get: (key) => (used.add(key), all.get(key)) };
  const outputs = await run(p, config as never, values);
  const deviations: Deviation[] = [];
  for (const [what, output] of Object.entries(outputs)) {
    const [found, expected] = await Promise.all([output.data(), value(values, what.replace(/,.*/, '')).data()]);
    deviations.push({ what, relative: relative(found, expected) });
  }
  const left = [...all.keys()].filter((key) => !key.startsWith('p.') && !used.has(key));
  if (left.length > 0) throw new Error(`${name}: nothing compares ${left.join(', ')}`);
  dispose([...Object.values(outputs), ...all.values()]);
  return deviations;
}

function relative(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let worst = found.length === expected.length ? 0 : Infinity;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((found[i] ?? NaN) - (expected[i] ?? NaN));
    worst = difference <= worst ? worst : Number.isNaN(difference) ? Infinity : difference;
    largest = Math.max(largest, Math.abs(expected[i] ?? NaN));
  }
  return worst / largest;
}
