import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseFace,
  describeFace,
  FACE_CHOICES,
  pressFace,
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
          ears: 'earrings',
        },
        'a smiling young woman with wavy blond hair and bangs, wearing earrings',
      ],
      [
        { who: 'man', eyes: 'no glasses', head: 'hat', neck: 'tie', mouth: 'serious', beard: 'clean-shaven' },
        'a clean-shaven man, without glasses, wearing a hat and a tie and looking serious',
      ],
      [{ ears: 'earrings', lips: 'lipstick' }, 'a person, wearing earrings and lipstick'],
      [{ mouth: 'serious' }, 'a person, looking serious'],
      [{ shape: 'straight' }, 'a person with straight hair'],
    ];
    for (const [chosen, text] of cases) expect(describeFace(chosen)).toBe(text);
  });

  it('wears several things at once', () => {
    const worn = pressed([
      ['ears', 'earrings'],
      ['lips', 'lipstick'],
      ['neck', 'tie'],
    ]);
    expect(worn).toEqual({ ears: 'earrings', lips: 'lipstick', neck: 'tie' });
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
      'glasses',
      'man',
      'hair',
      'a man with hair',
      'a smiling man, maybe an actor',
      'a man glasses',
      'a woman, a man',
      'a woman, wavy and long',
      'an unshaven man',
      'a constructor man, constructor',
      // Of one group two things.
      'a smiling man, not smiling',
      'a bald man with brown hair',
      'a man with black hair and brown hair',
      'a man with glasses, without glasses',
    ])
      expect(readFace(other), other).toBeNull();
  });

  it.each<[description: string, chosen: FaceChoice]>([
    ['', {}],
    ['a person', {}],
    ['a person smiling', { mouth: 'smiling' }],
    ['a man with a hat', { who: 'man', head: 'hat' }],
    ['An older man  with gray hair\nand glasses.', { who: 'man', age: 'older', hair: 'gray', eyes: 'glasses' }],
    ['a man with brown hair, wearing glasses and smiling', { who: 'man', hair: 'brown', eyes: 'glasses', mouth: 'smiling' }], // prettier-ignore
    ['a young man and a goatee, not smiling', { who: 'man', age: 'young', beard: 'goatee', mouth: 'serious' }],
    ['a man, no glasses, and wearing a tie', { who: 'man', eyes: 'no glasses', neck: 'tie' }],
    ['a smiling woman, wavy hair, bangs, smiling', { who: 'woman', mouth: 'smiling', shape: 'wavy', bangs: 'bangs' }],
    ['a woman wearing no glasses, straight blond hair', { who: 'woman', eyes: 'no glasses', shape: 'straight', hair: 'blond' }], // prettier-ignore
  ])('reads %j, in whichever order it is said', (description, chosen) => {
    expect(readFace(description)).toEqual(chosen);
  });

  it('reads the whole of every example of the card but those in free prose', () => {
    const card = JSON.parse(readFileSync('training/cards/faces.json', 'utf8')) as { readonly examples: string[] };
    const read = card.examples.map((example) => readFaceFirst(example));
    expect(read.filter((one) => one?.rest === '')).toHaveLength(card.examples.length - 2);
    expect(card.examples.filter((_, i) => !read[i])).toEqual([
      'a young woman who looks friendly, long dark hair, maybe an actress',
      'girl, curly blonde hair, laughing',
    ]);
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
    // Longer than any caption: such a text is not worth the time.
    const long = `a man${', smiling'.repeat(110)}`;
    expect(readFaceFirst(long)).toEqual({ chosen: { who: 'man', mouth: 'smiling' }, rest: '' });
    expect(readFaceFirst(long + ', smiling')).toBeNull();
  });

  type Press = readonly [caption: string, group: FaceGroup, what: string, becomes: string];
  const press = ([caption, group, what]: Press) => pressFace(caption, group, what as never);

  it.each<Press>([
    ['', 'who', 'man', 'a man'],
    ['a man', 'who', 'man', ''],
    ['a smiling man with brown hair, maybe an actor', 'eyes', 'glasses', 'a smiling man with brown hair, wearing glasses, maybe an actor'], // prettier-ignore
    ['a young man with black hair and a goatee, not smiling', 'mouth', 'smiling', 'a smiling young man with black hair and a goatee'], // prettier-ignore
    ['a man with brown hair, wearing glasses and smiling', 'eyes', 'no glasses', 'a smiling man with brown hair, without glasses'], // prettier-ignore
    ['an older man with gray hair and glasses', 'mouth', 'smiling', 'a smiling older man with gray hair, wearing glasses'], // prettier-ignore
    // What a person is without is no reason to let their clothes go.
    ['a smiling person, in a coat', 'mouth', 'smiling', 'a person, in a coat'],
    ['a person, in a coat', 'age', 'young', 'a young person, in a coat'],
    // Parts of words are other words, and what does not contradict stays.
    ['a man, chatty, untied', 'head', 'hat', 'a man, wearing a hat, chatty, untied'],
    ['a man, chatty, untied', 'neck', 'tie', 'a man, wearing a tie, chatty, untied'],
    ['a woman, wavy and long', 'hair', 'black', 'a woman with black hair, wavy and long'],
    ['a bald woman, wavy and long', 'hair', 'bald', 'a woman, wavy and long'],
    ['a man, maybe an actor', 'beard', 'goatee', 'a man with a goatee, maybe an actor'],
  ])('of %j a press on %s (%s) makes %j, and nothing is lost', (...asked) => {
    expect(press(asked)).toEqual({ caption: asked[3], loses: false });
  });

  it.each<Press>([
    ['girl, curly blonde hair, laughing', 'mouth', 'smiling', 'a smiling person'],
    ['a woman with wavy black hair and bangs', 'hair', 'bald', 'a bald woman'],
    ['a man with a beard and glasses', 'who', 'woman', 'a woman, wearing glasses'],
    ['a smiling man, not smiling, in Rome', 'mouth', 'smiling', 'a man, in Rome'],
    ['a man, Laughing.', 'mouth', 'smiling', 'a smiling man'],
    ['a smiling person, laughing', 'mouth', 'smiling', ''],
    ['a woman with brown hair, wavy and long', 'hair', 'bald', 'a bald woman'],
    ['a woman, nearly bald, long hair', 'shape', 'wavy', 'a woman with wavy hair, long hair'],
    ['a woman, with a fringe', 'bangs', 'bangs', 'a woman with bangs'],
    ['a man, with sunglasses, made of paper', 'eyes', 'no glasses', 'a man, without glasses, made of paper'],
    ['a man, with stubble, in a coat', 'who', 'woman', 'a woman, in a coat'],
    ['a person, with stubble, an actor', 'who', 'man', 'a man, with stubble'],
    ['a person, maybe an actress, my friend', 'beard', 'goatee', 'a man with a goatee, my friend'],
    ['a man, about 40 years old', 'age', 'young', 'a young man'],
    ['a man, in a gray-haired wig', 'hair', 'brown', 'a man with brown hair'],
  ])('of %j a press on %s (%s) makes %j, and words are lost', (...asked) => {
    expect(press(asked)).toEqual({ caption: asked[3], loses: true });
  });

  it('a press on a chip outdoes its own word in whatever follows', () => {
    for (const [group, what] of ALL) {
      const word = group === 'hair' && what !== 'bald' ? `${what} hair` : what;
      const pressed = pressFace(`a person, of note, nearly ${word}`, group, what as never);
      expect(pressed, what).toEqual({ caption: `${describeFace(chooseFace({}, group, what as never))}, of note`, loses: true }); // prettier-ignore
    }
  });
});
