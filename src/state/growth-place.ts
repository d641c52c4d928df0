/**
 * Places on the way up, in doublings: 0 is the smallest size, 2 the one of two doublings, and 2.4 is on the way from
 * there to the next, of whose details it has 40 %.
 */
import type { Growth } from '../engine/protocol.ts';

/** Steps from size to size, so that a picture that was there once is found again. */
export const GRAIN = 20;

/** Any number → a place that a slider can stand at. */
export function onGrain(place: number, last: number): number {
  return Math.round(Math.min(last, Math.max(0, place || 0)) * GRAIN) / GRAIN;
}

/** place → the depth that is painted there, and how far its details are faded in */
export function growthAt(place: number): Growth {
  const depth = Math.ceil(place);
  // A place of its own stands at the end of its doubling; 2.4 − 2 is 0.4, not 0.3999999999999999.
  return { depth, alpha: depth === place ? 1 : Math.round((place - depth + 1) * GRAIN) / GRAIN };
}
