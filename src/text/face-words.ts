/**
 * Descriptions of faces for those who do not want to type: what is chosen → a sentence in the words that the model
 * learnt, a sentence → what is chosen, and what a press makes of it. Mirrors a part of the grammar of
 * `training/face_sentences.py`.
 */
import { MAX_CAPTION } from './alphabet.ts';

/** What a person can choose; of each group one, or nothing. */
export const FACE_CHOICES = {
  who: ['man', 'woman'],
  age: ['young', 'older'],
  hair: ['black', 'blond', 'brown', 'gray', 'bald'],
  shape: ['straight', 'wavy'],
  bangs: ['bangs'],
  beard: ['beard', 'goatee', 'mustache', 'clean-shaven'],
  mouth: ['smiling', 'serious'],
  eyes: ['glasses', 'no glasses'],
  head: ['hat'],
  ears: ['earrings'],
  lips: ['lipstick'],
  neck: ['tie'],
} as const;

export type FaceGroup = keyof typeof FACE_CHOICES;
export type FaceChoice = { readonly [G in FaceGroup]?: (typeof FACE_CHOICES)[G][number] };

/** What cannot be said together with a choice goes when it is made: a bald head has no waves. */
export function chooseFace<G extends FaceGroup>(
  chosen: FaceChoice,
  group: G,
  what: (typeof FACE_CHOICES)[G][number],
): FaceChoice {
  const { [group]: before, ...others } = chosen;
  if (before === what) return others;
  let next: FaceChoice = { ...chosen, [group]: what };
  const without = (...groups: readonly FaceGroup[]): void => {
    next = Object.fromEntries(Object.entries(next).filter(([name]) => !groups.includes(name as FaceGroup)));
  };
  if (what === 'bald') without('shape', 'bangs');
  if ((group === 'shape' || group === 'bangs') && next.hair === 'bald') without('hair');
  // The labels that were learnt from know beards of men only.
  if (what === 'woman') without('beard');
  if (group === 'beard') next = { ...next, who: 'man' };
  return next;
}

/** → a description, '' where nothing is chosen */
export function describeFace(chosen: FaceChoice): string {
  if (Object.keys(chosen).length === 0) return '';
  const { who = 'person', age, hair, shape, bangs, beard, mouth, eyes, head, ears, lips, neck } = chosen;
  const adjectives = [
    mouth === 'smiling' && 'smiling',
    age,
    hair === 'bald' && 'bald',
    beard === 'clean-shaven' && 'clean-shaven',
  ];
  const named = [...adjectives.filter((word) => typeof word === 'string'), who].join(' ');
  const colour = hair === 'bald' ? undefined : hair;
  const has = [
    (shape ?? colour) && [shape, colour, 'hair'].filter(Boolean).join(' '),
    bangs,
    beard && beard !== 'clean-shaven' && `a ${beard}`,
  ];
  const worn = [eyes === 'glasses' && 'glasses', head && 'a hat', ears, lips, neck && 'a tie'];
  const having = listed(has);
  const wearing = listed(worn);
  const parts = [
    `${/^[aeiou]/.test(named) ? 'an' : 'a'} ${named}${having && ` with ${having}`}`,
    eyes === 'no glasses' && 'without glasses',
    [wearing && `wearing ${wearing}`, mouth === 'serious' && 'looking serious'].filter(Boolean).join(' and '),
  ];
  return parts.filter(Boolean).join(', ');
}

/** What adjectives before the noun say. */
const ADJECTIVES = new Map<string, FaceChoice>([
  ['smiling', { mouth: 'smiling' }],
  ['young', { age: 'young' }],
  ['older', { age: 'older' }],
  ['bald', { hair: 'bald' }],
  ['clean-shaven', { beard: 'clean-shaven' }],
]);
/** What parts of a list say, beside hair. */
const PARTS = new Map<string, FaceChoice>([
  ['bangs', { bangs: 'bangs' }],
  ['a beard', { beard: 'beard' }],
  ['a goatee', { beard: 'goatee' }],
  ['a mustache', { beard: 'mustache' }],
  ['smiling', { mouth: 'smiling' }],
  ['looking serious', { mouth: 'serious' }],
  // The labels that were learnt from know who smiles and who does not, and no more than that.
  ['not smiling', { mouth: 'serious' }],
  ['glasses', { eyes: 'glasses' }],
  ['no glasses', { eyes: 'no glasses' }],
  ['without glasses', { eyes: 'no glasses' }],
  ['a hat', { head: 'hat' }],
  ['earrings', { ears: 'earrings' }],
  ['lipstick', { lips: 'lipstick' }],
  ['a tie', { neck: 'tie' }],
]);
const HAIR = /^(straight |wavy )?(black |blond |brown |gray )?hair$/;
/** "a smiling young man", and what may follow without a comma. */
const FIRST = /^an? ((?:[\w-]+ )*?)(man|woman|person)(?: ((?:with|wearing|without|looking|not|smiling)\b.*))?$/;

/**
 * What is chosen where a description says that and no more, in whichever order; null where it says other things, or two
 * of one group. `describeFace` says the same in its own words.
 */
