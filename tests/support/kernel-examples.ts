/**
 * A call of every kernel of src/engine/kernels/names.ts, through the op that a network would use, and of the ops that
 * tfjs composes of several. Run on a backend, they find what the list lacks: an op asks for kernels by name, its
 * gradient for others, and neither shows before it runs.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as gradients from '../../src/engine/kernels/gradients.ts';
import { MISSING, type KernelName } from '../../src/engine/kernels/names.ts';
import { loadGradients } from '../../src/engine/kernels/register.ts';
import type { BackendName } from '../../src/engine/protocol.ts';
import { normal } from '../../src/random.ts';

type Draw = () => tf.Tensor;
/** Gradients are taken of all its inputs. */
type Example = readonly [run: (...inputs: never[]) => tf.Tensor, ...inputs: Draw[]];

/** N(0, 1), but no value within 0.1 of zero, where slopes jump. */
const numbers = (seed: number, shape: readonly number[]): Float32Array =>
  normal(
    seed,
    shape.reduce((a, b) => a * b, 1),
  ).map((v) => v + 0.1 * Math.sign(v));
const draw = (seed: number, shape: readonly number[]): tf.Tensor => tf.tensor(numbers(seed, shape), [...shape]);

const some = (seed: number, ...shape: number[]): Draw => {
  return () => draw(seed, shape);
};
/** All above zero. */
const above = (seed: number, ...shape: number[]): Draw => {
  return () => tf.tensor(numbers(seed, shape).map(Math.abs), shape);
};

const flat = some(1, 5, 8);
const other = some(2, 5, 8);
const row = some(3, 8);
const positive = above(4, 5, 8);
const map = some(5, 2, 6, 6, 8);
const kernel = (): tf.Tensor4D => draw(6, [3, 3, 8, 4]) as tf.Tensor4D;
const sample = (): tf.Tensor => tf.tensor1d([2, 0, 2], 'int32');

type T = tf.Tensor;
type T2 = tf.Tensor2D;
type T4 = tf.Tensor4D;

