import './face-chips.css';
import { isOwn } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import { FACE_CHOICES, pressFace, readFaceFirst, type FaceGroup } from '../../text/face-words.ts';

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
  ears: 'Ears',
  lips: 'Lips',
  neck: 'Neck',
};
const GROUPS = Object.keys(FACE_CHOICES) as readonly FaceGroup[];

/** A description by pressing what it shall say, for a model that paints faces. */
export function FaceChips() {
  const caption = useLimn((s) => s.form.recipe.caption);
  const exchangeCaption = useLimn((s) => s.exchangeCaption);
  // Of words in another way the chips say nothing; what follows those that they know stays, unless a press contradicts it.
  const chosen = readFaceFirst(caption)?.chosen ?? {};
  const press = <G extends FaceGroup>(group: G, what: (typeof FACE_CHOICES)[G][number]): void => {
    const pressed = pressFace(caption, group, what);
    exchangeCaption(pressed.caption, pressed.loses);
  };
  return (
    <>
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
      <About />
    </>
  );
}

/** What may be thought of such pictures, and what they are not. */
function About() {
  const own = useLimn((s) => isOwn(s.form.recipe.model));
  const enter = useLimn((s) => s.enter);
  return (
    <p className="aside">
      {own
        ? 'Taught with pictures of one’s own: it may well show whoever was in them. '
        : 'Faces of nobody: it learnt from pictures of public figures, and is as biased as they are. '}
      <button type="button" className="text-button" onClick={() => enter('models')}>
        About this model
      </button>
    </p>
  );
}
