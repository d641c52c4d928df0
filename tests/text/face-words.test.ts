import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseFace,
  describeFace,
  FACE_CHOICES,
  readFace,
  readFaceFirst,
  type FaceChoice,
  type FaceGroup,
} from '../../src/text/face-words.ts';

const ALL = (Object.keys(FACE_CHOICES) as FaceGroup[]).flatMap((group) =>
  FACE_CHOICES[group].map((what) => [group, what] as const),
);
const pressed = (presses: readonly (readonly [FaceGroup, string])[]): FaceChoice =>
  presses.reduce<FaceChoice>((chosen, [group, what]) => chooseFace(chosen, group, what as never), {});

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
    for (const first of ALL) {
      for (const second of ALL) {
        const text = describeFace(pressed([first, second]));
        expect(text).not.toMatch(/bald .*hair|bald .*bangs|woman.*(beard|goatee|mustache|shaven)|undefined|false/);
        expect(text).not.toMatch(/ {2}|,,|\ba [aeiou]|\ban [^aeiou]/);
      }
    }
  });

  it('is read from its description, and from no other words', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ALL), { maxLength: 8 }), (presses) => {
        const chosen = pressed(presses);
        expect(readFace(describeFace(chosen))).toEqual(chosen);
      }),
    );
    expect(readFace(' A smiling young woman with wavy blond hair. ')).toEqual({
      who: 'woman',
      age: 'young',
      hair: 'blond',
      shape: 'wavy',
      mouth: 'smiling',
    });
    for (const other of [
      'a person',
      'a smiling man, maybe an actor',
      'glasses',
      'man',
      'a man with a hat',
      'a woman, a man',
    ])
      expect(readFace(other)).toBeNull();
  });

  it('reads the beginning that it knows, and leaves the rest as it stands', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...ALL), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('', ', made of paper', ', a friend of mine, in Rome'),
        (presses, rest) => {
          const chosen = pressed(presses);
          const said = describeFace(chosen);
          fc.pre(said !== '');
          expect(readFaceFirst(said + rest)).toEqual({ chosen, rest });
        },
      ),
    );
    expect(readFaceFirst('my friend, a man')).toBeNull();
    expect(readFaceFirst('')).toEqual({ chosen: {}, rest: '' });
  });
});
