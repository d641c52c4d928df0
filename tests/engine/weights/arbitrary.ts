import fc from 'fast-check';
import { BYTES_PER_VALUE, type DType } from '../../../src/engine/weights/header.ts';
import type { RawTensor } from '../../../src/engine/weights/safetensors.ts';

const dtypes: DType[] = ['F16', 'F32', 'I8', 'U8', 'I32'];
const segment = fc.stringMatching(/^[a-z0-9_-]{1,12}$/);
const name = fc
  .array(segment, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('.'))
  .filter((text) => !text.split('.').some((part) => part in {} || part === 'prototype' || text === '__metadata__'));
const tensor: fc.Arbitrary<RawTensor> = fc
  .tuple(fc.constantFrom(...dtypes), fc.array(fc.nat(4), { maxLength: 4 }))
  .chain(([dtype, shape]) => {
    const length = shape.reduce((a, b) => a * b, BYTES_PER_VALUE[dtype]);
    return fc.uint8Array({ minLength: length, maxLength: length }).map((data) => ({ dtype, shape, bytes: data }));
  });
/** Up to eight tensors of any type and small shape, with names as PyTorch gives them. */
export const tensors = fc
  .uniqueArray(fc.tuple(name, tensor), { maxLength: 8, selector: ([key]) => key })
  .map((list) => new Map(list));
