import fc from 'fast-check';
import { cleanCaption, type Recipe } from '../../src/recipe.ts';

/** Any recipe that holds: captions of any script, seeds and truncations to the ends of their ranges. */
export const recipes: fc.Arbitrary<Recipe> = fc.record({
  version: fc.constant(1 as const),
  model: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,63}$/),
  caption: fc
    .oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 60 }))
    .map(cleanCaption)
    .filter((text) => text.length > 0 && text.length <= 1000),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  truncation: fc.double({ min: 0, max: 1.5, noNaN: true }).map((x) => x + 0),
  size: fc.constantFrom(0, 64, 128, 256),
});
