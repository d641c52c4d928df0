import { begin } from '../../state/begin.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { FirstFailure } from '../../ui/Failure.tsx';

/** Whatever keeps pictures from coming, with the way out. The last picture stays meanwhile. */
export function Trouble() {
  const store = useLimnStore();
  const walking = useLimn((s) => s.walking);
  const loading = useLimn((s) => s.loading);
  const catalogue = useLimn((s) => s.catalogue);
  if (catalogue.state === 'done' && catalogue.result.models.length === 0) {
    return <p className="nothing-yet">This copy of Limn has no models yet, so nothing can be painted.</p>;
  }
  const retry = () => {
    if (catalogue.state === 'failed') void begin(store, false);
    else store.getState().showBetween();
  };
  return (
    <FirstFailure
      of={[
        { job: walking, retry },
        { job: loading, retry },
        { job: catalogue, retry },
      ]}
      caption={() => document.querySelector<HTMLTextAreaElement>('.between textarea')?.focus()}
    />
  );
}
