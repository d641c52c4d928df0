import { useEffect, useState } from 'react';
import { useLimnStore } from '../state/context.ts';
import { createTeller } from './announcement.ts';

/** For those who listen. */
export function Announcer() {
  const store = useLimnStore();
  const [text, setText] = useState('');
  useEffect(() => {
    const tell = createTeller();
    const hear = () => setText(tell(store.getState()));
    hear();
    return store.subscribe(hear);
  }, [store]);
  return (
    <p className="visually-hidden" role="status" aria-live="polite" data-announcer>
      {text}
    </p>
  );
}
