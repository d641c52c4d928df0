import { useLayoutEffect, useRef } from 'react';
import type { Pixels } from '../engine/protocol.ts';
import type { Upscaling } from '../permalink.ts';
import { drawPixels } from './upscale.ts';

interface Props {
  readonly pixels: Pixels;
  readonly upscaling: Upscaling;
  /** Edge of the drawing in pixels for smooth upscaling; 0 draws at the picture's own size. */
  readonly edge?: number;
  /** What the picture shows; without it the picture is decoration of something that says so itself. */
  readonly label?: string;
}

/** A painted picture. CSS gives it its place; this gives it its pixels. */
export function ImageCanvas({ pixels, upscaling, edge = 512, label }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const larger = upscaling === 'smooth' && edge > Math.max(pixels.width, pixels.height);
    const factor = larger ? edge / Math.max(pixels.width, pixels.height) : 1;
    canvas.width = Math.round(pixels.width * factor);
    canvas.height = Math.round(pixels.height * factor);
    drawPixels(canvas, pixels, upscaling);
  }, [pixels, upscaling, edge]);
  const name = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return <canvas ref={ref} className={`image-canvas ${upscaling}`} {...name} />;
}
