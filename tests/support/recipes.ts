import fc from 'fast-check';
import { cleanCaption, roundZ, Z_STEPS, type Recipe, type Style, type Towards } from '../../src/recipe.ts';

const caption = fc
  .oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 60 }))
  .map(cleanCaption)
  .filter((text) => text.length > 0 && text.length <= 1000);
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
/** 0 to `most`, without −0. */
const upTo = (most: number) => fc.double({ min: 0, max: most, noNaN: true }).map((x) => x + 0);

const style: fc.Arbitrary<Style> = fc.record({
  z: fc
    .array(fc.integer({ min: -8 * Z_STEPS, max: 8 * Z_STEPS - 1 }), { minLength: 1, maxLength: 100 })
    .map((steps) => roundZ(steps.map((step) => step / Z_STEPS))),
  strength: upTo(1),
});

const towards: fc.Arbitrary<Towards> = fc.record(
  { caption, seed, style, text: upTo(1), noise: upTo(1) },
  { requiredKeys: ['caption', 'seed', 'text', 'noise'] },
);

/** Any recipe that holds: captions of any script, seeds and truncations to the ends of their ranges. */
export const recipes: fc.Arbitrary<Recipe> = fc.record(
  {
    version: fc.constant(1 as const),
    model: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,63}$/),
    caption,
    seed,
    truncation: upTo(1.5),
    size: fc.constantFrom(0, 64, 128, 256),
    style,
    towards,
  },
  { requiredKeys: ['version', 'model', 'caption', 'seed', 'truncation', 'size'] },
);
