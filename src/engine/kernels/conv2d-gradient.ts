/**
 * The gradient of a convolution, in place of tfjs' own: on wasm its Conv2DBackpropInput is plain loops, ten times
 * slower than the convolution itself (4.22). The way back is a convolution, too: with the kernel turned round, and as
 * many rows and columns of padding as the way there had not. With a stride of 2 it is four of them, one for each place
 * that the picture's pixels have below the stride, through the taps that met them.
 */
import {
  backend_util,
  concat,
  conv2d,
  getBackend,
  matMul,
  reshape,
  tensor2d,
  transpose,
  type Conv2DAttrs,
  type GradConfig,
  type NamedAttrMap,
  type Rank,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { conv2DGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Conv2D_grad.js';

export const conv2dGradient: GradConfig = {
  ...conv2DGradConfig,
  gradFunc: (dy, saved, attrs) => {
    const theirs = conv2DGradConfig.gradFunc(dy, saved, attrs);
    const [x, filter] = saved as [Tensor4D, Tensor4D];
    const back = getBackend() === 'wasm' ? backwards(x, filter, attrs) : undefined;
    return back ? { ...theirs, x: () => back(dy as Tensor4D) } : theirs;
  },
};

type Sides = readonly [before: number, after: number];

/** What one row (or column) of each `stride` gets: the taps that reach it, last first, and the padding of dy for them. */
interface Phase {
  readonly taps: readonly number[];
  readonly sides: Sides;
}

/** dy [B,H',W',out] → dx [B,H,W,in]; undefined where strides do not fit, or padding is more than a kernel looks over */
function backwards(x: Tensor4D, filter: Tensor4D, attrs: NamedAttrMap): ((dy: Tensor4D) => Tensor4D) | undefined {
  const { strides, pad, dilations, dimRoundingMode } = attrs as unknown as Conv2DAttrs;
  const info = backend_util.computeConv2DInfo(x.shape, filter.shape, strides, dilations, pad, dimRoundingMode);
  if (info.dilationHeight !== 1 || info.dilationWidth !== 1) return undefined;
  const rows = phases(info.inHeight, info.outHeight, info.filterHeight, info.strideHeight, info.padInfo.top);
  const columns = phases(info.inWidth, info.outWidth, info.filterWidth, info.strideWidth, info.padInfo.left);
  if (!rows || !columns) return undefined;
  const { batchSize, inHeight, inWidth, inChannels } = info;
  return (dy) => {
    const parts = rows.map((row) => {
      const beside = columns.map((column) =>
        conv2d(dy, turned(filter, row.taps, column.taps), 1, [[0, 0], [...row.sides], [...column.sides], [0, 0]]),
      );
      // Neighbours in a row, as their channels beside each other.
      const all = beside.length === 1 ? beside[0] : concat(beside, 3);
      return reshape<Rank.R3>(all as Tensor4D, [batchSize, inHeight / rows.length, inWidth * inChannels]);
    });
    const all = parts.length === 1 ? (parts[0] as Tensor3D) : concat(parts, 2);
    return reshape<Rank.R4>(all, [batchSize, inHeight, inWidth, inChannels]);
  };
}

/** Along one axis: place stride·u + a of x got dy[u + c − m] through tap stride·m + r, with a + padding = stride·c + r. */
function phases(size: number, out: number, kernel: number, stride: number, padding: number): Phase[] | undefined {
  if (size % stride !== 0) return undefined;
  const all = Array.from({ length: stride }, (_, a): Phase => {
    const r = (a + padding) % stride;
    const c = (a + padding - r) / stride;
    const count = Math.ceil((kernel - r) / stride);
    const before = count - 1 - c;
    const taps = Array.from({ length: Math.max(0, count) }, (_, j) => stride * (count - 1 - j) + r);
    return { taps, sides: [before, size / stride + count - 1 - out - before] };
  });
  return all.every(({ taps, sides }) => taps.length > 0 && sides.every((side) => side >= 0)) ? all : undefined;
}

/** [h,w,in,out] → those rows and columns of it, in that order, [rows,columns,out,in] */
function turned(filter: Tensor4D, rows: readonly number[], columns: readonly number[]): Tensor4D {
  const [h, w, cin, cout] = filter.shape;
  const order = rows.flatMap((row) => columns.map((column) => row * w + column));
  // By a product with ones and zeros: the wasm backend's Reverse goes number by number, twenty times slower, and
  // slices are six times slower.
  const chosen = new Float32Array(order.length * h * w);
  for (const [i, tap] of order.entries()) chosen[i * h * w + tap] = 1;
  const all =
    h * w === 1 ? filter : matMul(tensor2d(chosen, [order.length, h * w]), reshape(filter, [h * w, cin * cout]));
  return transpose<Tensor4D>(reshape(all, [rows.length, columns.length, cin, cout]), [0, 1, 3, 2]);
}
