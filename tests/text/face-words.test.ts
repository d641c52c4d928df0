import { describe, expect, it } from 'vitest';
import { chooseFace, describeFace, FACE_CHOICES, type FaceChoice, type FaceGroup } from '../../src/text/face-words.ts';

describe('a face in chips', () => {
  it('is described in a sentence', () => {
    const cases: readonly (readonly [FaceChoice, string])[] = [
      [{}, ''],
      [{ who: 'woman' }, 'a woman'],
      [{ age: 'older' }, 'an older person'],
      [{ who: 'man', hair: 'bald', beard: 'beard', eyes: 'glasses' }, 'a bald man with a beard, wearing glasses'],
      [
        {
          who: 'woman',
          age: 'young',
          hair: 'blond',
          shape: 'wavy',
          bangs: 'bangs',
          mouth: 'smiling',
          extras: 'earrings',
        },
        'a smiling young woman with wavy blond hair and bangs, wearing earrings',
      ],
      [
        { who: 'man', eyes: 'no glasses', head: 'hat', extras: 'tie', mouth: 'serious', beard: 'clean-shaven' },
        'a clean-shaven man, without glasses, wearing a hat and a tie and looking serious',
      ],
      [{ mouth: 'serious' }, 'a person, looking serious'],
      [{ shape: 'straight' }, 'a person with straight hair'],
    ];
    for (const [chosen, text] of cases) expect(describeFace(chosen)).toBe(text);
  });

  it('lets go of a choice that is made twice', () => {
    const once = chooseFace({}, 'who', 'woman');
    expect(once).toEqual({ who: 'woman' });
    expect(chooseFace(once, 'who', 'man')).toEqual({ who: 'man' });
    expect(chooseFace(once, 'who', 'woman')).toEqual({});
  });

  it('never says what cannot be said together', () => {
    const wavy = chooseFace(chooseFace({}, 'shape', 'wavy'), 'bangs', 'bangs');
    expect(chooseFace(wavy, 'hair', 'bald')).toEqual({ hair: 'bald' });
    expect(chooseFace({ hair: 'bald' }, 'shape', 'straight')).toEqual({ shape: 'straight' });
    expect(chooseFace({ hair: 'brown' }, 'bangs', 'bangs')).toEqual({ hair: 'brown', bangs: 'bangs' });
    expect(chooseFace({ who: 'man', beard: 'beard' }, 'who', 'woman')).toEqual({ who: 'woman' });
    expect(chooseFace({ who: 'woman' }, 'beard', 'goatee')).toEqual({ who: 'man', beard: 'goatee' });
    // Every pair of choices, in both orders.
    const all = (Object.keys(FACE_CHOICES) as FaceGroup[]).flatMap((group) =>
      FACE_CHOICES[group].map((what) => [group, what] as const),
    );
    for (const [g, a] of all) {
      for (const [h, b] of all) {
        const text = describeFace(chooseFace(chooseFace({}, g, a as never), h, b as never));
        expect(text).not.toMatch(/bald .*hair|bald .*bangs|woman.*(beard|goatee|mustache|shaven)|undefined|false/);
        expect(text).not.toMatch(/ {2}|,,|\ba [aeiou]|\ban [^aeiou]/);
      }
    }
  });
});
