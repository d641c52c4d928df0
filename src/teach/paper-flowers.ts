/** Flowers cut from coloured paper, with a caption each. */
import type { Rgba } from '../image/pixels.ts';
import { stream, type Stream } from '../random.ts';
import { cutPaper, pick, shaded, type Colour, type Sample } from './cut-paper.ts';

const PAPERS: readonly (readonly [name: string, colour: Colour])[] = [
  ['red', [206, 52, 48]],
  ['orange', [238, 134, 40]],
  ['yellow', [244, 202, 58]],
  ['pink', [238, 138, 170]],
  ['purple', [124, 66, 160]],
  ['blue', [62, 102, 190]],
  ['white', [244, 240, 230]],
];
const GROUNDS: readonly Colour[] = [
  [38, 84, 74],
  [214, 226, 206],
  [232, 220, 198],
  [52, 60, 96],
];
const NUMBERS: Readonly<Record<number, string>> = { 5: 'five', 6: 'six', 8: 'eight', 10: 'ten' };

/** The same for the same count. */
export function paperFlowers(count: number): Sample[] {
  const random = stream(2016);
  return Array.from({ length: count }, (_, i) => {
    const petal = pick(PAPERS, i);
    const centre = pick(PAPERS, i + 2 + Math.floor(random.uniform() * 3));
    const petals = pick([5, 6, 8, 10], Math.floor(random.uniform() * 4));
    const round = random.uniform() < 0.5;
    const shape = round ? 'round' : 'pointed';
    return {
      name: `paper-${String(i + 1).padStart(2, '0')}.png`,
      caption: `a paper flower with ${NUMBERS[petals] ?? ''} ${shape} ${petal[0]} petals and ${article(centre[0])} ${centre[0]} center`,
      pixels: cut(random, {
        petal: petal[1],
        centre: centre[1],
        petals,
        round,
        ground: pick(GROUNDS, i * 3 + (i >> 2)),
      }),
    };
  });
}

interface Flower {
  readonly petal: Colour;
  readonly centre: Colour;
  readonly petals: number;
  readonly round: boolean;
  readonly ground: Colour;
}

/** Layers of paper from above: centre, petals, the shadow they throw, the ground with two leaves. */
function cut(random: Stream, { petal, centre, petals, round, ground }: Flower): Rgba {
  const turn = random.uniform() * 2 * Math.PI;
  const [x0, y0] = [0.5 + 0.08 * (random.uniform() - 0.5), 0.47 + 0.08 * (random.uniform() - 0.5)];
  const reach = 0.34 + 0.06 * random.uniform();
  const leaf: Colour = [86, 132, 70];
  const onPetals = (dx: number, dy: number) => {
    const r = Math.sqrt(dx * dx + dy * dy) / reach;
    // Most of the picture lies within or beyond every petal.
    if (r >= 1 || r < 0.42) return r < 1;
    const a = Math.atan2(dy, dx) + turn;
    const wave = Math.abs(Math.cos((petals * a) / 2));
    return r < 0.42 + 0.58 * (round ? wave ** 0.6 : wave ** 2.2);
  };
  const colourAt = (x: number, y: number): Colour => {
    const [dx, dy] = [x - x0, y - y0];
    const far = dx * dx + dy * dy;
    if (far < (0.27 * reach) ** 2) return centre;
    if (far < (0.3 * reach) ** 2) return shaded(petal, 0.8);
    if (onPetals(dx, dy)) return petal;
    const paper = y > y0 + 0.2 && Math.hypot((Math.abs(dx) - 0.17) / 0.2, (y - 0.86) / 0.075) < 1 ? leaf : ground;
    return onPetals(dx - 0.02, dy - 0.025) ? shaded(paper, 0.72) : paper;
  };
  return cutPaper(colourAt);
}

const article = (word: string) => (/^[aeiou]/.test(word) ? 'an' : 'a');
