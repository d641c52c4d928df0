/**
 * Descriptions of faces for those who do not want to type: what is chosen → a sentence in the words that the model
 * learnt. Mirrors a part of the grammar of `training/face_sentences.py`.
 */

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
  extras: ['earrings', 'lipstick', 'tie'],
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
  const { who = 'person', age, hair, shape, bangs, beard, mouth, eyes, head, extras } = chosen;
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
  const worn = [eyes === 'glasses' && 'glasses', head && 'a hat', extras && (extras === 'tie' ? 'a tie' : extras)];
  const having = listed(has);
  const wearing = listed(worn);
  const parts = [
    `${/^[aeiou]/.test(named) ? 'an' : 'a'} ${named}${having && ` with ${having}`}`,
    eyes === 'no glasses' && 'without glasses',
    [wearing && `wearing ${wearing}`, mouth === 'serious' && 'looking serious'].filter(Boolean).join(' and '),
  ];
  return parts.filter(Boolean).join(', ');
}

/** What is chosen where a description says that and no more, in whose words it may be; null where it says other things. */
export function readFace(description: string): FaceChoice | null {
  const said = description.trim().replace(/\.$/, '').toLowerCase();
  const found = Object.fromEntries(
    Object.entries(FACE_CHOICES).flatMap(([group, choices]) => {
      // The last first: “no glasses” has glasses in it.
      const told = choices
        .toReversed()
        .find((what) => new RegExp(`\\b${what.replace(/^no /, 'without ')}\\b`).test(said));
      return told ? [[group, told]] : [];
    }),
  ) as FaceChoice;
  return describeFace(found) === said ? found : null;
}

/**
 * The longest part of a description, from its beginning to a comma or the end, that says what can be chosen and no more;
 * `rest` is what follows, as it stands. null where it begins with other things.
 */
export function readFaceFirst(description: string): { readonly chosen: FaceChoice; readonly rest: string } | null {
  const parts = description.split(/(?=,\s)/);
  for (let end = parts.length; end > 0; end--) {
    const chosen = readFace(parts.slice(0, end).join(''));
    if (chosen) return { chosen, rest: parts.slice(end).join('') };
  }
  return null;
}

/** 'x', 'x and y', 'x, y and z' */
function listed(parts: readonly (string | false | undefined)[]): string {
  const words = parts.filter((part) => typeof part === 'string' && part !== '');
  return words.length < 2 ? (words[0] ?? '') || '' : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
