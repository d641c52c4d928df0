import type { LoadProgress } from '../../engine/protocol.ts';
import { useLimn } from '../../state/context.ts';
import { megabytesOf } from '../../ui/format.ts';
import { Progress } from '../../ui/Progress.tsx';

/** What the first visit waits for, in the middle of the empty places. */
export function Loading() {
  const loading = useLimn((s) => s.loading);
  const engine = useLimn((s) => s.engine);
  const recovering = engine.phase === 'recovering';
  const painting = useLimn((s) => s.painting.state === 'running');
  if (loading.state !== 'running' && !recovering) return null;
  const progress = loading.state === 'running' ? loading.progress : null;
  const { title, detail, value } = recovering ? recoveringWords(painting) : loadingWords(progress);
  return (
    <div className="loading">
      <p className="loading-title">{title}</p>
      <Progress label={title} value={value} />
      <p className="loading-detail">{detail}</p>
    </div>
  );
}

function recoveringWords(painting: boolean) {
  return {
    title: 'The graphics device went away',
    detail: painting ? 'Starting again and painting your picture anew.' : 'Starting again; your pictures are kept.',
    value: null,
  };
}

function loadingWords(progress: LoadProgress | null) {
  if (progress?.stage === 'download') {
    const { loaded, total, cached } = progress;
    const fromHere = cached >= total;
    return {
      title: fromHere ? 'Unpacking the painter' : `Fetching the painter: ${megabytesOf(loaded, total)}`,
      detail: fromHere ? 'It was kept from your last visit.' : 'Only this once. Nothing you write leaves this tab.',
      value: total > 0 ? loaded / total : null,
    };
  }
  if (progress?.stage === 'compile') {
    return {
      title: 'Mixing the colours',
      detail: 'The painter is being fitted to this device; on a slow one that takes a while.',
      value: null,
    };
  }
  const title = progress?.stage === 'device' ? 'Looking for a graphics device' : 'Waking the painter';
  return { title, detail: 'It works in this tab; nothing you write leaves it.', value: null };
}
