import './attention-map.css';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { Pixels } from '../engine/protocol.ts';
import type { Upscaling } from '../permalink.ts';
import { heat } from '../image/heat.ts';
import { ImageCanvas } from './ImageCanvas.tsx';

/** A place of a map, counted from the top left. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

interface Props {
  readonly pixels: Pixels;
  readonly upscaling: Upscaling;
  /** What the picture is, for those who do not see it. */
  readonly label: string;
  /** Of the map: places from left to right, and from top to bottom. */
  readonly width: number;
  readonly height: number;
  /** What lies over the picture [height,width], and what is drawn lightest; null leaves the picture alone. */
  readonly map: { readonly values: Float32Array; readonly most: number } | null;
  readonly place: Place | null;
  /** The place in words: its row and column, and what is there. */
  readonly placeWords: string;
  readonly onPlace: (place: Place) => void;
}

/** A picture with numbers over it as colours, and a place upon it that pointer and arrow keys move. */
export function AttentionMap({ pixels, upscaling, label, width, height, map, place, placeWords, onPlace }: Props) {
  const bounded = (x: number, y: number): Place => ({
    x: Math.min(width - 1, Math.max(0, Math.floor(x))),
    y: Math.min(height - 1, Math.max(0, Math.floor(y))),
  });

  function follow(event: PointerEvent<HTMLElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    onPlace(bounded(x * width, y * height));
  }

  function onKeyDown(event: KeyboardEvent) {
    const { x, y } = place ?? { x: width / 2, y: height / 2 };
    const step = event.shiftKey ? 4 : 1;
    const to = {
      ArrowLeft: [x - step, y],
      ArrowRight: [x + step, y],
      ArrowUp: [x, y - step],
      ArrowDown: [x, y + step],
      Home: [0, y],
      End: [width - 1, y],
      Enter: [x, y],
      ' ': [x, y],
    }[event.key];
    if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onPlace(bounded(to[0] ?? 0, to[1] ?? 0));
  }

  return (
    <div
      className={map ? 'square attention-map mapped' : 'square attention-map'}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-roledescription="picture to point at"
      aria-valuemin={1}
      aria-valuemax={width * height}
      aria-valuenow={place ? place.y * width + place.x + 1 : 1}
      aria-valuetext={placeWords}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (!event.isPrimary || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        follow(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event);
      }}
    >
      <ImageCanvas pixels={pixels} upscaling={upscaling} edge={720} />
      {map && (
        <div className="attention-heat">
          <ImageCanvas pixels={heat(map.values, width, height, map.most)} upscaling="smooth" edge={360} />
        </div>
      )}
      {place && (
        <i
          className="attention-place"
          style={{
            left: `${(100 * place.x) / width}%`,
            top: `${(100 * place.y) / height}%`,
            width: `${100 / width}%`,
            height: `${100 / height}%`,
          }}
        />
      )}
    </div>
  );
}
