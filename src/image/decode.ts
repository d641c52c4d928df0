/** A file's picture as pixels, by the browser's own decoders; `sniff` has looked at it before. */
import type { Rgba } from './pixels.ts';

/** Enough to cut a small square out of; a phone's photograph would take 50 MB. */
const MAX_KEPT = 1024;

/**
 * Upright (EXIF), in sRGB, the first frame of a film, at most `longest` pixels along its longer edge.
 * Rejects with whatever the browser says about a file that it cannot decode.
 */
export async function decodePicture(file: Blob, longest = MAX_KEPT): Promise<Rgba> {
  const whole = await createImageBitmap(file, { imageOrientation: 'from-image' });
  try {
    const scale = Math.min(1, longest / Math.max(whole.width, whole.height));
    const width = Math.max(1, Math.round(whole.width * scale));
    const height = Math.max(1, Math.round(whole.height * scale));
    // In two steps: browsers differ in whether a resizing on the way counts from before or after the turning.
    const small =
      scale < 1
        ? await createImageBitmap(whole, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' })
        : whole;
    try {
      const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
      if (!context) throw new Error('no canvas');
      context.drawImage(small, 0, 0, width, height);
      return { width, height, data: new Uint8ClampedArray(context.getImageData(0, 0, width, height).data) };
    } finally {
      small.close();
    }
  } finally {
    whole.close();
  }
}
