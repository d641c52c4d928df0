/**
 * Conv2DBackpropFilter for wasm, which tfjs 4.22 does not have, composed of what it has: the filter's gradient is a
 * convolution, too. With the batch in the channels' place, the picture is seen through a kernel as large as the
 * output's gradient, and what comes out for the few shifts there are is one number a tap of the filter.
 */
import {
  backend_util,
  conv2d,
  slice,
  tidy,
  transpose,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropFilterInputs,
  type KernelConfig,
  type Tensor4D,
} from '@tensorflow/tfjs-core';

export const conv2DBackpropFilterConfig: KernelConfig = {
  kernelName: 'Conv2DBackpropFilter',
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs }) => {
    const { x, dy } = inputs as Conv2DBackpropFilterInputs;
    // The engine hands in tensors; only its types say less.
    return filterGradient(x as Tensor4D, dy as Tensor4D, attrs as unknown as Conv2DBackpropFilterAttrs);
  },
};

/** x [B,H,W,in], dy [B,H',W',out] → [h,w,in,out] */
function filterGradient(x: Tensor4D, dy: Tensor4D, attrs: Conv2DBackpropFilterAttrs): Tensor4D {
  const { strides, pad, dimRoundingMode, filterShape, dataFormat } = attrs;
  if (dataFormat !== 'NHWC') throw new Error(`Conv2DBackpropFilter: expected NHWC, found ${dataFormat}`);
  const info = backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const { top, bottom, left, right } = info.padInfo;
  return tidy(() => {
    const picture = transpose<Tensor4D>(x, [3, 1, 2, 0]); // [in,H,W,B]
    const seen = transpose<Tensor4D>(dy, [1, 2, 0, 3]); // [H',W',B,out]
    const sides: [[0, 0], [number, number], [number, number], [0, 0]] = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ];
    const taps = conv2d(picture, seen, 1, sides, 'NHWC', [info.strideHeight, info.strideWidth]); // [in,≥h,≥w,out]
    const [h, w, cin, cout] = filterShape;
    // With strides, the last rows and columns may lie beyond what the filter saw.
    const within = taps.shape[1] === h && taps.shape[2] === w ? taps : slice(taps, [0, 0, 0, 0], [cin, h, w, cout]);
    return transpose<Tensor4D>(within, [1, 2, 0, 3]);
  });
}
