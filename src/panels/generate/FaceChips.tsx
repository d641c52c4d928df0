import './face-chips.css';
import { useLimn } from '../../state/context.ts';
import { chooseFace, describeFace, FACE_CHOICES, readFaceFirst, type FaceGroup } from '../../text/face-words.ts';

const NAMES: Readonly<Record<FaceGroup, string>> = {
  who: 'Who',
  age: 'Age',
  hair: 'Hair',
  shape: 'Shape of the hair',
  bangs: 'Forehead',
  beard: 'Beard',
  mouth: 'Mouth',
  eyes: 'Eyes',
  head: 'Head',
  extras: 'Wears',
};
const GROUPS = Object.keys(FACE_CHOICES) as readonly FaceGroup[];

/** A description by pressing what it shall say, for a model that paints faces. */
export function FaceChips() {
  const caption = useLimn((s) => s.form.recipe.caption);
  const exchangeCaption = useLimn((s) => s.exchangeCaption);
  // Of words in another way the chips say nothing; what follows those that they know stays.
  const read = readFaceFirst(caption);
  const chosen = read?.chosen ?? {};
  const press = <G extends FaceGroup>(group: G, what: (typeof FACE_CHOICES)[G][number]): void => {
    const said = describeFace(chooseFace(chosen, group, what));
    const rest = read?.rest ?? '';
    // Where nothing is left to say, what followed goes as well, and can be put back.
    exchangeCaption(said === '' ? '' : said + rest, read !== null && (said !== '' || rest === ''));
  };
  return (
    <div className="face-chips" role="group" aria-label="Describe by pressing">
      {GROUPS.map((group) => (
        <div key={group} className="face-chip-group" role="group" aria-label={NAMES[group]}>
          {FACE_CHOICES[group].map((what) => (
            <button
              key={what}
              type="button"
              className="face-chip"
              aria-pressed={chosen[group] === what}
              onClick={() => press(group, what)}
            >
              {what}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}
