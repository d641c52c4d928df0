import { canWatchGrow } from '../../state/growth.ts';
import { useLimn } from '../../state/context.ts';
import type { Painted } from '../../state/history.ts';

/** Its way up from the smallest size; not there where the model was not grown. */
export function GrowthActions({ picture }: { readonly picture: Painted }) {
  const able = useLimn((s) => canWatchGrow(s, picture));
  const watchGrow = useLimn((s) => s.watchGrow);
  if (!able) return null;
  return (
    <button
      type="button"
      className="button quiet"
      title="From 4 pixels up, and what the description leaves open"
      onClick={(event) => {
        // Closed by itself, the dialog gives the focus back to where it was, and the next one will do so too.
        event.currentTarget.closest('dialog')?.close();
        watchGrow(picture);
      }}
    >
      Watch it grow
    </button>
  );
}
