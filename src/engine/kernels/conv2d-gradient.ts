/**
 * The gradient of a convolution, in place of tfjs' own: on wasm its Conv2DBackpropInput is plain loops, ten times
 * slower than the convolution itself (4.22). Where the stride is 1 the way back is a convolution, too: with the kernel
 * turned round, and as many rows and columns of padding as the way there had not.
 */
import {
  backend_util,
  conv2d,
  getBackend,
  matMul,
  reshape,
  tensor2d,
  transpose,
  type Conv2DAttrs,
  type GradConfig,
  type NamedAttrMap,
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

/** dy [B,H',W',out] → dx [B,H,W,in]; undefined where there are strides, or more padding than a kernel looks over */
function backwards(x: Tensor4D, filter: Tensor4D, attrs: NamedAttrMap): ((dy: Tensor4D) => Tensor4D) | undefined {
  const { strides, pad, dilations, dimRoundingMode } = attrs as unknown as Conv2DAttrs;
  const info = backend_util.computeConv2DInfo(x.shape, filter.shape, strides, dilations, pad, dimRoundingMode);
  if (info.strideHeight !== 1 || info.strideWidth !== 1) return undefined;
  const { top, bottom, left, right } = info.padInfo;
  const [h, w] = [filter.shape[0] - 1, filter.shape[1] - 1];
  const sides: [[0, 0], [number, number], [number, number], [0, 0]] = [
    [0, 0],
    [h - top, h - bottom],
    [w - left, w - right],
    [0, 0],
  ];
  if (sides.flat().some((side) => side < 0)) return undefined;
  return (dy) => conv2d(dy, turned(filter), 1, sides);
}

/** [h,w,in,out] → [h,w,out,in], the last tap first */
function turned(filter: Tensor4D): Tensor4D {
  const [h, w, cin, cout] = filter.shape;
  const taps = h * w;
  // By a product with an identity that stands on its head: the wasm backend's Reverse goes number by number, twenty
  // times slower, and slices are six times slower.
  const order = tensor2d(
    Float32Array.from({ length: taps * taps }, (_, i) => (Math.floor(i / taps) + (i % taps) === taps - 1 ? 1 : 0)),
    [taps, taps],
  );
  const last = taps === 1 ? filter : matMul(order, reshape(filter, [taps, cin * cout]));
  return transpose<Tensor4D>(reshape(last, [h, w, cin, cout]), [0, 1, 3, 2]);
}
