/**
 * The kernels that Limn uses: the one list. A backend's whole package registers twice as many, and all four of them
 * would not fit the worker's budget (scripts/sizes.mjs). An op of tfjs asks for its kernels by name when it runs, so
 * one that is not listed is an error of kind `internal`: "Kernel 'Cumsum' not registered for backend 'webgl'".
 *
 * To add one: its name here, then one line in each of webgpu.ts, webgl.ts, wasm.ts and cpu.ts (the compiler says
 * which are missing), an example in tests/support/kernel-examples.ts, and, if something is optimised through it, its
 * gradient in gradients.ts together with the kernels that the gradient asks for.
 */
import type { BackendName } from '../protocol.ts';

export const KERNELS = [
  // Shapes, and what tensors are made of
  'Cast',
  'Concat',
  'ExpandDims',
  'Fill',
  'Identity',
  'OnesLike',
  'Pack',
  'PadV2',
  'Range',
  'Reshape',
  'Reverse',
  'Slice',
  'SplitV',
  'Tile',
  'Transpose',
  'Unpack',
  'ZerosLike',
  // Element by element
  'Abs',
  'Add',
  'ClipByValue',
  'Exp',
  'Log',
  'Maximum',
  'Minimum',
  'Multiply',
  'Neg',
  'Pow',
  'RealDiv',
  'Rsqrt',
  'Sqrt',
  'Square',
  'SquaredDifference',
  'Sub',
  // Activations. logSoftmax has no kernel: tfjs composes it of Max, Sub, Exp, Sum and Log.
  'LeakyRelu',
  'Prelu',
  'Relu',
  'Sigmoid',
  'Softmax',
  'Step',
  'Tanh',
  // Comparing and choosing
  'Equal',
  'Greater',
  'GreaterEqual',
  'IsFinite',
  'IsNan',
  'Less',
  'LessEqual',
  'LogicalAnd',
  'LogicalNot',
  'Select',
  // Many numbers into few
  'ArgMax',
  'Max',
  'Mean',
  'Min',
  'Prod',
  'Sum',
  // Looking up, and its way back. Not OneHot, which answers wrongly on wasm (tfjs 4.22): compare with a range.
  'GatherNd',
  'GatherV2',
  'UnsortedSegmentSum',
  // Matrices and maps. Not ResizeNearestNeighborGrad, which cpu has wrong for all but the first of a batch (tfjs 4.22);
  // `double` in models/layers.ts does without. On wasm, _FusedMatMul with a transposed matrix adds the wrong bias.
  'AvgPool',
  'AvgPoolGrad',
  'BatchMatMul',
  'Conv2D',
  'Conv2DBackpropFilter',
  'Conv2DBackpropInput',
  'FusedConv2D',
  'MaxPool',
  'MaxPoolGrad',
  'ResizeBilinear',
  'ResizeBilinearGrad',
  'ResizeNearestNeighbor',
  '_FusedMatMul',
] as const;

export type KernelName = (typeof KERNELS)[number];

/** What a backend does not have, and what that rules out there. wasm's Conv2DBackpropFilter is the project's own. */
export const MISSING = {
  webgpu: {},
  webgl: {},
  wasm: {
    UnsortedSegmentSum: 'no gradient of gather',
  },
  cpu: {},
} as const satisfies Record<BackendName, Partial<Record<KernelName, string>>>;
