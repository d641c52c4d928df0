import { describe, expect, it } from 'vitest';
import { MAX_TENSORS } from '../../../src/engine/weights/header.ts';
import { MAX_HEADER, parseSafetensors } from '../../../src/engine/weights/safetensors.ts';
import { badWeightsOf, rawFile } from './raw-file.ts';

const parse = (file: Uint8Array) => parseSafetensors(file, 'x.safetensors');
const fault = (header: unknown, data = new Uint8Array(0), stated?: bigint) =>
  badWeightsOf(() => parse(rawFile(header, data, stated)));
const bytes = (n: number) => Uint8Array.from({ length: n }, (_, i) => i);
const f32 = (begin: number, end: number, shape: unknown = [(end - begin) / 4]) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

describe('parseSafetensors', () => {
  it('reads tensors as views into the file, in the order of the data', () => {
    const file = rawFile({ b: f32(4, 8), a: f32(0, 4, []), __metadata__: { by: 'hand' } }, bytes(8));
    const tensors = parse(file);
    expect([...tensors.keys()]).toEqual(['a', 'b']);
    expect(tensors.get('a')?.shape).toEqual([]);
    expect([...(tensors.get('b')?.bytes ?? [])]).toEqual([4, 5, 6, 7]);
    expect(tensors.get('b')?.bytes.buffer).toBe(file.buffer);
  });

  it('reads a file that lies at an odd place of a larger buffer', () => {
    const file = rawFile({ a: f32(0, 4) }, bytes(4));
    const larger = new Uint8Array(file.length + 9).fill(255);
    larger.set(file, 3);
    expect([...(parse(larger.subarray(3, 3 + file.length)).get('a')?.bytes ?? [])]).toEqual([0, 1, 2, 3]);
  });

  it('accepts empty tensors on any border', () => {
    const file = rawFile({ a: f32(0, 4), b: f32(4, 4, [0, 3]), c: f32(4, 8), d: f32(8, 8), e: f32(0, 0) }, bytes(8));
    expect(parse(file).size).toBe(5);
  });

  it('1: refuses a header of length 0, 2⁶⁴−1, past the end, over the cap, or none at all', () => {
    expect(badWeightsOf(() => parse(new Uint8Array(0)))).toBe('0 bytes are too few for a header');
    expect(badWeightsOf(() => parse(new Uint8Array(7)))).toBe('7 bytes are too few for a header');
    expect(fault('{}', bytes(0), 0n)).toBe('the header is empty');
    expect(fault('{}', bytes(0), 2n ** 64n - 1n)).toContain('18446744073709551615 bytes');
    expect(fault('{}', bytes(0), 3n)).toBe('the header ends at byte 11 of 10');
    expect(fault(' '.repeat(MAX_HEADER + 1))).toContain('1000000 are allowed');
    expect(parse(rawFile(`{${' '.repeat(MAX_HEADER - 2)}}`)).size).toBe(0);
  });

  it('2: refuses what is no JSON object in UTF-8', () => {
    expect(fault('{"a":')).toBe('the header is no JSON');
    expect(fault('{}x')).toBe('the header is no JSON');
    expect(fault('[]')).toBe('the header does not begin with "{"');
    expect(fault(' {}')).toBe('the header does not begin with "{"');
    expect(fault('\ufeff{}')).toBe('the header does not begin with "{"');
    expect(fault(Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d))).toBe('the header is no UTF-8');
    expect(fault(Uint8Array.of(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d))).toBe('the header is no UTF-8');
  });

  it('3: refuses a key given twice, at any level and however it is spelt', () => {
    const entry = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
    expect(fault(`{"a":${entry},"a":${entry}}`, bytes(4))).toBe('the header names "a" twice');
    expect(fault(`{"a":${entry},"\\u0061" :${entry}}`, bytes(4))).toBe('the header names "a" twice');
    const twice = '{"dtype":"I8","dtype":"F32","shape":[1],"data_offsets":[0,4]}';
    expect(fault(`{"a":${twice}}`, bytes(4))).toBe('the header names "dtype" twice');
    expect(fault('{"__metadata__":{"k":"1","k":"2"}}')).toBe('the header names "k" twice');
    const same = `{"dtype":${entry},"__metadata__":{"a":"\\\\","dtype":"\\"a\\":"}}`;
    expect(parse(rawFile(same, bytes(4))).size).toBe(1);
  });

  it('4: refuses overlapping tensors', () => {
    expect(fault({ a: f32(0, 8), b: f32(4, 12) }, bytes(12))).toBe('b: overlaps with a');
    expect(fault({ a: f32(0, 8), b: f32(0, 8) }, bytes(8))).toBe('b: overlaps with a');
    expect(fault({ a: f32(0, 8), b: f32(4, 4) }, bytes(8))).toBe('b: overlaps with a');
  });

  it('5: refuses holes and trailing bytes', () => {
    expect(fault({ a: f32(4, 8) }, bytes(8))).toBe('a: a hole of 4 bytes lies before it');
    expect(fault({ a: f32(0, 4), b: f32(8, 12) }, bytes(12))).toBe('b: a hole of 4 bytes lies before it');
    expect(fault({ a: f32(0, 4) }, bytes(5))).toBe('1 bytes are left over after a');
    expect(fault({}, bytes(1))).toBe('1 bytes are left over after the header');
  });

  it('6: refuses offsets out of order or out of range', () => {
    expect(fault({ a: f32(8, 4, [1]) }, bytes(8))).toBe('a: begins at byte 8, after its end at 4');
    expect(fault({ a: f32(0, 8) }, bytes(4))).toBe('a: ends at byte 8 of 4');
    expect(fault({ a: { ...f32(0, 4), data_offsets: [0, 4, 8] } }, bytes(4))).toBe('a: expected two offsets, found 3');
    expect(fault({ a: { ...f32(0, 4), data_offsets: '0,4' } }, bytes(4))).toContain('are no whole numbers');
    expect(fault('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551620]}}', bytes(4))).toContain(
      'are no whole numbers',
    );
  });

  it('7: refuses shapes that do not fit the bytes, overflow, or are no whole numbers', () => {
    expect(fault({ a: f32(0, 8, [3]) }, bytes(8))).toBe('a: F32 [3] takes 12 bytes, found 8');
    expect(fault({ a: f32(0, 0, [2 ** 31, 2 ** 31]) })).toBe('a: the shape [2147483648,2147483648] overflows');
    expect(fault({ a: f32(0, 0, [2 ** 32, 2 ** 32, 0]) })).toContain('overflows');
    const shaped = (shape: string) => fault(`{"a":{"dtype":"F32","shape":${shape},"data_offsets":[0,4]}}`, bytes(4));
    expect(shaped('[1.5]')).toContain('the header holds "."');
    expect(shaped('[1.0]')).toContain('the header holds "."');
    expect(shaped('[1e0]')).toContain('the header holds "e"');
    expect(shaped('[-1]')).toContain('the header holds "-"');
    expect(shaped('[null]')).toContain('the header holds "n"');
    expect(shaped('[true]')).toContain('the header holds "t"');
    expect(shaped('["1"]')).toBe('a: the shape ["1"] is no list of whole numbers');
    expect(shaped('[[1]]')).toBe('the header is nested too deeply');
    expect(shaped('1')).toBe('a: the shape 1 is no list of whole numbers');
    expect(shaped('{}')).toBe('a: the shape {} is no list of whole numbers');
    expect(shaped('[9007199254740993]')).toContain('no list of whole numbers');
    expect(shaped('[1,1,1,1,1,1,1,1,1]')).toBe('a: 9 axes, 8 are allowed');
  });

  it('8: refuses unknown types and incomplete or padded entries', () => {
    expect(fault({ a: { ...f32(0, 4), dtype: 'F64' } }, bytes(4))).toBe('a: unknown type "F64"');
    expect(fault({ a: { ...f32(0, 4), dtype: 'toString' } }, bytes(4))).toBe('a: unknown type "toString"');
    expect(fault({ a: { ...f32(0, 4), dtype: 1 } }, bytes(4))).toBe('a: unknown type 1');
    expect(fault({ a: { dtype: 'F32', shape: [1] } }, bytes(4))).toContain('expected dtype, shape and data_offsets');
    expect(fault({ a: { ...f32(0, 4), more: 1 } }, bytes(4))).toContain('expected dtype, shape and data_offsets');
    expect(fault({ a: 1 })).toContain('expected dtype, shape and data_offsets');
    expect(fault({ __metadata__: { a: 1 } })).toBe('__metadata__ is no map of texts');
    expect(fault({ __metadata__: ['a'] })).toBe('__metadata__ is no map of texts');
  });

  it.each(['__proto__', 'a.__proto__.b', 'constructor', 'x.prototype', 'toString'])(
    '9: refuses the name %s',
    (name) => {
      // Written as text: as a literal's key, __proto__ would set the prototype.
      const header = `{"${name}":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`;
      expect(fault(header, bytes(4))).toContain('is reserved');
      expect({}).not.toHaveProperty('dtype');
    },
  );

  it.each(['', 'a b', '<img>', 'a\u0000', 'é', 'x'.repeat(257)])('9: refuses the name "%s"', (name) => {
    expect(fault({ [name]: f32(0, 4) }, bytes(4))).toMatch(/name/);
  });

  it('bounds the number of tensors and the depth of nesting', () => {
    const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`t${i}`, f32(0, 0)]));
    expect(parse(rawFile(many(MAX_TENSORS))).size).toBe(MAX_TENSORS);
    expect(fault(many(MAX_TENSORS + 1))).toBe('more than 4096 tensors');
    const deep = 400_000;
    expect(fault(`{"a":{"dtype":${'['.repeat(deep)}${']'.repeat(deep)}}}`)).toBe('the header is nested too deeply');
  });
});
