/** A store in the Style room, and what S and the mirror answer it. */
import { readFileSync } from 'node:fs';
import { expect, vi } from 'vitest';
import type { Pixels, Reconstruction } from '../../src/engine/protocol.ts';
import { settle } from './fake-engine.ts';
import { FILES, fakeStore, type Fakes } from './store.ts';

export const file = (name = 'plain.jpg') => new File([readFileSync(`tests/fixtures/pictures/${name}`)], name);
export const pixels = (level: number): Pixels => ({ width: 2, height: 2, data: new Uint8ClampedArray(16).fill(level) });
export const look = (distance: number): Reconstruction => ({ pixels: pixels(distance), distance });
/** Two styles. */
export const Z = { here: [1, 0.5], there: [0.25, -2] };

/** In the Style room, with a catalogue and a loaded model. */
export async function room(
  files: Readonly<Record<string, unknown>> = FILES,
  kept = new Map<string, unknown>(),
): Promise<Fakes> {
  const fakes = fakeStore(files, kept);
  const { fetchCatalogue, fetchCard, enter, load } = fakes.store.getState();
  await fetchCatalogue();
  await fetchCard('flowers');
  void load('flowers').catch(() => undefined);
  fakes.engine.finishLoad();
  await settle();
  enter('style');
  return fakes;
}

export function answer({ engine }: Fakes, z: readonly number[] = Z.here, found = 40, first = 40): void {
  engine.latest('invert').resolve({ z, first: look(first), found: look(found), milliseconds: 5 });
}

/** A picture was taken, and S has answered. */
export async function looked(fakes: Fakes, z: readonly number[] = Z.here): Promise<void> {
  const before = fakes.engine.count('invert');
  void fakes.store.getState().takeStylePicture(file());
  // A file is read outside of promises that this test could settle.
  await vi.waitFor(() => expect(fakes.engine.count('invert')).toBe(before + 1));
  answer(fakes, z);
  await settle();
}

/** What the mirror reads in the picture; nothing, unless it is said. */
export async function heard({ engine }: Fakes, caption = ''): Promise<void> {
  engine.latest('mirror').resolve({ caption, words: [], logProbability: -3, milliseconds: 1 });
  await settle();
}