const KERNEL_EXAMPLES: Record<KernelName, Example> = {
  Cast: [(x: T) => tf.cast(x, 'int32'), flat],
  Concat: [(x: T, y: T) => tf.concat([x, y], 1), flat, other],
  ExpandDims: [(x: T) => tf.expandDims(x, 1), flat],
  Fill: [() => tf.fill([3, 5], 1.5)],
  Identity: [(x: T) => tf.clone(x), flat],
  OnesLike: [(x: T) => tf.onesLike(x), flat],
  Pack: [(x: T, y: T) => tf.stack([x, y], 1), flat, other],
  PadV2: [
    (x: T) =>
      tf.pad(
        x,
        [
          [1, 0],
          [0, 2],
        ],
        0.5,
      ),
    flat,
  ],
  Range: [() => tf.range(1, 9, 2, 'int32')],
  Reshape: [(x: T) => tf.reshape(x, [8, 5]), flat],
  Reverse: [(x: T) => tf.reverse(x, 1), flat],
  Slice: [(x: T) => tf.slice(x, [1, 2], [3, 5]), flat],
  SplitV: [(x: T) => tf.split(x, 2, 1).at(1) as T, flat],
  Tile: [(x: T) => tf.tile(x, [2, 3]), flat],
  Transpose: [(x: T4) => tf.transpose(x, [0, 3, 1, 2]), map],
  Unpack: [(x: T) => tf.unstack(x, 1).at(2) as T, flat],
  ZerosLike: [(x: T) => tf.zerosLike(x), flat],
  Abs: [(x: T) => tf.abs(x), flat],
  Add: [(x: T, y: T) => tf.add(x, y), flat, row],
  ClipByValue: [(x: T) => tf.clipByValue(x, -0.5, 0.5), flat],
  Exp: [(x: T) => tf.exp(x), flat],
  Log: [(x: T) => tf.log(x), positive],
  Maximum: [(x: T, y: T) => tf.maximum(x, y), flat, other],
  Minimum: [(x: T, y: T) => tf.minimum(x, y), flat, other],
  Multiply: [(x: T, y: T) => tf.mul(x, y), flat, row],
  Neg: [(x: T) => tf.neg(x), flat],
  Pow: [(x: T, y: T) => tf.pow(x, y), positive, row],
  RealDiv: [(x: T, y: T) => tf.div(x, y), flat, row],
  Rsqrt: [(x: T) => tf.rsqrt(x), positive],
  Sqrt: [(x: T) => tf.sqrt(x), positive],
  Square: [(x: T) => tf.square(x), flat],
  SquaredDifference: [(x: T, y: T) => tf.squaredDifference(x, y), flat, other],
  Sub: [(x: T, y: T) => tf.sub(x, y), flat, row],
  LeakyRelu: [(x: T) => tf.leakyRelu(x, 0.2), flat],
  Prelu: [(x: T, slopes: T) => tf.prelu(x, slopes), flat, row],
  Relu: [(x: T) => tf.relu(x), flat],
  Sigmoid: [(x: T) => tf.sigmoid(x), flat],
  Softmax: [(x: T) => tf.softmax(x), flat],
  Step: [(x: T) => tf.step(x, 0.3), flat],
  Tanh: [(x: T) => tf.tanh(x), flat],
  Equal: [() => tf.equal(sample(), tf.range(0, 3, 1, 'int32'))],
  Greater: [() => tf.greater(flat(), other())],
  GreaterEqual: [(x: T, y: T) => tf.greaterEqual(x, y), flat, other],
  IsFinite: [() => tf.isFinite(tf.tensor1d([1, NaN, Infinity]))],
  IsNan: [() => tf.isNaN(tf.tensor1d([1, NaN, 0]))],
  Less: [() => tf.less(flat(), other())],
  LessEqual: [() => tf.lessEqual(flat(), other())],
  LogicalAnd: [() => tf.logicalAnd(tf.greater(flat(), 0), tf.greater(other(), 0))],
  LogicalNot: [() => tf.logicalNot(tf.greater(flat(), 0))],
  Select: [(x: T, y: T) => tf.where(tf.greater(row(), 0), x, y), flat, other],
  ArgMax: [(x: T) => tf.argMax(x, 1), flat],
  Max: [(x: T) => tf.max(x, 1), flat],
  Mean: [(x: T4) => tf.mean(x, [1, 2]), map],
  Min: [(x: T) => tf.min(x, 1), flat],
  Prod: [() => tf.prod(flat(), 1)],
  Sum: [(x: T) => tf.sum(x, 1, true), flat],
  GatherNd: [
    () =>
      tf.gatherND(
        flat(),
        tf.tensor2d(
          [
            [1, 2],
            [4, 0],
          ],
          [2, 2],
          'int32',
        ),
      ),
  ],
  GatherV2: [() => tf.gather(flat(), sample())],
  UnsortedSegmentSum: [() => tf.grad((x) => tf.gather(x, sample()))(flat(), draw(7, [3, 8]))],
  AvgPool: [(x: T4) => tf.avgPool(x, 3, 2, 'valid'), map],
  AvgPoolGrad: [() => tf.grad((x) => tf.avgPool(x as T4, 3, 2, 'valid'))(map(), draw(7, [2, 2, 2, 8]))],
  BatchMatMul: [(x: T2, y: T2) => tf.matMul(x, y, false, true), flat, other],
  Conv2D: [(x: T4) => tf.conv2d(x, kernel(), 2, 'same'), map],
  Conv2DBackpropFilter: [
    () => tf.grad((k) => tf.conv2d(map() as T4, k as T4, 2, 'same'))(kernel(), draw(7, [2, 3, 3, 4])),
  ],
  Conv2DBackpropInput: [(dy: T4) => tf.conv2dTranspose(dy, kernel(), [2, 6, 6, 8], 2, 'same'), some(7, 2, 3, 3, 4)],
  FusedConv2D: [
    () =>
      tf.fused.conv2d({
        x: map() as T4,
        filter: kernel(),
        strides: 1,
        pad: 'same',
        bias: draw(7, [4]),
        activation: 'relu',
      }),
  ],
  MaxPool: [(x: T4) => tf.maxPool(x, 3, 2, 'valid'), map],
  MaxPoolGrad: [() => tf.grad((x) => tf.maxPool(x as T4, 3, 2, 'valid'))(map(), draw(7, [2, 2, 2, 8]))],
  ResizeBilinear: [(x: T4) => tf.image.resizeBilinear(x, [4, 9]), map],
  ResizeBilinearGrad: [() => tf.grad((x) => tf.image.resizeBilinear(x as T4, [9, 9]))(map(), draw(7, [2, 9, 9, 8]))],
  ResizeNearestNeighbor: [(x: T4) => tf.image.resizeNearestNeighbor(x, [12, 12]), map],
  _FusedMatMul: [
    () =>
      tf.fused.matMul({
        a: flat(),
        b: draw(7, [8, 3]),
        bias: draw(8, [3]),
        activation: 'leakyrelu',
        leakyreluAlpha: 0.2,
      }),
  ],
};

