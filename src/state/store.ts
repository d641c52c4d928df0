/** One store, a slice a panel. Slices take the engine and the world outside as arguments, so that tests hand in fakes. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Engine } from '../engine/client.ts';
import { catalogueSlice, type CatalogueSlice } from './catalogue.ts';
import { deviceSlice, type DeviceSlice } from './device.ts';
import { generateSlice, type GenerateSlice } from './generate.ts';
import { historySlice, type HistorySlice } from './history.ts';
import { noticeSlice, type NoticeSlice } from './notice.ts';
import { roomSlice, type RoomSlice } from './room.ts';
import type { Storage } from './storage.ts';

export interface State extends CatalogueSlice, DeviceSlice, GenerateSlice, HistorySlice, NoticeSlice, RoomSlice {}

/** What slices need of the world. */
export interface World {
  readonly engine: Engine;
  readonly storage: Storage;
  /** JSON from an address relative to the page; throws LimnError. */
  readonly fetchJson: (path: string) => Promise<unknown>;
  /** A fresh seed, 0 to 2³²−1. */
  readonly drawSeed: () => number;
}

export type Set = StoreApi<State>['setState'];
export type Get = StoreApi<State>['getState'];
export type Store = StoreApi<State>;

export function createLimnStore(world: World): Store {
  return createStore<State>((set, get) => ({
    ...catalogueSlice(set, get, world),
    ...deviceSlice(set, get, world),
    ...generateSlice(set, get, world),
    ...historySlice(set, get, world),
    ...noticeSlice(set, get),
    ...roomSlice(set, get),
  }));
}
