import './crop-field.css';
import { useId, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import type { Pixels } from '../engine/protocol.ts';
import type { Square } from '../image/resize.ts';
import { edgeLimits, moveSquare, sizeSquare } from '../image/square.ts';
import { CropGesture } from './crop-gesture.ts';
import { ImageCanvas } from './ImageCanvas.tsx';

interface Props {
  readonly label: string;
  readonly pixels: Pixels;
  readonly square: Square;
  readonly onChange: (square: Square) => void;
}

const CORNERS = [
  { name: 'nw', x: 0, y: 0 },
  { name: 'ne', x: 1, y: 0 },
  { name: 'sw', x: 0, y: 1 },
  { name: 'se', x: 1, y: 1 },
] as const;

/** Of the square's edge, for one press of a key. */
const STEP = 0.04;

/** A picture, and upon it the square that is cut out: by mouse, by one or two fingers, or by keyboard. */
export function CropField({ label, pixels, square, onChange }: Props) {
  const id = useId();
  const gesture = useRef<CropGesture>(null);
  const { least, most } = edgeLimits(pixels);
  const at = ({ clientX: x, clientY: y }: PointerEvent) => ({ x, y });

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { corner } = (event.target as HTMLElement).dataset;
    gesture.current ??= new CropGesture();
    gesture.current.down(event.pointerId, at(event), square, CORNERS.find(({ name }) => name === corner) ?? null);
  }

  function onPointerMove(event: PointerEvent<HTMLElement>) {
    const shown = event.currentTarget.parentElement?.clientWidth || 1;
    const next = gesture.current?.move(event.pointerId, at(event), pixels, pixels.width / shown);
    if (next) onChange(next);
  }

  function onPointerEnd(event: PointerEvent<HTMLElement>) {
    gesture.current?.up(event.pointerId, square);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = byKey(event.key, event.shiftKey, square, pixels);
    if (!next) return;
    event.preventDefault();
    onChange(next);
  }

  const percent = (part: number, whole: number) => `${(100 * part) / whole}%`;
  const round = Math.round;
  return (
    <div className="crop-field" role="group" aria-label={label}>
      <div className="crop-picture">
        <ImageCanvas pixels={pixels} upscaling="smooth" edge={420} />
        <div
          className="crop-frame"
          role="slider"
          tabIndex={0}
          aria-label="The square that is looked at"
          aria-describedby={id}
          aria-valuemin={round(least)}
          aria-valuemax={round(most)}
          aria-valuenow={round(square.edge)}
          aria-valuetext={`${round(square.edge)} pixels wide, ${round(square.left)} from the left, ${round(square.top)} from the top`}
          style={{
            left: percent(square.left, pixels.width),
            top: percent(square.top, pixels.height),
            width: percent(square.edge, pixels.width),
            height: percent(square.edge, pixels.height),
          }}
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerEnd}
          onPointerCancel={onPointerEnd}
          onKeyDown={onKeyDown}
        >
          {CORNERS.map(({ name }) => (
            <i key={name} className="crop-corner" data-corner={name} />
          ))}
        </div>
      </div>
      <p id={id} className="crop-hint">
        Drag the square or its corners. By keyboard: arrows move, + and − size.
      </p>
    </div>
  );
}

/** null for keys that mean nothing here. */
function byKey(key: string, shift: boolean, square: Square, picture: Pixels): Square | null {
  const step = Math.max(1, square.edge * STEP);
  const move = (x: number, y: number) => moveSquare(square, x * step, y * step, picture);
  const size = (by: number) => sizeSquare(square, square.edge + by * 2 * step, picture);
  switch (key) {
    case 'ArrowLeft':
      return shift ? size(-1) : move(-1, 0);
    case 'ArrowRight':
      return shift ? size(1) : move(1, 0);
    case 'ArrowUp':
      return shift ? size(1) : move(0, -1);
    case 'ArrowDown':
      return shift ? size(-1) : move(0, 1);
    case '+':
    case '=':
    case 'PageUp':
      return size(1);
    case '-':
    case '−':
    case 'PageDown':
      return size(-1);
    case 'Home':
      return sizeSquare(square, 0, picture);
    case 'End':
      return sizeSquare(square, Infinity, picture);
    default:
      return null;
  }
}
