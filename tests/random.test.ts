import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, slerp, stream, uniform } from '../src/random.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('golden values: every picture ever painted hangs on these', () => {
  it('32 bits', () => {
    const { bits } = stream(7);
    expect([bits(), bits(), bits()]).toEqual([4212924469, 4164243871, 2619167075]);
  });
  it('normal', () => {
    expect([...normal(7, 5)]).toEqual([
      -2.1698577404022217, -1.7909867763519287, -0.34194958209991455, -0.08675993233919144, -0.8883046507835388,
    ]);
    expect([...normal(0, 3)]).toEqual([-0.5197012424468994, -0.05480038374662399, 0.9888639450073242]);
  });
  it('uniform', () => {
    expect([...uniform(2 ** 32 - 1, 3)]).toEqual([0.5230385065078735, 0.4751732349395752, 0.31633055210113525]);
  });
});

describe('distribution', () => {
  it('normal has the moments of N(0, 1)', () => {
    const n = 200_000;
    const draws = normal(1, n);
    // Five standard errors each: √(1/n), √(2/n), √(15/n), √(96/n).
    const moment = (k: number) => draws.reduce((sum, x) => sum + x ** k, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  it('uniform fills [0, 1) evenly', () => {
    const n = 100_000;
    const bins = new Array<number>(20).fill(0);
    for (const u of uniform(2, n)) {
      expect(u >= 0 && u < 1).toBe(true);
      bins[Math.floor(u * 20)]! += 1;
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - n / 20) ** 2 / (n / 20), 0);
    expect(chiSquare).toBeLessThan(43.8); // 19 degrees of freedom, one in a thousand
  });

  it('is finite for any seed', () => {
    fc.assert(fc.property(seeds, (seed) => normal(seed, 200).every((x) => Math.abs(x) < 9)));
  });
});

describe('seeds', () => {
  it('the same seed gives the same draws, and a longer draw begins like a shorter one', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(normal(seed, 99)).toEqual(normal(seed, 100).slice(0, 99));
      }),
    );
  });

  it('neighbours are uncorrelated: s and s + 1, and seeds one bit apart', () => {
    const n = 2000;
    const correlation = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0) / n;
    const all: number[] = [];
    for (let seed = 0; seed < 100; seed++) {
      const here = normal(seed, n);
      all.push(correlation(here, normal(seed + 1, n)), correlation(here, normal((seed ^ (1 << (seed % 31))) >>> 0, n)));
      // Nor is a neighbour the same stream, some steps later.
      all.push(correlation(here, Float32Array.from([...normal(seed + 1, n + 1)].slice(1))));
    }
    // The standard error of each is 1/√n; of 300, none should be five away.
    expect(Math.max(...all.map(Math.abs))).toBeLessThan(5 / Math.sqrt(n));
  });

  it('the first draws of a thousand seeds in a row are themselves N(0, 1)', () => {
    const first = Float32Array.from({ length: 1000 }, (_, seed) => normal(seed, 1)[0]!);
    const mean = first.reduce((sum, x) => sum + x, 0) / 1000;
    const square = first.reduce((sum, x) => sum + x * x, 0) / 1000;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(1000));
    expect(Math.abs(square - 1)).toBeLessThan(5 * Math.sqrt(2 / 1000));
  });
});

describe('slerp', () => {
  const norm = (v: Float32Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));

  it('begins at a, ends at b', () => {
    const [a, b] = [normal(1, 100), normal(2, 100)];
    for (const [i, x] of slerp(a, b, 0).entries()) expect(x).toBeCloseTo(a[i]!, 6);
    for (const [i, x] of slerp(a, b, 1).entries()) expect(x).toBeCloseTo(b[i]!, 6);
  });

  it('keeps the length of draws, where a straight line loses it', () => {
    const [a, b] = [normal(1, 100), normal(2, 100)];
    const middle = norm(slerp(a, b, 0.5));
    expect(middle).toBeGreaterThan(0.95 * Math.min(norm(a), norm(b)));
    expect(norm(a.map((x, i) => (x + b[i]!) / 2))).toBeLessThan(0.8 * middle);
  });

  it('goes in equal steps of angle', () => {
    const [a, b] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    for (const t of [0.1, 0.25, 0.5, 0.9]) {
      const [x, y] = slerp(a, b, t);
      expect(Math.atan2(y!, x!)).toBeCloseTo((t * Math.PI) / 2, 6);
    }
  });

  it('is finite where there is no one arc: parallel, opposite, zero', () => {
    const a = normal(3, 10);
    for (const b of [a, a.map((x) => 2 * x), a.map((x) => -x), new Float32Array(10)]) {
      expect(slerp(a, b, 0.5).every(Number.isFinite)).toBe(true);
      expect(slerp(a, b, 1)).toEqual(b);
    }
  });

  it('refuses two lengths', () => {
    expect(() => slerp(normal(1, 3), normal(1, 4), 0.5)).toThrow('3 and 4');
  });
});
