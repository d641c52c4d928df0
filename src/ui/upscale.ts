/** Enlarging for the eye; the painted pixels themselves stay as they are. */
import type { Pixels } from '../engine/protocol.ts';
import { enlarge as enlargePixels } from '../image/pixels.ts';
import type { Upscaling } from '../permalink.ts';

/** Draws pixels over the whole of a canvas whose size is set already. */
export function drawPixels(canvas: HTMLCanvasElement, pixels: Pixels, upscaling: Upscaling): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = new ImageData(pixels.data, pixels.width, pixels.height);
  if (canvas.width === pixels.width && canvas.height === pixels.height) {
    context.putImageData(image, 0, 0);
    return;
  }
  const small = document.createElement('canvas');
  small.width = pixels.width;
  small.height = pixels.height;
  small.getContext('2d')?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = upscaling === 'smooth';
  // Bicubic where the browser has it; a plain CSS stretch would be bilinear and show the grid.
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}

/** pixels [h,w] → [h·factor, w·factor] */
export function enlarged(pixels: Pixels, factor: number, upscaling: Upscaling): Pixels {
  if (upscaling === 'pixels' || factor === 1) return enlargePixels(pixels, factor);
  const canvas = document.createElement('canvas');
  canvas.width = pixels.width * factor;
  canvas.height = pixels.height * factor;
  // Read back at once, so it had better not go to a graphics card and return.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  drawPixels(canvas, pixels, upscaling);
  const data = context?.getImageData(0, 0, canvas.width, canvas.height).data;
  return data ? { width: canvas.width, height: canvas.height, data: new Uint8ClampedArray(data) } : pixels;
}
