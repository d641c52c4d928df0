/**
 * Raw tensors → float32 values, checked at the door: what leaves here is finite and has the expected shapes,
 * so the models need not ask again.
 *
 * Storage on the wire: float16 as a rule, float32 where it matters, or 8 bits: a tensor `name` of type I8 whose
 * companion `name.scale` (F32 or F16, [channels]) holds a scale for each output channel, which is the last axis
 * as the export writes it (HWIO, [in, out]); value = integer × scale. The suffix `.scale` is taken by this.
 */
import { badWeights } from './header.ts';
import type { RawTensor } from './safetensors.ts';

/** A tensor ready for use: row-major float32 values, all finite; their number is the product of the shape. */
export interface DecodedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

export const SCALE_SUFFIX = '.scale';

/** Up to here every whole number has a float32 of its own. */
const MAX_EXACT = 2 ** 24;

/** Folds the scales in; a scale without its I8 tensor, or the reverse, is bad-weights, as is any NaN or infinity. */
export function decodeTensors(raw: ReadonlyMap<string, RawTensor>, file: string): Map<string, DecodedTensor> {
  const decoded = new Map<string, DecodedTensor>();
  for (const [name, tensor] of raw) {
    if (name.endsWith(SCALE_SUFFIX)) {
      const partner = name.slice(0, -SCALE_SUFFIX.length);
      const found = raw.get(partner)?.dtype ?? 'nothing';
      if (found !== 'I8') throw badWeights(file, `${name}: expected ${partner} of type I8 beside it, found ${found}`);
    } else {
      const values = tensor.dtype === 'I8' ? dequantise(tensor, name, raw, file) : toFloat32(tensor, name, file);
      decoded.set(name, { shape: tensor.shape, values });
    }
  }
  return decoded;
}

/**
 * Missing, extra or misshapen tensors are bad-weights, told in one message (the first few of them), as in
 * "glam.h1.weight: expected [3,3,64,128], found [3,3,128,64]".
 */
export function checkShapes(
  decoded: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  expected: ReadonlyMap<string, readonly number[]>,
  file: string,
): void {
  const faults: string[] = [];
  for (const [name, shape] of expected) {
    const found = decoded.get(name)?.shape;
    const same = found?.length === shape.length && shape.every((size, axis) => size === found[axis]);
    if (!same) faults.push(`${name}: expected [${shape.join()}], found ${found ? `[${found.join()}]` : 'nothing'}`);
  }
  for (const [name, { shape }] of decoded) {
    if (!expected.has(name)) faults.push(`${name}: expected nothing, found [${shape.join()}]`);
  }
  if (faults.length === 0) return;
  const more = faults.length > 3 ? `; and ${faults.length - 3} more` : '';
  throw badWeights(file, faults.slice(0, 3).join('; ') + more);
}

/**
 * Values as float32, in memory of their own (a view would keep the whole file alive). Exact for every type:
 * float16 subnormals too; integers as they are, without a scale. NaN, infinity, and I32 beyond ±2²⁴ are bad-weights.
 */
export function toFloat32(raw: RawTensor, name: string, file: string): Float32Array<ArrayBuffer> {
  // Copied by the constructor: `slice` on Node's Buffer would give a view.
  const { buffer } = new Uint8Array(raw.bytes);
  switch (raw.dtype) {
    case 'F32': {
      const values = new Float32Array(buffer);
      values.forEach((value, i) => {
        if (!Number.isFinite(value)) throw notFinite(name, i, value, file);
      });
      return values;
    }
    case 'F16': {
      const halves = new Uint16Array(buffer);
      const values = new Float32Array(halves.length);
      const table = halfTable();
      halves.forEach((half, i) => {
        const value = table[half] ?? NaN;
        if (!Number.isFinite(value)) throw notFinite(name, i, value, file);
        values[i] = value;
      });
      return values;
    }
    case 'I8':
      return Float32Array.from(new Int8Array(buffer));
    case 'U8':
      return Float32Array.from(new Uint8Array(buffer));
    case 'I32': {
      const integers = new Int32Array(buffer);
      const tooLarge = integers.find((n) => Math.abs(n) > MAX_EXACT);
      if (tooLarge !== undefined) throw badWeights(file, `${name}: ${tooLarge} has no exact float32`);
      return Float32Array.from(integers);
    }
  }
}

/** I8 [..., C] and its scale [C] → [..., C]. One rounding a value: the product of 8 and 24 bits is exact in double. */
function dequantise(
  tensor: RawTensor,
  name: string,
  raw: ReadonlyMap<string, RawTensor>,
  file: string,
): Float32Array<ArrayBuffer> {
  const scaleName = name + SCALE_SUFFIX;
  const scale = raw.get(scaleName);
  if (!scale) throw badWeights(file, `${name}: 8-bit values without ${scaleName}`);
  const channels = tensor.shape.at(-1);
  if (channels === undefined) throw badWeights(file, `${name}: a scalar has no channels to scale`);
  if (scale.dtype !== 'F32' && scale.dtype !== 'F16') {
    throw badWeights(file, `${scaleName}: expected F32 or F16, found ${scale.dtype}`);
  }
  if (scale.shape.length !== 1 || scale.shape[0] !== channels) {
    throw badWeights(file, `${scaleName}: expected [${channels}], found [${scale.shape.join()}]`);
  }
  const scales = toFloat32(scale, scaleName, file);
  const negative = scales.findIndex((s) => s < 0);
  if (negative >= 0) throw badWeights(file, `${scaleName}: value ${negative} is negative`);

  const values = toFloat32(tensor, name, file);
  for (let begin = 0; begin < values.length; begin += channels) {
    for (let c = 0; c < channels; c++) {
      const value = Math.fround((values[begin + c] ?? NaN) * (scales[c] ?? NaN));
      if (!Number.isFinite(value)) throw notFinite(name, begin + c, value, file);
      values[begin + c] = value;
    }
  }
  return values;
}

let halves: Float32Array | undefined;

/** All 65,536 float16 values as float32 (256 kB), built at the first use; one look-up a value is the fastest there is. */
function halfTable(): Float32Array {
  if (halves) return halves;
  halves = new Float32Array(65536);
  for (let bits = 0; bits < 32768; bits++) {
    const exponent = bits >> 10;
    const fraction = bits & 1023;
    let value: number;
    if (exponent === 31) value = fraction === 0 ? Infinity : NaN;
    else if (exponent === 0) value = fraction * 2 ** -24;
    else value = (1024 + fraction) * 2 ** (exponent - 25);
    halves[bits] = value;
    halves[bits + 32768] = -value;
  }
  return halves;
}

function notFinite(name: string, index: number, value: number, file: string): Error {
  const what = Number.isNaN(value) ? 'NaN' : 'infinite';
  return badWeights(file, `${name}: value ${index} is ${what}`);
}
