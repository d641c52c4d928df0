import { canLookInside } from '../../state/cascade.ts';
import { useLimn } from '../../state/context.ts';
import type { Painted } from '../../state/history.ts';

/** How it came about; not there where the model paints in one go. */
export function InsideActions({ picture }: { readonly picture: Painted }) {
  const able = useLimn((s) => canLookInside(s, picture));
  const lookInside = useLimn((s) => s.lookInside);
  if (!able) return null;
  return (
    <button
      type="button"
      className="button quiet"
      title="Its stages, where each word went, and what another word would change"
      onClick={(event) => {
        // Closed by itself, the dialog gives the focus back to where it was, and the next one will do so too.
        event.currentTarget.closest('dialog')?.close();
        void lookInside(picture);
      }}
    >
      Look inside
    </button>
  );
}
