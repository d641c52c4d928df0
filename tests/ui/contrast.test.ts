/** The page's colours, as base.css has them: what must be seen is, on the paper and on what is raised above it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Oklch = readonly [lightness: number, chroma: number, hue: number];
type Pair = Readonly<Record<'light' | 'dark', Oklch>>;

const CSS = readFileSync('src/app/base.css', 'utf8');
const ONE = String.raw`oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)`;

function colour(name: string): Pair {
  const found = new RegExp(String.raw`${name}: light-dark\(${ONE}, ${ONE}\);`).exec(CSS);
  const [l = 0, c = 0, h = 0, dl = 0, dc = 0, dh = 0] = found?.slice(1).map(Number) ?? [];
  expect(found, name).not.toBeNull();
  return { light: [l / 100, c, h], dark: [dl / 100, dc, dh] };
}

/** Relative luminance (WCAG 2), by way of Ottosson's matrices. */
function luminance([lightness, chroma, hue]: Oklch): number {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const shown = (value: number) => Math.min(1, Math.max(0, value));
  const red = shown(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = shown(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = shown(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Oklch, other: Oklch): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

it('black on white is 21 to one', () => {
  expect(contrast([0, 0, 0], [1, 0, 0])).toBeCloseTo(21, 1);
});

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  const on = (name: string, ground: string) => contrast(colour(name)[scheme], colour(ground)[scheme]);

  it.each(['--edge', '--accent', '--soft', '--good', '--busy', '--bad'])(
    '%s is an edge or a line: three to one',
    (name) => {
      for (const ground of ['--paper', '--raise']) expect(on(name, ground), ground).toBeGreaterThanOrEqual(3);
    },
  );

  it.each(['--ink', '--soft', '--bad', '--accent'])('%s is read: four and a half to one', (name) => {
    for (const ground of ['--paper', '--raise']) expect(on(name, ground), ground).toBeGreaterThanOrEqual(4.5);
  });
});
