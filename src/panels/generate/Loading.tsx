import { useLimn } from '../../state/context.ts';
import { loadWords } from '../../ui/load-words.ts';
import { Waiting } from '../../ui/Waiting.tsx';

/** What the first visit waits for, in the middle of the empty places. */
export function Loading() {
  const loading = useLimn((s) => s.loading);
  const engine = useLimn((s) => s.engine);
  const recovering = engine.phase === 'recovering';
  const painting = useLimn((s) => s.painting.state === 'running');
  const mirror = useLimn((s) => (s.painting.state === 'running' && s.batch?.best?.fetching) || null);
  if (recovering) return <Waiting {...recoveringWords(painting)} />;
  if (loading.state === 'running') return <Waiting {...loadWords(loading.progress)} />;
  return mirror && <Waiting {...loadWords(mirror, 'mirror')} />;
}

function recoveringWords(painting: boolean) {
  return {
    title: 'The graphics device went away',
    detail: painting ? 'Starting again and painting your picture anew.' : 'Starting again; your pictures are kept.',
    value: null,
  };
}
