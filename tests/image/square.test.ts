import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centreSquare } from '../../src/image/resize.ts';
import { edgeLimits, moveSquare, sizeSquare } from '../../src/image/square.ts';
import { CropGesture } from '../../src/ui/crop-gesture.ts';

const PHOTO = { width: 300, height: 200 };

describe('the square that is cut out', () => {
  it('moves within the picture', () => {
    const square = centreSquare(300, 200);
    expect(square).toEqual({ left: 50, top: 0, edge: 200 });
    expect(moveSquare(square, 30, 30, PHOTO)).toEqual({ left: 80, top: 0, edge: 200 });
    expect(moveSquare(square, -999, 0, PHOTO).left).toBe(0);
  });

  it('grows and shrinks about what is held', () => {
    const square = { left: 100, top: 50, edge: 100 };
    expect(sizeSquare(square, 50, PHOTO)).toEqual({ left: 125, top: 75, edge: 50 });
    expect(sizeSquare(square, 50, PHOTO, [0, 0])).toEqual({ left: 100, top: 50, edge: 50 });
    expect(sizeSquare(square, 50, PHOTO, [1, 1])).toEqual({ left: 150, top: 100, edge: 50 });
    expect(sizeSquare(square, Infinity, PHOTO)).toEqual({ left: 50, top: 0, edge: 200 });
    expect(sizeSquare(square, 0, PHOTO).edge).toBe(16);
    expect(edgeLimits({ width: 1, height: 9 })).toEqual({ least: 1, most: 1 });
  });

  it('never leaves it, whatever is done', () => {
    const size = fc.record({ width: fc.integer({ min: 1, max: 1024 }), height: fc.integer({ min: 1, max: 1024 }) });
    const by = fc.double({ min: -2000, max: 2000, noNaN: true });
    fc.assert(
      fc.property(size, fc.array(fc.tuple(by, by, by), { maxLength: 8 }), ({ width, height }, steps) => {
        let square = centreSquare(width, height);
        for (const [x, y, edge] of steps) {
          square = sizeSquare(moveSquare(square, x, y, { width, height }), edge, { width, height });
          expect(square.left).toBeGreaterThanOrEqual(0);
          expect(square.top).toBeGreaterThanOrEqual(0);
          expect(square.left + square.edge).toBeLessThanOrEqual(width + 1e-9);
          expect(square.top + square.edge).toBeLessThanOrEqual(height + 1e-9);
          expect(square.edge).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('fingers upon it', () => {
  it('one finger moves it, from where it was put down', () => {
    const gesture = new CropGesture();
    const square = { left: 100, top: 50, edge: 100 };
    gesture.down(1, { x: 10, y: 10 }, square, null);
    expect(gesture.move(1, { x: 15, y: 10 }, PHOTO, 2)).toEqual({ left: 110, top: 50, edge: 100 });
    expect(gesture.move(1, { x: 10, y: 20 }, PHOTO, 2)).toEqual({ left: 100, top: 70, edge: 100 });
    expect(gesture.move(2, { x: 0, y: 0 }, PHOTO, 2)).toBeNull();
  });

  it('a corner sizes it; the opposite corner stays', () => {
    const gesture = new CropGesture();
    gesture.down(1, { x: 0, y: 0 }, { left: 100, top: 50, edge: 100 }, { x: 1, y: 1 });
    expect(gesture.move(1, { x: -20, y: -20 }, PHOTO, 1)).toEqual({ left: 100, top: 50, edge: 80 });
  });

  it('two fingers size it; lifting one does not make it jump', () => {
    const gesture = new CropGesture();
    const square = { left: 100, top: 50, edge: 100 };
    gesture.down(1, { x: 0, y: 0 }, square, { x: 0, y: 0 });
    gesture.down(2, { x: 100, y: 0 }, square, null);
    const wider = gesture.move(2, { x: 140, y: 0 }, PHOTO, 1)!;
    expect(wider.edge).toBe(140);
    gesture.up(2, wider);
    expect(gesture.move(1, { x: 0, y: 0 }, PHOTO, 1)).toEqual(wider);
  });
});
