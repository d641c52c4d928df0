import './pad.css';
import { memo, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { useLimn } from '../../state/context.ts';
import type { Tile } from '../../state/tiles.ts';
import { GRAIN, PLANE, PLANE_PLACES } from '../../state/walk.ts';
import { share } from '../../ui/format.ts';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';

const STEP = 1 / GRAIN;
const LARGE_STEP = 0.1;

/**
 * The whole plane in small pictures, and a handle upon it: words from left to right, style from top to bottom. The two
 * sliders do the same one by one.
 */
export function Pad() {
  const text = useLimn((s) => s.walk.text);
  const noise = useLimn((s) => s.walk.noise);
  const plane = useLimn((s) => s.plane);
  const upscaling = useLimn((s) => s.form.upscaling);
  const moveTo = useLimn((s) => s.moveTo);
  const ref = useRef<HTMLDivElement>(null);
  const held = useRef(false);

  function follow(event: PointerEvent) {
    const box = ref.current?.getBoundingClientRect();
    if (!box) return;
    moveTo({
      text: along((event.clientX - box.left) / box.width),
      noise: along((event.clientY - box.top) / box.height),
    });
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const moves: Record<string, () => void> = {
      ArrowLeft: () => moveTo({ text: text - step }),
      ArrowRight: () => moveTo({ text: text + step }),
      ArrowUp: () => moveTo({ noise: noise - step }),
      ArrowDown: () => moveTo({ noise: noise + step }),
      PageUp: () => moveTo({ noise: noise - LARGE_STEP }),
      PageDown: () => moveTo({ noise: noise + LARGE_STEP }),
      // Along the words; with Shift to the very corners.
      Home: () => moveTo(event.shiftKey ? { text: 0, noise: 0 } : { text: 0 }),
      End: () => moveTo(event.shiftKey ? { text: 1, noise: 1 } : { text: 1 }),
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move();
  }

  return (
    <div className="pad-frame">
      <div
        ref={ref}
        className="square pad"
        role="slider"
        tabIndex={0}
        aria-label="Words and style"
        aria-roledescription="pad of two directions"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * text)}
        aria-valuetext={`words ${share(text)}, style ${share(noise)}`}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (!event.isPrimary || event.button !== 0) return;
          held.current = true;
          event.currentTarget.setPointerCapture(event.pointerId);
          follow(event);
        }}
        onPointerMove={(event) => {
          if (held.current && event.isPrimary) follow(event);
        }}
        onLostPointerCapture={() => (held.current = false)}
      >
        <div className="pad-plane" aria-hidden="true">
          {PLANE_PLACES.map((_, i) => (
            <Cell key={i} tile={plane[i] ?? null} upscaling={upscaling} />
          ))}
        </div>
        <i className="pad-handle" style={{ left: `${at(text)}%`, top: `${at(noise)}%` }} />
      </div>
      <p className="pad-words">Words go from left to right, style from top to bottom.</p>
    </div>
  );
}

/** A small picture of a strip or a plane; it dims where another is on its way. */
export const Cell = memo(function Cell({
  tile,
  upscaling,
}: {
  readonly tile: Tile | null;
  readonly upscaling: 'smooth' | 'pixels';
}) {
  if (!tile) return <span className="tile" />;
  return (
    <span className={tile.stale ? 'tile stale' : 'tile'}>
      <ImageCanvas pixels={tile.pixels} upscaling={upscaling} edge={128} />
    </span>
  );
});

/** Half a picture's width: the handle stands in a picture's middle where it shows that very picture. */
const RIM = 1 / PLANE / 2;

/** A share of the way → percent of the pad's edge. */
function at(share: number): number {
  return 100 * (RIM + share * (1 - 2 * RIM));
}

/** The other way round; beyond the outer pictures' middles it stays there. */
function along(edge: number): number {
  return (edge - RIM) / (1 - 2 * RIM);
}
