/** float32 values → tensors as a safetensors file stores them: the reverse of decode.ts. */
import type { RawTensor } from './safetensors.ts';

export function rawFloat32(shape: readonly number[], values: Float32Array): RawTensor {
  return { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

/** Rounded to the nearest float16, ties to even; beyond ±65504 it would be infinite, which no reader accepts. */
export function rawFloat16(shape: readonly number[], values: Float32Array): RawTensor {
  return { dtype: 'F16', shape, bytes: new Uint8Array(Uint16Array.from(values, toHalf).buffer) };
}

const scratch = new Float32Array(1);
const bits = new Uint32Array(scratch.buffer);

/** A number → the bits of its nearest float16. */
export function toHalf(value: number): number {
  scratch[0] = value;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // from 65520 on it rounds to infinity
  // Below the smallest normal float16, 2⁻¹⁴, its steps are 2⁻²⁴ throughout.
  if (magnitude < 0x38800000) return sign | roundHalfEven(Math.abs(value) * 2 ** 24);
  // Exponents differ by 112; 13 bits of the fraction go, and a carry into the exponent is right as it is.
  const shifted = magnitude - (112 << 23);
  return sign | ((shifted + 0xfff + ((shifted >>> 13) & 1)) >>> 13);
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
