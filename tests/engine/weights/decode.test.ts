import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkShapes, decodeTensors, toFloat32 } from '../../../src/engine/weights/decode.ts';
import type { DType } from '../../../src/engine/weights/header.ts';
import { parseSafetensors, writeSafetensors, type RawTensor } from '../../../src/engine/weights/safetensors.ts';
import { badWeightsOf } from './raw-file.ts';

const GOLDEN = new URL('../../golden/', import.meta.url);

const of = (dtype: DType, shape: number[], values: { readonly buffer: ArrayBufferLike }): RawTensor => ({
  dtype,
  shape,
  bytes: new Uint8Array(values.buffer),
});
const f32 = (...values: number[]) => of('F32', [values.length], Float32Array.from(values));
const f16 = (...bits: number[]) => of('F16', [bits.length], Uint16Array.from(bits));
const i8 = (shape: number[], ...values: number[]) => of('I8', shape, Int8Array.from(values));
const decode = (tensors: Record<string, RawTensor>) => decodeTensors(new Map(Object.entries(tensors)), 'x.safetensors');
const fault = (tensors: Record<string, RawTensor>) => badWeightsOf(() => decode(tensors));

interface Expectation {
  tensors: Record<string, { shape: number[]; values: number[] }>;
  everyFiniteHalfAsFloat32: { count: number; sha256: string };
}
const expectation = JSON.parse(readFileSync(new URL('python.safetensors.json', GOLDEN), 'utf8')) as Expectation;

describe("a file that Python's safetensors wrote", () => {
  const file = new Uint8Array(readFileSync(new URL('python.safetensors', GOLDEN)));
  const raw = parseSafetensors(file, 'python.safetensors');

  it('decodes to the values that Python has, to the last bit', () => {
    const decoded = decodeTensors(raw, 'python.safetensors');
    expect([...decoded.keys()].sort()).toEqual(Object.keys(expectation.tensors).sort());
    for (const [name, { shape, values }] of decoded) {
      expect(shape, name).toEqual(expectation.tensors[name]?.shape);
      // toEqual tells 0 from −0.
      expect([...values], name).toEqual(expectation.tensors[name]?.values);
    }
  });

  it('comes out of our writer with the same tensors, as Python expects them in tests of its own', () => {
    const ours = writeSafetensors(raw, { format: 'limn', note: 'ä “quoted”' });
    expect(ours).toEqual(new Uint8Array(readFileSync(new URL('limn.safetensors', GOLDEN))));
  });
});

describe('toFloat32', () => {
  it('converts every finite float16 as numpy does', () => {
    const finite = Uint16Array.from({ length: 65536 }, (_, bits) => bits).filter((bits) => (bits & 0x7c00) !== 0x7c00);
    const values = toFloat32(of('F16', [finite.length], finite), 'a', 'x');
    expect(values.length).toBe(expectation.everyFiniteHalfAsFloat32.count);
    const digest = createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
    expect(digest).toBe(expectation.everyFiniteHalfAsFloat32.sha256);
  });

  it('gives back every finite float32, aligned or not, in memory of its own', () => {
    const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(finite), fc.nat(3), (values, shift) => {
        const raw = new Uint8Array(values.length * 4 + shift);
        raw.set(new Uint8Array(Float32Array.from(values).buffer), shift);
        const found = toFloat32({ dtype: 'F32', shape: [values.length], bytes: raw.subarray(shift) }, 'a', 'x');
        expect([...found]).toEqual(values);
        expect(found.buffer).not.toBe(raw.buffer);
      }),
    );
  });

  it('copies out of a Node buffer too', () => {
    const bytes = Buffer.from(Float32Array.of(1, 2).buffer);
    const found = toFloat32({ dtype: 'F32', shape: [2], bytes }, 'a', 'x');
    bytes.fill(0);
    expect([...found]).toEqual([1, 2]);
  });

  it('11: refuses NaN and infinity, and says where', () => {
    const refuse = (tensor: RawTensor) => badWeightsOf(() => toFloat32(tensor, 'glam.bias', 'x'));
    expect(refuse(f32(0, 1, NaN))).toBe('glam.bias: value 2 is NaN');
    expect(refuse(f32(-Infinity))).toBe('glam.bias: value 0 is infinite');
    expect(refuse(f16(0x3c00, 0x7c00))).toBe('glam.bias: value 1 is infinite');
    expect(refuse(f16(0xfc00))).toBe('glam.bias: value 0 is infinite');
    expect(refuse(f16(0x7e01))).toBe('glam.bias: value 0 is NaN');
  });

  it('refuses whole numbers that a float32 would round', () => {
    expect([...toFloat32(of('I32', [1], Int32Array.of(-(2 ** 24))), 'a', 'x')]).toEqual([-(2 ** 24)]);
    expect(badWeightsOf(() => toFloat32(of('I32', [1], Int32Array.of(2 ** 24 + 1)), 'a', 'x'))).toContain('16777217');
  });
});

