/** Where in the house a person stands, and which picture they hold close. */
import { latestPictures, type Painted } from './history.ts';
import type { Get, Set } from './store.ts';

export const ROOMS = ['paint', 'models'] as const;
export type Room = (typeof ROOMS)[number];

export interface RoomSlice {
  readonly room: Room;
  /** The picture that is open large, among its neighbours; the list is as it was when the picture was opened. */
  readonly viewer: { readonly pictures: readonly Painted[]; readonly index: number } | null;
  readonly enter: (room: Room) => void;
  readonly openPicture: (picture: Painted, among: 'latest' | 'earlier') => void;
  /** To a neighbour: −1 or 1. Stops at the ends. */
  readonly turn: (by: number) => void;
  readonly closePicture: () => void;
}

export function roomSlice(set: Set, get: Get): RoomSlice {
  return {
    room: 'paint',
    viewer: null,
    enter(room) {
      set({ room, viewer: null });
    },
    openPicture(picture, among) {
      const pictures = among === 'latest' ? latestPictures(get()) : get().earlier;
      const index = pictures.findIndex((p) => p.id === picture.id);
      set({ viewer: index < 0 ? { pictures: [picture], index: 0 } : { pictures, index } });
    },
    turn(by) {
      const { viewer } = get();
      if (!viewer) return;
      const index = Math.min(Math.max(viewer.index + by, 0), viewer.pictures.length - 1);
      if (index !== viewer.index) set({ viewer: { ...viewer, index } });
    },
    closePicture() {
      set({ viewer: null });
    },
  };
}
