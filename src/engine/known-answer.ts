/**
 * A backend is believed only after it has computed something whose answer is known. More than 1,000 elements, since
 * the webgpu backend hands smaller tensors to the CPU; the same networks' kinds of operation, in small.
 */
import { conv2d, matMul, tensor2d, tensor4d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { LimnError } from '../failure.ts';
import { stream } from '../random.ts';

/** Largest difference that rounding may explain; the webgl backend on half floats exceeds it, and should. */
const TOLERANCE = 1e-3;
const [ROWS, INNER, COLUMNS] = [40, 30, 50] as const;
const [EDGE, CIN, COUT] = [16, 5, 7] as const;

/** Throws LimnError wrong-numbers. */
export async function checkKnownAnswer(): Promise<void> {
  const random = stream(20161);
  const draw = (n: number): Float32Array => Float32Array.from({ length: n }, () => random.normal());
  const [a, b] = [draw(ROWS * INNER), draw(INNER * COLUMNS)];
  const [x, k] = [draw(EDGE * EDGE * CIN), draw(9 * CIN * COUT)];
  const product = tidy(() => matMul(tensor2d(a, [ROWS, INNER]), tensor2d(b, [INNER, COLUMNS])));
  const map = tidy(() => conv2d(tensor4d(x, [1, EDGE, EDGE, CIN]), tensor4d(k, [3, 3, CIN, COUT]), 1, 'same'));
  try {
    compare('a matrix product', await values(product), multiply(a, b));
    compare('a convolution', await values(map), convolve(x, k));
  } finally {
    product.dispose();
    map.dispose();
  }
}

async function values(tensor: Tensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.data());
}

function compare(what: string, found: Float32Array, expected: Float32Array): void {
  let worst = found.length === expected.length ? 0 : Infinity;
  for (const [i, e] of expected.entries()) {
    const difference = Math.abs((found[i] ?? NaN) - e);
    // NaN compares false with everything, so ask for what is wanted.
    worst = difference <= worst ? worst : Number.isNaN(difference) ? Infinity : difference;
  }
  if (!(worst <= TOLERANCE)) {
    throw new LimnError({ kind: 'wrong-numbers', detail: `${what} was off by ${worst.toPrecision(2)}` });
  }
}

function multiply(a: Float32Array, b: Float32Array): Float32Array {
  return Float32Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    const [row, column] = [Math.floor(at / COLUMNS), at % COLUMNS];
    let sum = 0;
    for (let i = 0; i < INNER; i++) sum += (a[row * INNER + i] ?? 0) * (b[i * COLUMNS + column] ?? 0);
    return sum;
  });
}

/** 3×3, zero padding: x [EDGE,EDGE,CIN], k [3,3,CIN,COUT] → [EDGE,EDGE,COUT] */
function convolve(x: Float32Array, k: Float32Array): Float32Array {
  return Float32Array.from({ length: EDGE * EDGE * COUT }, (_, at) => {
    const [row, column, out] = [Math.floor(at / (EDGE * COUT)), Math.floor(at / COUT) % EDGE, at % COUT];
    let sum = 0;
    for (let tap = 0; tap < 9; tap++) {
      const [r, c] = [row + Math.floor(tap / 3) - 1, column + (tap % 3) - 1];
      if (r < 0 || c < 0 || r >= EDGE || c >= EDGE) continue;
      for (let i = 0; i < CIN; i++) sum += (x[(r * EDGE + c) * CIN + i] ?? 0) * (k[(tap * CIN + i) * COUT + out] ?? 0);
    }
    return sum;
  });
}
