import { readFileSync } from 'node:fs';
import { memory, tensor, tensor2d, tidy, tile, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDevice } from '../../src/engine/backend.ts';
import { architectureOf, type Painter } from '../../src/engine/catalogue.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import { decodeTensors } from '../../src/engine/weights/decode.ts';
import type { ModelEntry } from '../../src/engine/weights/manifest.ts';
import { parseSafetensors } from '../../src/engine/weights/safetensors.ts';
import type { ModelFiles } from '../../src/engine/weights/source.ts';
import { LimnError } from '../../src/failure.ts';
import { FACE_WORDS, faceEntry, faceFiles } from '../support/tiny-faces.ts';

const golden = (name: string, ending: string): Buffer =>
  readFileSync(new URL(`../golden/${name}.${ending}`, import.meta.url));

function open(entry: ModelEntry = faceEntry(), files: ModelFiles = faceFiles()): Painter {
  return architectureOf(entry).open(entry, files, 'wasm');
}

const values = decodeTensors(parseSafetensors(new Uint8Array(golden('t2f', 'safetensors')), 't2f'), 't2f');
function value(name: string): Tensor2D {
  const found = values.get(name);
  if (!found) throw new Error(`the golden file has no ${name}`);
  return tensor<Rank.R2>(found.values, found.shape as [number, number]);
}

/** z and ε of the golden file side by side, as a seed draws them. */
function drawn(): Tensor2D {
  const [z, noise] = [value('z').arraySync(), value('noise').arraySync()];
  return tensor2d(z.map((row, i) => [...row, ...(noise[i] ?? [])]));
}

const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof LimnError && 'detail' in error.failure) return error.failure.detail;
    throw error;
  }
  return 'nothing was refused';
};

describe('T2F', () => {
  beforeAll(async () => {
    await openDevice('wasm', await nodePlatform({ gpu: false }), () => undefined);
  });

  it('paints as PyTorch does, from z and ε of one seed', async () => {
    const painter = open();
    expect([painter.zLength, painter.sentenceLength, painter.sizes]).toEqual([6 + 5, 10, [4, 8, 16]]);
    expect(painter.conditionLength).toBe(5);
    const painted = await painter.paint(drawn(), value('sentence'), 16).data();
    const expected = await value('pictures').data();
    expect(Math.max(...painted.map((v, i) => Math.abs(v - (expected[i] ?? NaN))))).toBeLessThan(1e-4);
    const small = await painter.paint(drawn(), value('sentence'), 4).data();
    const grown = await value('grown.0').data();
    expect(Math.max(...small.map((v, i) => Math.abs(v - (grown[i] ?? NaN))))).toBeLessThan(1e-4);
    painter.dispose();
  });

  it('grows: α takes one size over into the next', async () => {
    const painter = open();
    const [z, sentence] = [drawn(), value('sentence')];
    const grow = (depth: number, alpha: number) => painter.grow?.(z, sentence, { depth, alpha });
    const [begun, ended] = [await grow(2, 0)?.array(), await grow(2, 1)?.array()];
    const small = await painter.paint(z, sentence, 8).array();
    // At the beginning each pixel of the smaller picture stands four times.
    for (const [y, x] of [
      [0, 0],
      [3, 5],
      [15, 14],
    ] as const) {
      for (let c = 0; c < 3; c++) {
        expect(begun?.[1]?.[y]?.[x]?.[c]).toBeCloseTo(small[1]?.[y >> 1]?.[x >> 1]?.[c] ?? NaN, 5);
      }
    }
    expect(ended).toEqual(await painter.paint(z, sentence, 16).array());
    expect(begun).not.toEqual(ended);
    painter.dispose();
  });

  it('reads words in their order, those it knows and those it does not', async () => {
    const painter = open();
    const read = async (caption: string) => [...(await painter.read(caption).data())];
    const man = await read('a man with glasses');
    expect(man).toHaveLength(10);
    expect(await read('A  Man, with "glasses"!')).toEqual(man);
    expect(await read('glasses with a man')).not.toEqual(man);
    expect(await read('a man without glasses')).not.toEqual(man);
    // Nothing but strangers: something is said all the same, and of as many strangers the same.
    const strangers = await read('zzz qqq');
    expect(strangers.every(Number.isFinite)).toBe(true);
    expect(await read('xyz abc')).toEqual(strangers);
    // More than is read is cut off.
    const full = FACE_WORDS.slice(0, 7).join(' ');
    expect(await read(`${full} man man`)).toEqual(await read(full));
    expect(() => painter.read('  ')).toThrow(LimnError);
    painter.dispose();
  });

  it('keeps nothing that it was not asked for, and gives back all', () => {
    const before = memory().numTensors;
    const painter = open();
    const opened = memory().numTensors;
    tidy(() => void painter.paint(drawn(), tile(painter.read('a man'), [3, 1]), 16));
    expect(memory().numTensors).toBe(opened);
    painter.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('refuses what does not belong together', () => {
    expect(refusal(() => open(faceEntry({ sizes: [4, 16] })))).toBe('it paints 4, 8, 16 px');
    expect(refusal(() => open(faceEntry(), faceFiles(FACE_WORDS.slice(1))))).toMatch(/has 8 words, the weights want 9/);
    const { generator, encoder } = faceEntry().config as { generator: object; encoder: object };
    const other = faceEntry({ config: { generator, encoder: { ...encoder, sentence: 12 } } });
    expect(refusal(() => open(other))).toMatch(/"sentence"/);
    const files = new Map(faceFiles());
    files.delete('vocabulary');
    expect(refusal(() => open(faceEntry(), files))).toMatch(/vocabulary/);
  });
});
