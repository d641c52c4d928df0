import { describe, expect, it } from 'vitest';
import { differenceOf, heat, viridis } from '../../src/image/heat.ts';

const grey = (...levels: number[]) => ({
  width: levels.length,
  height: 1,
  data: Uint8ClampedArray.from(levels.flatMap((level) => [level, level, level, 255])),
});

describe('viridis', () => {
  it('goes from dark to light without ever going back, so that it reads without colour', () => {
    const lightness = Array.from({ length: 101 }, (_, i) => {
      const [r, g, b] = viridis(i / 100);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    });
    for (const [i, light] of lightness.entries()) expect(light).toBeGreaterThanOrEqual(lightness[i - 1] ?? 0);
    expect(viridis(0)).toEqual([68, 1, 84]);
    expect(viridis(1)).toEqual([253, 231, 37]);
  });

  it('holds what lies outside at its ends', () => {
    expect(viridis(-3)).toEqual(viridis(0));
    expect(viridis(7)).toEqual(viridis(1));
  });
});

it('draws what is highest lightest', () => {
  const { data } = heat([0, 0.2, 0.4], 3, 1, 0.4);
  expect([...data]).toEqual([...viridis(0), 255, ...viridis(0.5), 255, ...viridis(1), 255]);
});

it('says where, how far and how much of two pictures differs', () => {
  const { values, mean, noticed } = differenceOf(grey(0, 100, 200, 50), grey(0, 109, 100, 50));
  expect([...values]).toEqual([0, 9, 100, 0]);
  expect(mean).toBe(109 / 4);
  expect(noticed).toBe(0.25);
  expect(() => differenceOf(grey(1), grey(1, 2))).toThrow(/different sizes/);
});
