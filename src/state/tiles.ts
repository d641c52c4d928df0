/** Rows of small pictures that fill one by one. */
import type { Pixels } from '../engine/protocol.ts';

/** Stale where another picture belongs there by now, and this one stays only until that is painted. */
export interface Tile {
  readonly pixels: Pixels;
  readonly stale: boolean;
}
export type Tiles = readonly (Tile | null)[];

/** What is found for each place; where nothing is stays what stood there. The very same list where nothing changed. */
export function placed<T>(before: Tiles, places: readonly T[], find: (place: T) => Pixels | undefined): Tiles {
  const alike = before.length === places.length;
  const tiles = places.map((place, i) => {
    const old = alike ? (before[i] ?? null) : null;
    const pixels = find(place);
    if (!pixels) return old && !old.stale ? { ...old, stale: true } : old;
    return old?.pixels === pixels && !old.stale ? old : { pixels, stale: false };
  });
  return alike && tiles.every((tile, i) => tile === before[i]) ? before : tiles;
}

/** Whether something is still to be painted for that place. */
export function lacking(tiles: Tiles, index: number): boolean {
  return tiles[index]?.stale ?? true;
}
