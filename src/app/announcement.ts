/** What is told to those who listen: where the work stands, in few words and not for every byte. */
import type { Glass } from '../state/mirror.ts';
import type { State } from '../state/store.ts';

/** A string is told as often as it is true: it is under way. */
type Told = string | Outcome;

/** Something that is there from now on, told once: not again when other words stood in its place meanwhile. */
interface Outcome {
  readonly text: string;
  /** The latest of a kind is remembered. */
  readonly kind: 'painting' | 'between' | 'mirror' | 'teach';
  /** Another one is another outcome. */
  readonly of: unknown;
}

/** state → what is told of it now. It remembers what it told; the same state twice gives the same words. */
export function createTeller(): (state: State) => string {
  const heard = new Map<Outcome['kind'], unknown>();
  /** What stands there now, and in which words. */
  let now: unknown = null;
  let standing = '';
  return (state) => {
    const told = announcement(state);
    if (typeof told === 'string') {
      now = null;
      return (standing = told);
    }
    const { kind, of, text } = told;
    // Words that stand there already are not spoken again: another outcome of the same words has not been told by them.
    if (text === standing) return text;
    if (heard.get(kind) === of && now !== of) {
      now = null;
      return (standing = '');
    }
    heard.set(kind, of);
    now = of;
    return (standing = text);
  };
}

function announcement(state: State): Told {
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
  if (painting.state === 'done') {
    const { result } = painting;
    return { text: `${pictures(result.pictures)} painted.`, kind: 'painting', of: result };
  }
  if (painting.state === 'idle' && batch) {
    // A painting that is stopped before anything came gives way to the one before it, which is whole.
    const whole = batch.pictures.length >= (batch.best?.of ?? batch.count);
    const text = whole ? 'Stopped; the pictures before are back.' : `Stopped after ${pictures(batch.pictures.length)}.`;
    return { text, kind: 'painting', of: batch };
  }
  return '';
}

/** A slider speaks for itself; what is told is that all of it is there, once for two ends. */
function betweenWords({ walking, touring, playing, standing }: State): Told {
  if (touring) return playing ? 'The tour plays.' : 'The tour stands still.';
  if (walking.state !== 'done') return '';
  // What is painted tells its ends; those of the form may be others by now.
  const { model, caption, seed, style, towards: to } = standing?.recipe ?? {};
  const of = JSON.stringify([model, caption, seed, style, to?.caption, to?.seed, to?.style]);
  return { text: 'All steps between are painted.', kind: 'between', of };
}

const teachWords = (state: State): Outcome => {
  const text = teachText(state);
  return { text, kind: 'teach', of: text };
};

/** A tenth of the way at a time. */
function teachText({ lesson, teach, beginning }: State): string {
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

function mirrorWords({ reading }: Glass, improvement: State['improvement']): Told {
  switch (improvement?.job.state) {
    case 'running':
      return 'Improving the picture.';
    case 'done':
      return { text: 'The picture is improved; it can be kept.', kind: 'mirror', of: improvement.job.result };
    default:
      if (reading.state === 'running') return 'Reading the picture.';
      if (reading.state !== 'done') return '';
      return { text: `The mirror reads: ${reading.result.caption}`, kind: 'mirror', of: reading.result };
  }
}
