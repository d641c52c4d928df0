import type { Failure as FailureValue } from '../failure.ts';
import { failureWords, REMEDY_LABELS, type Remedy } from './failure-words.ts';

interface Props {
  readonly failure: FailureValue;
  /** What the page can do here; a remedy that is not given shows no button. */
  readonly remedies: Partial<Record<Exclude<Remedy, null>, () => void>>;
}

/** The one place where a failure becomes words and a button. */
export function Failure({ failure, remedies }: Props) {
  const { title, advice, remedy } = failureWords(failure);
  const act = remedy && remedies[remedy];
  return (
    <div className="failure" role="alert" data-kind={failure.kind}>
      <div>
        <p className="failure-title">{title}</p>
        {advice && <p className="failure-advice">{advice}</p>}
      </div>
      {remedy && act && (
        <button type="button" className="button quiet" onClick={act}>
          {REMEDY_LABELS[remedy]}
        </button>
      )}
    </div>
  );
}
