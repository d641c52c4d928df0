/** Moving and sizing the square that is cut out of a picture; it never leaves the picture. */
import type { Square } from './resize.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Smaller squares hold nothing to look at; a picture may itself be smaller. */
const LEAST = 16;

export function edgeLimits({ width, height }: Size): { readonly least: number; readonly most: number } {
  const most = Math.min(width, height);
  return { least: Math.min(LEAST, most), most };
}

/** By so many of the picture's pixels. */
export function moveSquare(square: Square, right: number, down: number, picture: Size): Square {
  return within({ ...square, left: square.left + right, top: square.top + down }, picture);
}

/** To another edge; the point at `hold` (0 to 1 of the square's width and height) stays where it is if it can. */
export function sizeSquare(
  square: Square,
  edge: number,
  picture: Size,
  hold: readonly [x: number, y: number] = [0.5, 0.5],
): Square {
  const { least, most } = edgeLimits(picture);
  const next = clamp(edge, least, most);
  const left = square.left + (square.edge - next) * hold[0];
  const top = square.top + (square.edge - next) * hold[1];
  return within({ left, top, edge: next }, picture);
}

function within({ left, top, edge }: Square, { width, height }: Size): Square {
  return { left: clamp(left, 0, width - edge), top: clamp(top, 0, height - edge), edge };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