export function readFace(description: string): FaceChoice | null {
  const said = description.trim().replace(/\.$/, '').toLowerCase().replace(/\s+/g, ' ');
  if (said === '') return {};
  const [first = '', ...parts] = said.split(/,? and |, /);
  const [, adjectives = '', who, having] = FIRST.exec(first) ?? [];
  if (!who) return null;
  return together([
    ...adjectives.split(' ').map((word) => (word === '' ? {} : ADJECTIVES.get(word))),
    who === 'person' ? {} : { who: who as 'man' | 'woman' },
    ...(having === undefined ? parts : [having, ...parts]).map(readPart),
  ]);
}

/** 'wearing a hat', 'a beard' */
function readPart(part: string): FaceChoice | undefined {
  const what = part.replace(/^(with|wearing) /, '');
  const [, shape, colour] = HAIR.exec(what) ?? [];
  if (!shape && !colour) return PARTS.get(what);
  return { ...(shape && { shape: shape.trim() }), ...(colour && { hair: colour.trim() }) } as FaceChoice;
}

/** All of them at once; null where one is not understood, or says of a group what another does not. */
function together(told: readonly (FaceChoice | undefined)[]): FaceChoice | null {
  const all = new Map<string, string>();
  for (const choice of told) {
    if (!choice) return null;
    for (const [group, what] of Object.entries(choice)) {
      if ((all.get(group) ?? what) !== what) return null;
      all.set(group, what);
    }
  }
  return Object.fromEntries(all);
}

/** Before each comma of a caption that something follows. */
const CLAUSES = /(?=,\s)/;

/**
 * The longest part of a description, from its beginning to a comma or the end, that says what can be chosen and no more;
 * `rest` is what follows, as it stands. null where it begins with other things, or is longer than any caption: each clause
 * costs as much as all before it, and a pasted book would hold up the page.
 */
export function readFaceFirst(description: string): { readonly chosen: FaceChoice; readonly rest: string } | null {
  if (description.length > MAX_CAPTION) return null;
  const clauses = description.split(CLAUSES);
  let found: ReturnType<typeof readFaceFirst> = null;
  for (let end = 1; end <= clauses.length; end++) {
    const chosen = readFace(clauses.slice(0, end).join(''));
    // What is not understood stays so, whatever follows.
    if (!chosen) break;
    found = { chosen, rest: clauses.slice(end).join('') };
  }
  return found;
}

const BALD = 'bald';
const WOMEN = 'wom[ae]n|girl|lady|ladies|female|actress|actresses|she|her';
/** Words that speak of what a group's chips speak of: theirs, and others that people use. */
const WORDS: Readonly<Record<FaceGroup, string>> = {
  who: `m[ae]n|boy|guy|gentlem[ae]n|male|actor|he|his|him|${WOMEN}`,
  age: 'young|younger|old|older|elderly|middle-aged|teenage|teenager',
  hair: `hair|hairs|haired|${BALD}|blonde?|brunette|gr[ae]y`,
  shape: 'straight|wavy|wave|curly|curl|curled',
  bangs: 'bang|fringe',
  beard: 'beard|bearded|goatee|mo?ustache|shaven|unshaven|shaved|stubble|sideburn|whisker',
  mouth: 'smil(?:e|es|ing|ed)|grin|grinning|laugh|laughing|serious|seriously|frown|frowning',
  eyes: '(?:sun|eye)?glasses|spectacles',
  head: 'hat|cap|beanie',
  ears: 'earring',
  lips: 'lip|lipstick',
  neck: '(?:neck|bow)?tie',
};

/**
 * The rest of a caption (as `readFaceFirst` has it) after a press, without the clauses that could contradict it: those
 * with a word of the group, or of what goes when the choice is made. `what` is undefined where a choice was taken back.
 */
function withoutWordsOf(rest: string, group: FaceGroup, what: string | undefined): string {
  const words = [WORDS[group], ...wordsBeside(group, what)].join('|');
  const touched = new RegExp(`\\b(?:${words})s?\\b`, 'i');
  return rest
    .split(CLAUSES)
    .filter((clause) => !touched.test(clause))
    .join('');
}

/** Of what `chooseFace` lets go, or says as well. */
function wordsBeside(group: FaceGroup, what: string | undefined): string[] {
  if (what === undefined) return [];
  if (what === 'bald') return [WORDS.shape, WORDS.bangs];
  if (what === 'woman') return [WORDS.beard];
  if (group === 'beard') return [WOMEN];
  return group === 'shape' || group === 'bangs' ? [BALD] : [];
}

/** What a caption becomes by the press of a chip, and whether words are lost by it that the new ones do not say. */
export function pressFace<G extends FaceGroup>(
  caption: string,
  group: G,
  what: (typeof FACE_CHOICES)[G][number],
): { readonly caption: string; readonly loses: boolean } {
  const read = readFaceFirst(caption);
  // Of words in another way nothing is known, and they cannot be gone on with.
  const { chosen, rest: before } = read ?? { chosen: {}, rest: '' };
  const next = chooseFace(chosen, group, what);
  const rest = withoutWordsOf(before, group, next[group]);
  // What cannot be said together with the choice.
  const gone = Object.entries(chosen).some(([of, was]) => of !== group && next[of as FaceGroup] !== was);
  return { caption: (describeFace(next) || (rest && 'a person')) + rest, loses: !read || gone || rest !== before };
}

/** 'x', 'x and y', 'x, y and z' */
function listed(parts: readonly (string | false | undefined)[]): string {
  const words = parts.filter((part) => typeof part === 'string' && part !== '');
  return words.length < 2 ? (words[0] ?? '') || '' : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
