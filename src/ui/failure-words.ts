/** What each failure means to a person, and what they can do about it. Plain text; nothing in it is markup. */
import type { Failure } from '../failure.ts';
import { MAX_CAPTION } from '../text/alphabet.ts';
import { backendLabel, megabytes, whole } from './format.ts';

/** What the button beside the words does. */
export type Remedy = 'retry' | 'reload' | 'backend' | 'caption' | null;

export interface Words {
  readonly title: string;
  readonly advice: string;
  readonly remedy: Remedy;
}

export const REMEDY_LABELS: Readonly<Record<Exclude<Remedy, null>, string>> = {
  retry: 'Try again',
  reload: 'Reload the page',
  backend: 'Choose another backend',
  caption: 'To the caption',
};

export function failureWords(failure: Failure): Words {
  switch (failure.kind) {
    case 'bad-caption':
      return CAPTION[failure.reason];
    case 'bad-recipe':
      return {
        title: 'This recipe could not be read.',
        advice: `${sentence(brief(failure.detail))} The page keeps its own settings instead.`,
        remedy: null,
      };
    case 'unknown-model':
      return {
        title: `There is no model named “${failure.id}” here.`,
        advice: 'Another model paints in its place, so the pictures will differ.',
        remedy: null,
      };
    case 'network':
      return {
        title: 'A file could not be fetched.',
        advice: `Is there a connection? What came so far is kept. (${failure.url}: ${brief(failure.detail)})`,
        remedy: 'retry',
      };
    case 'http':
      return {
        title: 'A file of this page is missing.',
        advice: `The server answered ${failure.status} for ${failure.url}. It may work again in a moment.`,
        remedy: 'retry',
      };
    case 'corrupt-download':
      return {
        title: 'A file arrived damaged.',
        advice: `It was thrown away and can be fetched again. (${failure.url}: ${brief(failure.detail)})`,
        remedy: 'retry',
      };
    case 'bad-weights':
      if (failure.own) {
        return {
          title: 'This model cannot be brought in.',
          advice: `Export it anew where it was made. (${failure.file}: ${brief(failure.detail)})`,
          remedy: null,
        };
      }
      return {
        title: 'This model cannot be used here.',
        advice: `The page may be older than the model; reloading fetches both anew. (${failure.file}: ${brief(failure.detail)})`,
        remedy: 'reload',
      };
    case 'quota':
      return {
        title: 'The browser has no room for the model.',
        advice: `It needs ${megabytes(failure.neededBytes)}. Free some space on this device, then try again.`,
        remedy: 'retry',
      };
    case 'unkept':
      return { title: 'The last steps could not be kept.', advice: failure.detail, remedy: 'retry' };
    case 'parent-changed':
      return { title: 'This run cannot go on.', advice: failure.detail, remedy: null };
    case 'elsewhere':
      return {
        title: 'This run is being trained in another tab.',
        advice: 'Pause it there, or close that tab, then try again.',
        remedy: 'retry',
      };
    case 'no-backend': {
      const [only, ...others] = failure.tried;
      // One that was chosen, or that failed after it was found sound: nobody has asked the others.
      if (only && others.length === 0) {
        return {
          title: `${backendLabel(only.backend)} cannot paint here.`,
          advice: `Another backend may. (${brief(only.reason)})`,
          remedy: 'backend',
        };
      }
      return {
        title: 'Nothing in this browser can paint.',
        advice: `Tried: ${failure.tried.map((t) => `${backendLabel(t.backend)} (${t.reason})`).join(', ')}. A recent Chrome, Edge, Firefox or Safari will do.`,
        remedy: 'backend',
      };
    }
    case 'device-lost':
      return {
        title: 'The graphics device went away and did not come back.',
        advice: `Another backend may hold. (${brief(failure.detail)})`,
        remedy: 'backend',
      };
    case 'wrong-numbers':
      return {
        title: 'The graphics device computes wrongly.',
        advice: `Its pictures would be noise, so they are not shown. Another backend will do better. (${brief(failure.detail)})`,
        remedy: 'backend',
      };
    case 'worker-ended':
      if (failure.unheard) {
        return {
          title: 'The painter could not start.',
          advice: `The page may be older than its files; reloading fetches both anew. (${brief(failure.detail)})`,
          remedy: 'reload',
        };
      }
      return {
        title: 'The painter stopped unexpectedly.',
        advice: `This can happen when memory runs short. (${brief(failure.detail)})`,
        remedy: 'retry',
      };
    case 'bad-image':
      if (failure.wanted === 'picture') {
        return {
          title: 'This picture cannot be used.',
          advice: `${failure.file}: ${failure.detail}`,
          remedy: null,
        };
      }
      return {
        title: 'No recipe in this file.',
        advice: `Only pictures that Limn saved carry one. (${failure.file}: ${brief(failure.detail)})`,
        remedy: null,
      };
    case 'cancelled':
      return { title: 'Stopped.', advice: '', remedy: null };
    case 'internal':
      return {
        title: 'Something unexpected happened.',
        advice: `Reloading the page usually helps. (${brief(failure.detail)})`,
        remedy: 'reload',
      };
  }
}

const CAPTION: Readonly<Record<Extract<Failure, { kind: 'bad-caption' }>['reason'], Words>> = {
  empty: {
    title: 'First say what to paint.',
    advice: 'A few plain words will do, or take one of the examples.',
    remedy: 'caption',
  },
  'too-long': {
    title: 'This caption is too long.',
    advice: `It may have ${whole(MAX_CAPTION)} characters.`,
    remedy: 'caption',
  },
  unreadable: {
    title: 'The model can read none of this.',
    advice: 'It knows English words in Latin letters. Say plainly what is to be seen.',
    remedy: 'caption',
  },
};

function sentence(text: string): string {
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}

/** Some drivers tell whole stories; the first of it is what a report needs. */
function brief(detail: string): string {
  const line = detail.trim().split('\n', 1)[0] ?? '';
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
