import './runs.css';
import { useEffect, useId, useRef, useState } from 'react';

interface Props {
  /** Its name. */
  readonly what: string;
  /** What goes with it, in a sentence. */
  readonly cost?: string | undefined;
  readonly onForget: () => void;
}

/** Asks once more: what the engine drops cannot be brought back. */
export function Forget({ what, cost, onForget }: Props) {
  const [asked, setAsked] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  const forget = useRef<HTMLButtonElement>(null);
  const wasAsked = useRef(false);
  const costId = useId();
  // The keyboard stays where the question is.
  useEffect(() => {
    if (asked) keep.current?.focus();
    else if (wasAsked.current) forget.current?.focus();
    wasAsked.current = asked;
  }, [asked]);
  if (!asked) {
    return (
      <button type="button" ref={forget} className="button quiet" onClick={() => setAsked(true)}>
        Forget
        <span className="visually-hidden">{` ${what}`}</span>
      </button>
    );
  }
  return (
    <span className="line" role="group" aria-label={`Forget ${what} for good?`} aria-describedby={cost && costId}>
      {cost && (
        <span id={costId} className="aside">
          {cost}
        </span>
      )}
      <button type="button" className="button quiet teach-danger" onClick={onForget}>
        Forget for good
      </button>
      <button type="button" ref={keep} className="button quiet" onClick={() => setAsked(false)}>
        Keep it
      </button>
    </span>
  );
}
