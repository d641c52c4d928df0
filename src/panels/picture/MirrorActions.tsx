import { hasMirror } from '../../state/mirror.ts';
import { useLimn } from '../../state/context.ts';
import type { Painted } from '../../state/history.ts';
import type { Steps } from '../../state/improve.ts';

/** A middling way; the room has others. */
const STEPS: Steps = 60;

/** To the mirror, to be read or improved; not there where the model has none. */
export function MirrorActions({ picture }: { readonly picture: Painted }) {
  const mirror = useLimn((s) => hasMirror(s, picture.recipe.model));
  const hold = useLimn((s) => s.hold);
  const enter = useLimn((s) => s.enter);
  const improve = useLimn((s) => s.improve);
  if (!mirror) return null;
  const go = () => {
    hold(picture);
    enter('mirror');
  };
  return (
    <div className="actions-row">
      <button type="button" className="button quiet" onClick={go}>
        Hold up to the mirror
      </button>
      <button
        type="button"
        className="button quiet"
        title="Small changes that make the caption fit better, as the mirror sees it"
        onClick={() => {
          go();
          void improve(picture, STEPS);
        }}
      >
        Improve
      </button>
    </div>
  );
}
