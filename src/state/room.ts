/** Where in the house a person stands, and which picture they hold close. */
import { latestPictures, type Painted } from './history.ts';
import type { Get, Set } from './store.ts';

export const ROOMS = ['paint', 'between', 'style', 'mirror', 'teach', 'models'] as const;
export type Room = (typeof ROOMS)[number];

export interface RoomSlice {
  readonly room: Room;
  /** The picture that is open large, among its neighbours; the list is as it was when the picture was opened. */
  readonly viewer: { readonly pictures: readonly Painted[]; readonly index: number } | null;
  /** The picture of the latest painting that was open last. */
  readonly lookedAt: number | null;
  readonly enter: (room: Room) => void;
  readonly lookAt: (picture: Painted) => void;
  readonly openPicture: (picture: Painted, among: 'latest' | 'earlier' | readonly Painted[]) => void;
  /** To a neighbour: −1 or 1. Stops at the ends. */
  readonly turn: (by: number) => void;
  readonly closePicture: () => void;
}

export function roomSlice(set: Set, get: Get): RoomSlice {
  return {
    room: 'paint',
    viewer: null,
    lookedAt: null,
    enter(room) {
      set({ room, viewer: null });
    },
    lookAt(picture) {
      set({ lookedAt: picture.id });
    },
    openPicture(picture, among) {
      const pictures = among === 'latest' ? latestPictures(get()) : among === 'earlier' ? get().earlier : among;
      const index = pictures.findIndex((p) => p.id === picture.id);
      set({ viewer: index < 0 ? { pictures: [picture], index: 0 } : { pictures, index }, lookedAt: picture.id });
    },
    turn(by) {
      const { viewer } = get();
      if (!viewer) return;
      const index = Math.min(Math.max(viewer.index + by, 0), viewer.pictures.length - 1);
      const picture = viewer.pictures[index];
      if (picture && index !== viewer.index) set({ viewer: { ...viewer, index }, lookedAt: picture.id });
    },
    closePicture() {
      set({ viewer: null });
    },
  };
}
