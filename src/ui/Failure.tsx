import type { Failure as FailureValue } from '../failure.ts';
import { failureWords, REMEDY_LABELS, type Remedy } from './failure-words.ts';
import { handsFocusOn } from './focus-kept.ts';
import { DEVICE_POPOVER } from './ids.ts';

interface Props {
  readonly failure: FailureValue;
  /** What would be tried again, and where its caption is; a remedy that is not given shows no button. */
  readonly retry?: (() => void) | undefined;
  readonly caption?: () => void;
}

/** The one place where a failure becomes words and a button. */
export function Failure({ failure, retry, caption }: Props) {
  const { title, advice, remedy } = failureWords(failure);
  const acts: Record<Exclude<Remedy, null>, (() => void) | undefined> = {
    retry,
    caption,
    reload: () => location.reload(),
    backend: chooseBackend,
  };
  const act = remedy && acts[remedy];
  return (
    <div className="failure" role="alert" data-kind={failure.kind}>
      <div>
        <p className="failure-title">{title}</p>
        {advice && <p className="failure-advice">{advice}</p>}
      </div>
      {remedy && act && (
        <button type="button" ref={handsFocusOn} className="button quiet" onClick={act}>
          {REMEDY_LABELS[remedy]}
        </button>
      )}
    </div>
  );
}

/** Nothing outside an open dialog can be pressed, so that is closed first. */
function chooseBackend() {
  document.querySelector<HTMLDialogElement>('dialog[open]')?.close();
  document.getElementById(DEVICE_POPOVER)?.showPopover();
}

export interface Trouble {
  readonly job:
    { readonly state: 'idle' | 'running' | 'done' } | { readonly state: 'failed'; readonly failure: FailureValue };
  readonly retry?: () => unknown;
}

/** Of all that may have failed the first, which is the cause of the others. */
export function FirstFailure({ of, caption }: { readonly of: readonly Trouble[]; readonly caption?: () => void }) {
  for (const { job, retry } of of) {
    if (job.state === 'failed') {
      return <Failure failure={job.failure} retry={retry && (() => void retry())} {...(caption && { caption })} />;
    }
  }
  return null;
}
