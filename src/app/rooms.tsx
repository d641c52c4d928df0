/** Rooms that nobody needs for a first picture: their JavaScript comes when they are entered. */
import { lazy, useState, type ComponentType, type LazyExoticComponent } from 'react';
import { Failure } from '../ui/Failure.tsx';

type Load = () => Promise<ComponentType>;

export const Between = later(() => import('../panels/between.tsx').then((m) => m.Between));
export const StyleRoom = later(() => import('../panels/style.tsx').then((m) => m.StyleRoom));
/** At the side of Paint: it comes after the first picture's own parts. */
export const MirrorCard = later(() => import('../panels/mirror/Card.tsx').then((m) => m.MirrorCard));
export const TeachRoom = later(() => import('../panels/teach.tsx').then((m) => m.TeachRoom));
export const ModelsRoom = later(() => import('../panels/model-card.tsx').then((m) => m.Models));
export const fetchPictureDialog = () => import('../panels/picture.tsx').then((m) => m.PictureDialog);
/** Over any room. */
export const PictureDialog = later(fetchPictureDialog);
/** Over any room, for models that paint in stages. */
export const CascadeDialog = later(() => import('../panels/cascade.tsx').then((m) => m.CascadeDialog));
/** Likewise, for models that were grown. */
export const GrowthDialog = later(() => import('../panels/growth.tsx').then((m) => m.GrowthDialog));
export const MirrorRoom = later(() => import('../panels/mirror.tsx').then((m) => m.MirrorRoom));

function later(load: Load): LazyExoticComponent<ComponentType> {
  return lazy(async () => {
    try {
      return { default: await load() };
    } catch (thrown) {
      const detail = thrown instanceof Error ? thrown.message : 'no answer';
      return { default: () => <Missing load={load} detail={detail} /> };
    }
  });
}

/**
 * A style sheet that did not come is taken for there by what loads a room (each is asked for once), so that the room
 * would stand unstyled: it is asked for anew.
 */
async function freshStyles(): Promise<void> {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"][href]')];
  const missing = links.filter((link) => new URL(link.href).origin === location.origin && !came(link));
  await Promise.all(
    missing.map((link) => {
      const again = link.cloneNode() as HTMLLinkElement;
      const settled = new Promise((resolve) => (again.onload = again.onerror = resolve));
      link.replaceWith(again);
      return settled;
    }),
  );
}

function came({ sheet }: HTMLLinkElement): boolean {
  try {
    return sheet !== null && sheet.cssRules.length > 0;
  } catch {
    // Chromium keeps a sheet for a request that broke, and does not let one look into it.
    return false;
  }
}

/** The connection broke between two rooms: what was painted stays, and one may try again. */
function Missing({ load, detail }: { readonly load: Load; readonly detail: string }) {
  const [Room, setRoom] = useState<ComponentType | null>(null);
  if (Room) return <Room />;
  return (
    <Failure
      failure={{ kind: 'network', url: 'this room', detail }}
      retry={() =>
        void freshStyles()
          .then(load)
          .then(
            (room) => setRoom(() => room),
            () => undefined,
          )
      }
    />
  );
}
