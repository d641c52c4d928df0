/** Words on a sheet of pictures: drawn by the browser, in the page's own type. */
import type { Pixels } from '../engine/protocol.ts';

interface Box {
  readonly width: number;
  readonly height: number;
  /** Of the letters, in pixels. */
  readonly size: number;
  readonly align: 'left' | 'center';
}

const LEADING = 1.3;

/** Dark letters on nothing, broken into lines and cut off with an ellipsis; in the middle of the box's height. */
export function textPixels(text: string, { width, height, size, align }: Box): Pixels {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) return { width, height, data: new Uint8ClampedArray(4 * width * height) };
  context.font = `${size}px ${getComputedStyle(document.body).getPropertyValue('--serif') || 'serif'}`;
  context.fillStyle = '#262320';
  context.textAlign = align;
  context.textBaseline = 'middle';
  const lines = linesOf(
    text,
    (line) => context.measureText(line).width <= width,
    Math.floor(height / (LEADING * size)),
  );
  for (const [i, line] of lines.entries()) {
    const y = height / 2 + (i - (lines.length - 1) / 2) * LEADING * size;
    context.fillText(line, align === 'center' ? width / 2 : 0, y);
  }
  return { width, height, data: new Uint8ClampedArray(context.getImageData(0, 0, width, height).data) };
}

/** Words into at most `most` lines that fit; a word that fits nowhere is cut. */
export function linesOf(text: string, fits: (line: string) => boolean, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (fits(longer)) line = longer;
    else {
      if (line) lines.push(line);
      line = word;
    }
  }
  if (line) lines.push(line);
  const shown = lines.slice(0, Math.max(1, most));
  return shown.map((line, i) => {
    const more = i === shown.length - 1 && lines.length > shown.length;
    return fits(line) && !more ? line : cut(line, fits);
  });
}

function cut(line: string, fits: (line: string) => boolean): string {
  const signs = [...line];
  while (signs.length > 0 && !fits(`${signs.join('')}…`)) signs.pop();
  return `${signs.join('')}…`;
}
