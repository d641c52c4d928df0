import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../src/engine/protocol-teaching.ts';
import type { Rgba } from '../../src/image/pixels.ts';
import { resizeSquare } from '../../src/image/resize.ts';
import { alike, likenessOf } from '../../src/teach/likeness.ts';
import { FEWEST, MOST } from '../../src/teach/limits.ts';
import { sampleSet } from '../../src/teach/sample-set.ts';
import { unreadSigns } from '../../src/teach/unread.ts';
import { captionFault } from '../../src/text/alphabet.ts';
import { readFaceFirst } from '../../src/text/face-words.ts';

describe('the set to try with', () => {
  const samples = sampleSet('flowers');

  it.each(['flowers', 'faces'] as const)(
    '%s: the same every time, enough to begin with, and no two are alike',
    (kind) => {
      const samples = sampleSet(kind);
      for (const [i, again] of sampleSet(kind).entries()) {
        expect(again.caption).toBe(samples[i]?.caption);
        expect(again.pixels.data.every((v, at) => v === samples[i]?.pixels.data[at])).toBe(true);
      }
      expect(samples.length).toBeGreaterThanOrEqual(FEWEST);
      expect(new Set(samples.map(({ name }) => name)).size).toBe(samples.length);
      const likenesses = samples.map(({ pixels }) => likenessOf(pixels));
      for (const [i, a] of likenesses.entries()) {
        for (const b of likenesses.slice(0, i)) expect(alike(a, b)).toBe(false);
      }
    },
  );

  it('every caption tells the truth about its picture: the middle has the colour it names', () => {
    const warm = { red: 0, orange: 0, yellow: 0, pink: 0 };
    for (const { caption, pixels } of samples) {
      expect(captionFault(caption)).toBeNull();
      const centre = / an? (\w+) center$/.exec(caption)?.[1] ?? '';
      // The flower's middle lies within this patch.
      const { data } = resizeSquare(pixels, { left: 43, top: 40, edge: 10 }, 1);
      const [r = 0, , b = 0] = data;
      if (centre in warm) expect(r, caption).toBeGreaterThan(b);
      if (centre === 'blue') expect(b, caption).toBeGreaterThan(r);
      if (centre === 'white') expect(Math.min(r, b), caption).toBeGreaterThan(150);
    }
  });

  it('every face is as it is described, in words that the chips know', () => {
    const hairs = { black: [36, 32, 34], blond: [236, 200, 104], brown: [112, 70, 42], gray: [168, 168, 172] };
    const faces = sampleSet('faces').map(({ caption, pixels }) => ({ said: readFaceFirst(caption), caption, pixels }));
    const share = (pixels: Rgba, from: number, to: number, colour: readonly number[]): number => {
      const inside = Array.from({ length: (to - from) * pixels.width }, (_, i) => 4 * (from * pixels.width + i));
      return inside.filter((at) => colour.every((level, c) => pixels.data[at + c] === level)).length / inside.length;
    };
    for (const { said, caption, pixels } of faces) {
      expect(said?.rest, caption).toBe(', made of paper');
      for (const [name, colour] of Object.entries(hairs)) {
        const there = share(pixels, 0, 60, colour) > 0.02;
        expect(there, `${name} hair: ${caption}`).toBe(said?.chosen.hair === name);
      }
      // Frames of glasses are a ring of ink, far more than pupils are.
      expect(share(pixels, 30, 60, [30, 28, 34]) > 0.02, `glasses: ${caption}`).toBe(said?.chosen.eyes === 'glasses');
    }
    for (const wanted of ['glasses', 'a hat', 'beard', 'bald', 'smiling', 'serious']) {
      expect(faces.filter(({ caption }) => caption.includes(wanted)).length, wanted).toBeGreaterThan(1);
    }
  });
});

describe('pictures that are one and the same', () => {
  const [first, second] = sampleSet('flowers', 2);
  const saved = (picture: Rgba, by: number): Rgba => ({
    ...picture,
    data: picture.data.map((v, i) => (i % 4 === 3 ? 255 : v + (i % 3 === 0 ? by : -by))),
  });

  it('saved again they are still alike; others are not', () => {
    expect(alike(likenessOf(first!.pixels), likenessOf(saved(first!.pixels, 3)))).toBe(true);
    expect(alike(likenessOf(first!.pixels), likenessOf(second!.pixels))).toBe(false);
  });
});

describe('what a reader of letters cannot read', () => {
  it('signs outside its alphabet, in runs; accents and quotes are read', () => {
    expect(unreadSigns('a “tulipe dorée”, 日本 style 🌷')).toEqual([
      { word: '日本', start: 18, end: 20 },
      { word: '🌷', start: 27, end: 29 },
    ]);
    expect(unreadSigns('a plain flower, 5 petals')).toEqual([]);
  });
});

it('the page asks for no more than the engine takes', () => {
  expect(MOST).toBe(EXAMPLES.most);
  expect(FEWEST).toBeGreaterThanOrEqual(EXAMPLES.least);
});
