import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BYTES_PER_VALUE } from '../../../src/engine/weights/header.ts';
import { parseSafetensors, writeSafetensors, type RawTensor } from '../../../src/engine/weights/safetensors.ts';
import { tensors } from './arbitrary.ts';
import { badWeightsOf, rawFile } from './raw-file.ts';

const parse = (file: Uint8Array) => parseSafetensors(file, 'x.safetensors');

/** Plain arrays, in an order of their own, for comparison. */
const plain = (map: ReadonlyMap<string, RawTensor>) =>
  Object.fromEntries([...map].map(([key, t]) => [key, { ...t, bytes: [...t.bytes] }]));

describe('writeSafetensors', () => {
  it('is read back as it was written, each tensor aligned', () => {
    fc.assert(
      fc.property(tensors, fc.dictionary(fc.string(), fc.string()), (map, metadata) => {
        const file = writeSafetensors(map, metadata);
        const found = parse(file);
        expect(plain(found)).toEqual(plain(map));
        for (const { dtype, bytes: view } of found.values()) expect(view.byteOffset % BYTES_PER_VALUE[dtype]).toBe(0);
      }),
    );
  });

  it('does not write what the parser refuses', () => {
    const one = (key: string, t: RawTensor) => badWeightsOf(() => writeSafetensors(new Map([[key, t]])));
    expect(one('a', { dtype: 'F32', shape: [2], bytes: new Uint8Array(4) })).toContain('takes 8 bytes, found 4');
    expect(one('a b', { dtype: 'F32', shape: [1], bytes: new Uint8Array(4) })).toContain('no tensor');
  });

  it('does not depend on the order in which tensors come', () => {
    fc.assert(
      fc.property(tensors, (map) => {
        expect(writeSafetensors(new Map([...map].reverse()))).toEqual(writeSafetensors(map));
      }),
    );
  });
});

describe('a damaged file', () => {
  /** Either a map whose tensors lie within the file, or bad-weights; anything else fails. */
  function survives(file: Uint8Array): 'read' | 'refused' {
    let found: Map<string, RawTensor>;
    try {
      found = parse(file);
    } catch (error) {
      expect(error).toMatchObject({ failure: { kind: 'bad-weights', file: 'x.safetensors' } });
      return 'refused';
    }
    const total = [...found.values()].reduce((sum, t) => sum + t.bytes.length, 0);
    expect(total).toBeLessThanOrEqual(file.length);
    for (const t of found.values()) expect(t.bytes.buffer).toBe(file.buffer);
    return 'read';
  }

  it('that was cut short is always refused', () => {
    fc.assert(
      fc.property(tensors, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (map, part) => {
        const file = writeSafetensors(map);
        expect(survives(file.slice(0, Math.floor(part * file.length)))).toBe('refused');
      }),
    );
  });

  it('in any bytes of header or data is read or refused, never worse', () => {
    const change = fc.tuple(fc.nat(), fc.nat(255));
    const counts = { read: 0, refused: 0 };
    fc.assert(
      fc.property(tensors, fc.array(change, { minLength: 1, maxLength: 4 }), (map, changes) => {
        const file = writeSafetensors(map);
        for (const [at, value] of changes) file[at % file.length] = value;
        counts[survives(file)]++;
      }),
      { numRuns: 2000 },
    );
    // The property would say nothing if no mutant got through, or every one did.
    expect(counts.read).toBeGreaterThan(20);
    expect(counts.refused).toBeGreaterThan(200);
  });

  it('with its header spliced, repeated or swapped is read or refused', () => {
    const cut = fc.tuple(fc.nat(), fc.nat(), fc.nat());
    fc.assert(
      fc.property(tensors, cut, fc.string(), (map, [from, length, to], text) => {
        const file = writeSafetensors(map);
        const headerBytes = Number(new DataView(file.buffer).getBigUint64(0, true));
        const header = new TextDecoder().decode(file.subarray(8, 8 + headerBytes));
        const piece = header.slice(from % header.length).slice(0, length % 40);
        const at = to % header.length;
        const data = file.subarray(8 + headerBytes);
        survives(rawFile(header.slice(0, at) + piece + header.slice(at), data));
        survives(rawFile(header.slice(0, at) + text + header.slice(at + text.length), data));
      }),
      { numRuns: 500 },
    );
  });

  it('of random bytes is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (file) => {
        expect(survives(file)).toBe('refused');
      }),
    );
  });
});
