/**
 * Nearest ×2 and the 3×3 convolution after it, in one. Every second row and column of the doubled grid repeats, so
 * each output pixel of the four phases (even and odd row × even and odd column) sees only 2×2 pixels of the small
 * grid: 16 products in place of 36. Worth it where products are what costs (wasm, cpu); on a GPU four small
 * convolutions in place of one cost more in launches than they save.
 */
import {
  add,
  concat,
  fused,
  reshape,
  slice,
  tidy,
  zerosLike,
  type Rank,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { parameter, type Parameters } from './parameters.ts';

/**
 * From this many channels up each phase has a kernel of its own. Below, laying narrow columns side by side would cost
 * more than the products saved, and one kernel of 3 columns writes both column phases beside each other: 24 products.
 */
const WIDE = 64;

const key = (name: string, row: number, column: number | 'both'): string => `${name}.phase.${row}.${column}`;

/** `name.weight` [3,3,Cin,Cout] → what `convolveDoubled` needs beside it, by name; the caller owns it. */
export function phaseParameters(p: Parameters, name: string): [string, Tensor][] {
  const weight = parameter<Tensor4D>(p, `${name}.weight`);
  const wide = weight.shape[3] >= WIDE;
  const bias = parameter<Tensor1D>(p, `${name}.bias`);
  const kernels: [string, Tensor][] = wide ? [] : [[`${name}.bias.both`, concat([bias, bias])]];
  for (const row of [0, 1] as const) {
    const rows = tidy(() => phase(weight, 0, row)); // [2,3,Cin,Cout]
    if (wide) for (const column of [0, 1] as const) kernels.push([key(name, row, column), phase(rows, 1, column)]);
    else {
      const both = tidy(() => {
        const nothing = zerosLike(slice(rows, [0, 0, 0, 0], [-1, 1, -1, -1]));
        const even = concat([phase(rows, 1, 0), nothing], 1);
        const odd = concat([nothing, phase(rows, 1, 1)], 1);
        return concat([even, odd], 3); // [2,3,Cin,2·Cout]
      });
      kernels.push([key(name, row, 'both'), both]);
    }
    rows.dispose();
  }
  return kernels;
}

/** Three taps along `axis` → the two that an even (0) or odd (1) place of the doubled axis has: [w₀, w₁+w₂] or [w₀+w₁, w₂]. */
function phase(weight: Tensor4D, axis: 0 | 1, which: 0 | 1): Tensor4D {
  return tidy(() => {
    const tap = (i: number): Tensor4D => {
      const begin: [number, number, number, number] = axis === 0 ? [i, 0, 0, 0] : [0, i, 0, 0];
      const size: [number, number, number, number] = axis === 0 ? [1, -1, -1, -1] : [-1, 1, -1, -1];
      return slice(weight, begin, size);
    };
    return which === 0
      ? concat([tap(0), add<Tensor4D>(tap(1), tap(2))], axis)
      : concat([add<Tensor4D>(tap(0), tap(1)), tap(2)], axis);
  });
}

export const hasPhases = (p: Parameters, name: string): boolean =>
  p.has(key(name, 0, 0)) || p.has(key(name, 0, 'both'));

/** x [B,H,W,Cin] → [B,2H,2W,Cout], the 3×3 convolution `name` of the doubled x, with `name.bias` */
export function convolveDoubled(p: Parameters, name: string, x: Tensor4D): Tensor4D {
  const [b, h, w] = x.shape;
  const channels = parameter(p, `${name}.bias`).shape[0] ?? 0;
  // An even place looks one back, an odd one looks one ahead.
  const convolve = (row: number, column: number | 'both'): Tensor4D => {
    const kernel = parameter<Tensor4D>(p, key(name, row, column));
    const columns: [number, number] = column === 'both' ? [1, 1] : [1 - column, column];
    return fused.conv2d({
      x,
      filter: kernel,
      strides: 1,
      pad: [[0, 0], [1 - row, row], columns, [0, 0]],
      bias: parameter(p, column === 'both' ? `${name}.bias.both` : `${name}.bias`),
    });
  };
  const wide = p.has(key(name, 0, 0));
  const rows = [0, 1].map((row) => {
    const pairs = wide ? concat([convolve(row, 0), convolve(row, 1)], 3) : convolve(row, 'both'); // [B,H,W,2·Cout]
    return reshape<Rank.R3>(pairs, [b, h, 2 * w * channels]);
  });
  return reshape(concat(rows, 2), [b, 2 * h, 2 * w, channels]);
}
