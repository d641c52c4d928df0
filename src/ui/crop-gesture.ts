/** One or two fingers (or a mouse) upon a square: reckoned from where they were put down, so no event is missed. */
import type { Square } from '../image/resize.ts';
import { moveSquare, sizeSquare } from '../image/square.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Which corner is held, 0 or 1 along each axis; null: the square as a whole. */
export type Hold = Point | null;

interface Size {
  readonly width: number;
  readonly height: number;
}

export class CropGesture {
  readonly #now = new Map<number, Point>();
  #began = new Map<number, Point>();
  #square: Square = { left: 0, top: 0, edge: 1 };
  #hold: Hold = null;

  down(finger: number, at: Point, square: Square, hold: Hold): void {
    if (this.#now.size === 0) this.#hold = hold;
    // Two fingers size the whole, wherever the first one fell.
    else this.#hold = null;
    this.#now.set(finger, at);
    this.#begin(square);
  }

  /** `scale`: the picture's pixels for one of the screen's. null while this finger holds nothing. */
  move(finger: number, at: Point, picture: Size, scale: number): Square | null {
    if (!this.#now.has(finger)) return null;
    this.#now.set(finger, at);
    const [from, to] = [centre(this.#began), centre(this.#now)];
    const [right, down] = [(to.x - from.x) * scale, (to.y - from.y) * scale];
    const square = this.#square;
    if (this.#hold) {
      const { x, y } = this.#hold;
      const growth = ((x === 1 ? right : -right) + (y === 1 ? down : -down)) / 2;
      return sizeSquare(square, square.edge + growth, picture, [1 - x, 1 - y]);
    }
    const grown = square.edge + (spread(this.#now) - spread(this.#began)) * scale;
    return moveSquare(sizeSquare(square, grown, picture), right, down, picture);
  }

  up(finger: number, square: Square): void {
    this.#now.delete(finger);
    this.#begin(square);
  }

  #begin(square: Square): void {
    this.#began = new Map(this.#now);
    this.#square = square;
  }
}

function centre(fingers: ReadonlyMap<number, Point>): Point {
  const all = [...fingers.values()];
  const mean = (of: (point: Point) => number) => all.reduce((sum, p) => sum + of(p), 0) / Math.max(1, all.length);
  return { x: mean((p) => p.x), y: mean((p) => p.y) };
}

/** Between the first two fingers; 0 for one. */
function spread(fingers: ReadonlyMap<number, Point>): number {
  const [a, b] = [...fingers.values()];
  return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
}
