import './base.css';
import '../ui/ui.css';
import './app.css';
import { Suspense, useEffect } from 'react';
import { useLimn } from '../state/context.ts';
import { Generate } from '../panels/generate.tsx';
import { DevicePopover } from '../panels/device.tsx';
import { History } from '../panels/history.tsx';
import { useFocusKept } from '../ui/focus-kept.ts';
import { Notices } from '../ui/Notices.tsx';
import { Announcer } from './Announcer.tsx';
import { DropZone } from './DropZone.tsx';
import { Header } from './Header.tsx';
import {
  Between,
  CascadeDialog,
  fetchPictureDialog,
  GrowthDialog,
  MirrorCard,
  MirrorRoom,
  ModelsRoom,
  PictureDialog,
  StyleRoom,
  TeachRoom,
} from './rooms.tsx';
import { useShortcuts } from './shortcuts.ts';

export function App() {
  const room = useLimn((s) => s.room);
  const painted = useLimn((s) => s.batch !== null);
  const viewing = useLimn((s) => s.viewer !== null);
  const inside = useLimn((s) => s.inside !== null);
  const growing = useLimn((s) => s.growing !== null);
  const notices = useLimn((s) => s.notices);
  const dismiss = useLimn((s) => s.dismiss);
  useShortcuts();
  // A button that leads to another room stays behind in its own.
  useFocusKept(room, () => document.querySelector('main'));
  useEffect(() => {
    // It is there when one is opened; what does not come is asked for then.
    if (painted) void fetchPictureDialog().catch(() => undefined);
  }, [painted]);
  return (
    <>
      <Header />
      <main className="room" id="room" tabIndex={-1}>
        {room === 'paint' && (
          <div className="paint-room">
            <Generate />
            <Suspense>
              <MirrorCard />
            </Suspense>
            <History />
          </div>
        )}
        <Suspense>
          {room === 'between' && <Between />}
          {room === 'style' && <StyleRoom />}
          {room === 'mirror' && <MirrorRoom />}
          {room === 'teach' && <TeachRoom />}
          {room === 'models' && <ModelsRoom />}
        </Suspense>
      </main>
      <footer className="foot">
        <p>Painted in this tab by a small neural network. No server, no account; nothing you write leaves it.</p>
      </footer>
      <DevicePopover />
      {viewing && (
        <Suspense>
          <PictureDialog />
        </Suspense>
      )}
      {inside && (
        <Suspense>
          <CascadeDialog />
        </Suspense>
      )}
      {growing && (
        <Suspense>
          <GrowthDialog />
        </Suspense>
      )}
      <Notices notices={notices} onDismiss={dismiss} />
      <DropZone />
      <Announcer />
    </>
  );
}
