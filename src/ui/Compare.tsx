import './compare.css';
import { useId, useState } from 'react';
import type { Pixels } from '../engine/protocol.ts';
import type { Upscaling } from '../permalink.ts';
import { ImageCanvas } from './ImageCanvas.tsx';

interface Props {
  readonly before: Pixels;
  readonly after: Pixels;
  readonly upscaling: Upscaling;
  /** What both show. */
  readonly label: string;
}

/** Two pictures in one place: a line to drag between them, and a button to hold for the first one alone. */
export function Compare({ before, after, upscaling, label }: Props) {
  const id = useId();
  const [share, setShare] = useState(0.5);
  const [held, setHeld] = useState(false);
  const at = held ? 1 : share;
  return (
    <div className="compare">
      <div className="square compare-stage" style={{ '--share': at } as React.CSSProperties}>
        <ImageCanvas pixels={after} upscaling={upscaling} edge={720} label={`After: ${label}`} />
        <div className="compare-before">
          <ImageCanvas pixels={before} upscaling={upscaling} edge={720} label={`Before: ${label}`} />
        </div>
        <i className="compare-line" />
        <input
          id={id}
          type="range"
          className="compare-range"
          aria-label="Line between before and after"
          min={0}
          max={1}
          step={0.01}
          value={at}
          aria-valuetext={`${Math.round(100 * at)} % before, ${Math.round(100 - 100 * at)} % after`}
          onChange={(event) => setShare(event.currentTarget.valueAsNumber)}
        />
        <span className="compare-tag left" aria-hidden="true">
          Before
        </span>
        <span className="compare-tag right" aria-hidden="true">
          After
        </span>
      </div>
      <button
        type="button"
        className="button quiet small"
        aria-pressed={held}
        onPointerDown={() => setHeld(true)}
        onPointerUp={() => setHeld(false)}
        onPointerCancel={() => setHeld(false)}
        onPointerLeave={() => setHeld(false)}
        onBlur={() => setHeld(false)}
        onKeyDown={(event) => (event.key === ' ' || event.key === 'Enter') && setHeld(true)}
        onKeyUp={() => setHeld(false)}
      >
        Hold to see it as it was
      </button>
    </div>
  );
}
