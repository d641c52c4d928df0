import type { State } from '../state/store.ts';
import { useLimn } from '../state/context.ts';

/** For those who listen: where the work stands, in few words and not for every byte. */
export function Announcer() {
  const text = useLimn(announcement);
  return (
    <p className="visually-hidden" role="status" aria-live="polite" data-announcer>
      {text}
    </p>
  );
}

function announcement({ engine, loading, painting, batch }: State): string {
  if (engine.phase === 'recovering') {
    return painting.state === 'running'
      ? 'The graphics device went away; starting again and painting your picture anew.'
      : 'The graphics device went away; starting again.';
  }
  if (loading.state === 'running') {
    return loading.progress?.stage === 'download' ? 'Fetching the painter.' : 'Preparing the painter.';
  }
  const pictures = (count: number) => (count === 1 ? '1 picture' : `${count} pictures`);
  if (painting.state === 'running') return `Painting ${pictures(painting.progress.total)}.`;
  if (painting.state === 'done') return `${pictures(painting.result.pictures)} painted.`;
  if (painting.state === 'idle' && batch) return `Stopped after ${pictures(batch.pictures.length)}.`;
  return '';
}
