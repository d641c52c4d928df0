import { useLimn } from '../../state/context.ts';
import type { Painted } from '../../state/history.ts';
import { isBetween } from '../../state/walk.ts';

/** A picture as one of the two ends of the room Between; one that was painted there goes back to its place. */
export function BetweenActions({ picture: { recipe } }: { readonly picture: Painted }) {
  const takeAsEnd = useLimn((s) => s.takeAsEnd);
  const openWalk = useLimn((s) => s.openWalk);
  const enter = useLimn((s) => s.enter);
  if (isBetween(recipe)) {
    return (
      <button
        type="button"
        className="button primary"
        onClick={() => {
          openWalk(recipe);
          enter('between');
        }}
      >
        Open in Between
      </button>
    );
  }
  const as = (end: 'a' | 'b') => (
    <button
      type="button"
      className="button quiet"
      aria-label={`Use as ${end.toUpperCase()} in Between`}
      onClick={() => {
        takeAsEnd(end, recipe);
        enter('between');
      }}
    >
      {end.toUpperCase()}
    </button>
  );
  return (
    <div className="actions-row">
      <span className="actions-words">Use in Between as</span>
      {as('a')}
      {as('b')}
    </div>
  );
}
