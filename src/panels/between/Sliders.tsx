import './sliders.css';
import { useMemo, type CSSProperties } from 'react';
import { vividColour } from '../../image/vivid.ts';
import { useLimn } from '../../state/context.ts';
import { GRAIN, PLANE } from '../../state/walk.ts';
import type { Pixels } from '../../engine/protocol.ts';
import { share } from '../../ui/format.ts';
import { Slider } from '../../ui/Slider.tsx';

/** The two ways to go, each a range that paints while it moves. */
export function Sliders() {
  const text = useLimn((s) => s.walk.text);
  const noise = useLimn((s) => s.walk.noise);
  const moveTo = useLimn((s) => s.moveTo);
  const last = PLANE - 1;
  const [row, column] = [Math.round(noise * last), Math.round(text * last)];
  return (
    <div className="walk-sliders">
      <Way from={row * PLANE} to={row * PLANE + last}>
        <Slider
          label="Words"
          hint="From what A says to what B says."
          value={text}
          min={0}
          max={1}
          step={1 / GRAIN}
          show={share}
          onChange={(text) => moveTo({ text })}
        />
      </Way>
      <Way from={column} to={last * PLANE + column}>
        <Slider
          label="Style"
          hint="From the arrangement that A’s seed gives to B’s: pose, place and background."
          value={noise}
          min={0}
          max={1}
          step={1 / GRAIN}
          show={share}
          onChange={(noise) => moveTo({ noise })}
        />
      </Way>
    </div>
  );
}

interface WayProps {
  /** Places in the plane where the way begins and ends. */
  readonly from: number;
  readonly to: number;
  readonly children: React.ReactNode;
}

/** The track goes from the colour of the one picture to that of the other. */
function Way({ from, to, children }: WayProps) {
  const begin = useColour(useLimn((s) => s.plane[from]?.pixels));
  const end = useColour(useLimn((s) => s.plane[to]?.pixels));
  const style = { '--from': begin ?? 'var(--edge)', '--to': end ?? 'var(--edge)' } as CSSProperties;
  return (
    <div className="way" style={style}>
      {children}
    </div>
  );
}

function useColour(pixels: Pixels | undefined): string | null {
  return useMemo(() => (pixels ? `rgb(${vividColour(pixels).join(' ')})` : null), [pixels]);
}
