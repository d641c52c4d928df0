/** One store, a slice a panel. Slices take the engine and the world outside as arguments, so that tests hand in fakes. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Engine } from '../engine/client.ts';
import { betweenSlice, type BetweenSlice } from './between.ts';
import { cascadeSlice, type CascadeSlice } from './cascade.ts';
import { catalogueSlice, type CatalogueSlice } from './catalogue.ts';
import { deviceSlice, type DeviceSlice } from './device.ts';
import { exportSlice, type ExportSlice } from './export.ts';
import { generateSlice, type GenerateSlice } from './generate.ts';
import { growthSlice, type GrowthSlice } from './growth.ts';
import { historySlice, type HistorySlice } from './history.ts';
import { improveSlice, type ImproveSlice } from './improve.ts';
import { lessonSlice, type LessonSlice } from './lesson.ts';
import { mirrorSlice, type MirrorSlice } from './mirror.ts';
import { noticeSlice, type NoticeSlice } from './notice.ts';
import { ownSlice, type OwnSlice } from './own-models.ts';
import { roomSlice, type RoomSlice } from './room.ts';
import { shareEngine } from './share-engine.ts';
import type { Shelf } from './shelf.ts';
import type { Storage } from './storage.ts';
import { styleSlice, type StyleSlice } from './style.ts';
import { styleGridSlice, type StyleGridSlice } from './style-grid.ts';
import { stylesSlice, type StylesSlice } from './styles.ts';
import type { Decode } from './take-picture.ts';
import { teachSlice, type TeachSlice } from './teach.ts';
import { planSlice, type PlanSlice } from './teach-plan.ts';
import { wornSlice, type WornSlice } from './worn.ts';

export interface State
  extends
    BetweenSlice,
    CascadeSlice,
    CatalogueSlice,
    DeviceSlice,
    ExportSlice,
    GenerateSlice,
    GrowthSlice,
    HistorySlice,
    ImproveSlice,
    LessonSlice,
    MirrorSlice,
    NoticeSlice,
    OwnSlice,
    PlanSlice,
    RoomSlice,
    StyleSlice,
    StyleGridSlice,
    StylesSlice,
    TeachSlice,
    WornSlice {}

/** What slices need of the world. */
export interface World {
  readonly engine: Engine;
  readonly storage: Storage;
  readonly shelf: Shelf;
  /** JSON from an address relative to the page; throws LimnError. */
  readonly fetchJson: (path: string) => Promise<unknown>;
  /** A picture file as pixels, small and upright; see `take-picture.ts`. */
  readonly decode: Decode;
  /** Asks the browser not to clear what is kept here on its own; false where it does not promise. */
  readonly persist: () => Promise<boolean>;
  /** A fresh seed, 0 to 2³²−1. */
  readonly drawSeed: () => number;
}

export type Set = StoreApi<State>['setState'];
export type Get = StoreApi<State>['getState'];
export type Store = StoreApi<State>;

export function createLimnStore(outside: World): Store {
  const world = { ...outside, engine: shareEngine(outside.engine) };
  return createStore<State>((set, get) => ({
    ...betweenSlice(set, get, world),
    ...cascadeSlice(set, get, world),
    ...catalogueSlice(set, get, world),
    ...deviceSlice(set, get, world),
    ...exportSlice(set, get, world),
    ...generateSlice(set, get, world),
    ...growthSlice(set, world),
    ...historySlice(set, get, world),
    ...improveSlice(set, get, world),
    ...lessonSlice(set, get, world),
    ...mirrorSlice(set, get, world),
    ...noticeSlice(set, get),
    ...ownSlice(set, get, world),
    ...planSlice(set, get, world),
    ...roomSlice(set, get),
    ...styleSlice(set, get, world),
    ...styleGridSlice(set, get, world),
    ...stylesSlice(set, get, world),
    ...teachSlice(set, get, world),
    ...wornSlice(set, get),
  }));
}
