/** Faces cut from coloured paper, each with the description that the chips of the page write of it, and what it is of. */
import type { Rgba } from '../image/pixels.ts';
import { stream, type Stream } from '../random.ts';
import { describeFace, type FaceChoice } from '../text/face-words.ts';
import { cutPaper, pick, shaded, type Colour, type Sample } from './cut-paper.ts';

const SKINS: readonly Colour[] = [
  [246, 214, 186],
  [226, 178, 138],
  [190, 134, 96],
  [128, 86, 62],
];
const GROUNDS: readonly Colour[] = [
  [92, 142, 150],
  [206, 196, 160],
  [150, 162, 118],
  [196, 142, 128],
];
const CLOTHES: readonly Colour[] = [
  [62, 102, 190],
  [206, 52, 48],
  [244, 240, 230],
  [60, 64, 78],
];
const HAIRS = {
  black: [36, 32, 34],
  blond: [236, 200, 104],
  brown: [112, 70, 42],
  gray: [168, 168, 172],
} as const satisfies Readonly<Record<string, Colour>>;
const INK: Colour = [30, 28, 34];
const LIPS: Colour = [186, 58, 66];
const EYES: Colour = [250, 248, 244];

/** The same for the same count. */
export function paperFaces(count: number): Sample[] {
  const random = stream(2018);
  const oneIn = (n: number): boolean => random.uniform() < 1 / n;
  return Array.from({ length: count }, (_, i) => {
    const who = i % 2 === 0 ? 'woman' : 'man';
    const bald = who === 'man' && oneIn(5);
    const choice: FaceChoice = {
      who,
      hair: bald ? 'bald' : pick(['brown', 'black', 'blond', 'gray'], i >> 1),
      ...(who === 'woman' && { shape: pick(['straight', 'wavy'], Math.floor(2 * random.uniform())) }),
      ...(!bald && oneIn(4) && { bangs: 'bangs' }),
      ...(who === 'man' && oneIn(2) && { beard: pick(['beard', 'mustache', 'goatee'], i >> 1) }),
      mouth: pick(['smiling', 'serious'], Math.floor(2 * random.uniform())),
      ...(oneIn(3) && { eyes: 'glasses' }),
      ...(!bald && oneIn(4) && { head: 'hat' }),
    };
    return {
      name: `paper-${String(i + 1).padStart(2, '0')}.png`,
      caption: `${describeFace(choice)}, made of paper`,
      pixels: cut(random, choice, i),
    };
  });
}

const within = (x: number, y: number, width: number, height: number): boolean =>
  (x / width) ** 2 + (y / height) ** 2 < 1;

/** Layers of paper from above: hat, glasses, features, hair over the brow, the face, the hair behind it, clothes. */
function cut(random: Stream, { who, hair, shape, bangs, beard, mouth, eyes, head }: FaceChoice, i: number): Rgba {
  const x0 = 0.5 + 0.04 * (random.uniform() - 0.5);
  const y0 = 0.52 + 0.04 * (random.uniform() - 0.5);
  const [wide, high] = [0.23 + 0.03 * random.uniform(), 0.31 + 0.03 * random.uniform()];
  const skin = pick(SKINS, Math.floor(4 * random.uniform()));
  const ground = pick(GROUNDS, i + (i >> 2));
  const cloth = pick(CLOTHES, Math.floor(4 * random.uniform()));
  const hat = pick(CLOTHES, Math.floor(4 * random.uniform()));
  const hairs: Colour = hair && hair !== 'bald' ? HAIRS[hair] : [120, 90, 70];

  /** From the face's middle; on both sides the same. */
  const feature = (x: number, y: number): Colour | undefined => {
    const side = Math.abs(x);
    const [ex, ey] = [side - 0.095, y + 0.035];
    if (eyes === 'glasses') {
      const ring = Math.hypot(ex, ey);
      if ((ring > 0.062 && ring < 0.08) || (side < 0.035 && Math.abs(ey) < 0.008)) return INK;
    }
    if (within(ex, ey, 0.02, 0.022)) return INK;
    if (within(ex, ey, 0.045, 0.028)) return EYES;
    if (hair !== 'bald' && Math.abs(ex) < 0.055 && Math.abs(y + 0.1 + 0.8 * ex * ex) < 0.011) return shaded(hairs, 0.8);
    const curve = mouth === 'smiling' ? 2.6 * x * x : 0;
    if (side < 0.085 && Math.abs(y - 0.17 + curve) < (mouth === 'smiling' ? 0.026 : 0.012)) return LIPS;
    if (beard === 'mustache' || beard === 'beard') if (within(x, y - 0.115, 0.1, 0.024)) return hairs;
    if (beard === 'goatee' && within(x, y - 0.25, 0.06, 0.055)) return hairs;
    if (beard === 'beard' && y > 0.09 + 0.5 * (0.2 - side) && within(x, y, wide, high + 0.03)) return hairs;
    if (y > -0.01 && y < 0.085 && side < 0.012 + 0.25 * y) return shaded(skin, 0.84);
    return undefined;
  };
  const behind = (x: number, y: number): boolean => {
    const side = Math.abs(x);
    if (who === 'man') return y < -0.02 && within(x, y, wide + 0.04, high + 0.05);
    const wave = shape === 'wavy' ? 0.018 * Math.sin(34 * y) : 0;
    return y < 0 ? within(x, y, wide + 0.065 + wave, high + 0.065) : y < 0.33 && side < wide + 0.065 + wave;
  };
  const colourAt = (px: number, py: number): Colour => {
    const [x, y] = [px - x0, py - y0];
    const onFace = within(x, y, wide, high);
    const hats = head && (within(x, y + 0.26, 0.36, 0.05) || (y < -0.26 && within(x, y + 0.26, 0.23, 0.24)));
    if (hats) return y < -0.27 && y > -0.33 && Math.abs(x) < 0.235 ? shaded(hat, 0.7) : hat;
    const found = onFace || (beard && y > 0) ? feature(x, y) : undefined;
    if (found) return found;
    if (onFace && hair !== 'bald') {
      if (bangs && y < -0.14) return hairs;
      // A man's hair begins in one line, a woman's is parted.
      if (y < (who === 'man' ? -0.2 + 0.8 * x * x : -0.29 + 0.95 * Math.abs(x))) return hairs;
    }
    if (onFace) return skin;
    if (hair !== 'bald' && behind(x, y)) {
      // The face throws a shadow on what hangs beside it.
      return y > -0.16 && within(x - 0.014, y - 0.014, wide + 0.006, high) ? shaded(hairs, 0.72) : hairs;
    }
    if (within(Math.abs(x) - wide, y - 0.01, 0.035, 0.06)) return shaded(skin, 0.92);
    if (y > 0.2 && Math.abs(x) < 0.1 && y < 0.4) return shaded(skin, 0.78);
    if (within(x, y - 0.58, 0.46, 0.27)) return cloth;
    return within(x - 0.02, y - 0.6, 0.47, 0.28) ? shaded(ground, 0.8) : ground;
  };
  return cutPaper(colourAt);
}