/** Ops without a kernel of their own. */
const COMPOSED: Record<string, Example> = {
  'resizeBilinear, half-pixel centres': [() => tf.image.resizeBilinear(map() as T4, [4, 9], false, true)],
  logSoftmax: [(x: T) => tf.logSoftmax(x), flat],
  moments: [(x: T) => tf.moments(x, 1).variance, flat],
  norm: [(x: T) => tf.norm(x, 'euclidean', 1), flat],
  dot: [(x: T, y: T) => tf.dot(x, y), row, some(8, 8)],
  'where, of a scalar': [(x: T) => tf.where(tf.greater(other(), 0), x, tf.scalar(0)), flat],
  squeeze: [(x: T) => tf.squeeze(tf.expandDims(x, 0)), flat],
  'conv2d of stride 1': [(x: T4) => tf.conv2d(x, kernel(), 1, 'same'), map],
  'gradient through _FusedMatMul': [
    (a: T2, b: T2, bias: T) => tf.fused.matMul({ a, b, bias }),
    flat,
    some(9, 8, 3),
    some(7, 3),
  ],
};

export interface Result {
  readonly what: string;
  readonly values: readonly number[];
  readonly error?: string;
}

/** Every example and every gradient on the backend that is set, as far as the backend has the kernels. */
export async function runExamples(backend: BackendName): Promise<Result[]> {
  await loadGradients();
  const results: Result[] = [];
  const add = async (what: string, run: () => tf.Tensor[]): Promise<void> => {
    try {
      const found = tf.tidy(run);
      const values = (await Promise.all(found.map((t) => t.data()))).flatMap((v) => [...v]);
      tf.dispose(found);
      results.push({ what, values });
    } catch (error) {
      results.push({ what, values: [], error: String(error) });
    }
  };
  for (const [what, [run, ...inputs]] of Object.entries({ ...KERNEL_EXAMPLES, ...COMPOSED })) {
    if (what in MISSING[backend]) continue;
    const call = run as (...inputs: T[]) => T;
    await add(what, () => [call(...inputs.map((input) => input()))]);
    if (inputs.length === 0 || !(what in gradients || what in COMPOSED)) continue;
    await add(`gradient of ${what}`, () => {
      const at = inputs.map((input) => input());
      return tf.grads(call)(at, draw(10, call(...at).shape));
    });
  }
  return results;
}

/** → the kernels that each example asks for; where one can be waited for between kernels: cpu and wasm */
export async function kernelsAskedFor(): Promise<Map<string, string[]>> {
  await loadGradients();
  const asked = new Map<string, string[]>();
  for (const [name, [run, ...inputs]] of Object.entries(KERNEL_EXAMPLES)) {
    const call = run as (...inputs: T[]) => T;
    const { kernelNames } = await tf.profile(() => call(...inputs.map((input) => input())));
    asked.set(name, kernelNames);
  }
  return asked;
}

/** What `found` lacks or has otherwise than `expected`, in words. */
export function differences(found: readonly Result[], expected: readonly Result[], tolerance: number): string[] {
  const byName = new Map(expected.map((result) => [result.what, result]));
  return found.flatMap(({ what, values, error }) => {
    if (error !== undefined) return [`${what}: ${error}`];
    const right = byName.get(what)?.values ?? [];
    if (values.length === 0 || right.length !== values.length) return [`${what}: ${values.length} values`];
    const largest = right.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
    const off = Math.max(...values.map((v, i) => Math.abs(v - (right[i] ?? NaN)))) / largest;
    return off <= tolerance ? [] : [`${what}: off by ${off}`];
  });
}
