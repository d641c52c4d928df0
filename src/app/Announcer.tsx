import type { State } from '../state/store.ts';
import { useLimn } from '../state/context.ts';
import type { Glass } from '../state/mirror.ts';

/** For those who listen: where the work stands, in few words and not for every byte. */
export function Announcer() {
  const text = useLimn(announcement);
  return (
    <p className="visually-hidden" role="status" aria-live="polite" data-announcer>
      {text}
    </p>
  );
}

function announcement(state: State): string {
  const { engine, loading, painting, batch } = state;
  if (engine.phase === 'recovering') {
    return painting.state === 'running'
      ? 'The graphics device went away; starting again and painting your picture anew.'
      : 'The graphics device went away; starting again.';
  }
  if (loading.state === 'running') {
    return loading.progress?.stage === 'download' ? 'Fetching the painter.' : 'Preparing the painter.';
  }
  if (state.room === 'between') return betweenWords(state);
  if (state.room === 'teach') return teachWords(state);
  if (state.room === 'mirror' && state.mirrored) return mirrorWords(state.mirrored, state.improvement);
  const pictures = (count: number) => (count === 1 ? '1 picture' : `${count} pictures`);
  if (painting.state === 'running') return `Painting ${pictures(painting.progress.total)}.`;
  if (painting.state === 'done') return `${pictures(painting.result.pictures)} painted.`;
  if (painting.state === 'idle' && batch) {
    // A painting that is stopped before anything came gives way to the one before it, which is whole.
    if (batch.pictures.length >= (batch.best?.of ?? batch.count)) return 'Stopped; the pictures before are back.';
    return `Stopped after ${pictures(batch.pictures.length)}.`;
  }
  return '';
}

/** A slider speaks for itself; what is told is that all of it is there. */
function betweenWords({ walking, touring, playing }: State): string {
  if (touring) return playing ? 'The tour plays.' : 'The tour stands still.';
  return walking.state === 'done' ? 'All steps between are painted.' : '';
}

/** A tenth of the way at a time. */
function teachWords({ lesson, teach, beginning }: State): string {
  if (beginning.state === 'running') return 'Preparing the training.';
  if (!lesson) {
    if (teach.taking.state === 'running') return 'Looking at your files.';
    const { length } = teach.items;
    return length > 0 ? `${length} ${length === 1 ? 'picture is' : 'pictures are'} here.` : '';
  }
  const { training, run, step } = lesson;
  const { steps } = run.settings;
  switch (training.state) {
    case 'running': {
      if (training.progress.pausing) return 'Pausing.';
      const tenth = Math.floor((10 * step) / steps);
      return tenth === 0 ? 'Training.' : `Training: ${10 * tenth} percent.`;
    }
    case 'done':
      return training.result.why === 'finished' ? 'The training is finished.' : `Training stopped at step ${step}.`;
    case 'idle':
      return step > 0 ? `Training stands still at step ${step} of ${steps}.` : '';
    case 'failed':
      return '';
  }
}

function mirrorWords({ reading }: Glass, improvement: State['improvement']): string {
  switch (improvement?.job.state) {
    case 'running':
      return 'Improving the picture.';
    case 'done':
      return 'The picture is improved; it can be kept.';
    default:
      if (reading.state === 'running') return 'Reading the picture.';
      return reading.state === 'done' ? `The mirror reads: ${reading.result.caption}` : '';
  }
}