describe('decodeTensors', () => {
  it('multiplies 8-bit values with the scale of their channel, the last axis', () => {
    const decoded = decode({ w: i8([2, 3], 1, 2, 3, -4, -5, -128), 'w.scale': f32(0.5, 1, 2) });
    expect([...decoded.keys()]).toEqual(['w']);
    expect(decoded.get('w')).toEqual({ shape: [2, 3], values: Float32Array.of(0.5, 2, 6, -2, -5, -256) });
  });

  it('takes scales in float16, and empty 8-bit tensors', () => {
    expect([...(decode({ w: i8([1, 1], 3), 'w.scale': f16(0x3800) }).get('w')?.values ?? [])]).toEqual([1.5]);
    expect(decode({ w: i8([4, 0]), 'w.scale': f32() }).get('w')?.shape).toEqual([4, 0]);
  });

  it('refuses a scale without its tensor, and the reverse', () => {
    expect(fault({ 'w.scale': f32(1) })).toBe('w.scale: expected w of type I8 beside it, found nothing');
    expect(fault({ w: f32(1), 'w.scale': f32(1) })).toBe('w.scale: expected w of type I8 beside it, found F32');
    expect(fault({ w: i8([1], 1) })).toBe('w: 8-bit values without w.scale');
  });

  it('refuses a scale of the wrong length, rank, type or value', () => {
    const w = i8([2, 1], 100, 2);
    expect(fault({ w, 'w.scale': f32(1, 1) })).toBe('w.scale: expected [1], found [2]');
    expect(fault({ w, 'w.scale': of('F32', [1, 1], Float32Array.of(1)) })).toBe('w.scale: expected [1], found [1,1]');
    expect(fault({ w, 'w.scale': of('U8', [1], Uint8Array.of(1)) })).toBe('w.scale: expected F32 or F16, found U8');
    expect(fault({ w, 'w.scale': f32(NaN) })).toBe('w.scale: value 0 is NaN');
    expect(fault({ w, 'w.scale': f32(-1) })).toBe('w.scale: value 0 is negative');
    expect(fault({ w, 'w.scale': f32(3e38) })).toBe('w: value 0 is infinite');
    expect(fault({ w: i8([], 1), 'w.scale': f32(1) })).toBe('w: a scalar has no channels to scale');
  });
});

describe('checkShapes', () => {
  const check = (found: Record<string, number[]>, expected: Record<string, number[]>) => {
    const decoded = new Map(Object.entries(found).map(([name, shape]) => [name, { shape }]));
    checkShapes(decoded, new Map(Object.entries(expected)), 'x.safetensors');
  };
  const shapes = { 'glam.h1.weight': [3, 3, 64, 128], bias: [], empty: [0] };

  it('passes equal shapes, in any order', () => {
    expect(() => check({ empty: [0], bias: [], 'glam.h1.weight': [3, 3, 64, 128] }, shapes)).not.toThrow();
  });

  it('10: names what is missing, extra or misshapen', () => {
    const refuse = (found: Record<string, number[]>) => badWeightsOf(() => check(found, shapes));
    expect(refuse({ ...shapes, 'glam.h1.weight': [3, 3, 128, 64] })).toBe(
      'glam.h1.weight: expected [3,3,64,128], found [3,3,128,64]',
    );
    expect(refuse({ ...shapes, bias: [1] })).toBe('bias: expected [], found [1]');
    expect(refuse({ ...shapes, more: [2] })).toBe('more: expected nothing, found [2]');
    expect(refuse({ 'glam.h1.weight': [3, 3, 64, 128], bias: [] })).toBe('empty: expected [0], found nothing');
    expect(refuse({ a: [1], b: [1] })).toContain('; and 2 more');
  });
});
