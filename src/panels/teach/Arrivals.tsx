import { useLimn } from '../../state/context.ts';
import { handsFocusOn } from '../../ui/focus-kept.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { plural } from './words.ts';

/** Files on their way in, and those that could not be used; told wherever files may be dropped. */
export function Arrivals() {
  const taking = useLimn((s) => s.teach.taking);
  const stop = useLimn((s) => s.stopTaking);
  return (
    <>
      {taking.state === 'running' && (
        <Waiting
          title={`Looking at ${plural(taking.progress.total, 'file')}`}
          detail={`${taking.progress.done} of ${taking.progress.total}`}
          value={taking.progress.total > 0 ? taking.progress.done / taking.progress.total : null}
        >
          <button type="button" ref={handsFocusOn} className="button quiet small" onClick={stop}>
            Stop
          </button>
        </Waiting>
      )}
      <div className="teach-arrived" role="status">
        <LeftOut />
      </div>
    </>
  );
}

/** What could not be used, each with its reason. */
function LeftOut() {
  const left = useLimn((s) => s.teach.left);
  if (left.length === 0) return null;
  return (
    <details className="teach-left" open={left.length <= 3}>
      <summary>
        {left.length === 1 ? 'One file was left out' : `${left.length} files were left out, or in part`}
      </summary>
      <ul>
        {left.map(({ name, why }, i) => (
          <li key={i}>
            <b>{name}</b>
            {`: ${why}`}
          </li>
        ))}
      </ul>
    </details>
  );
}
