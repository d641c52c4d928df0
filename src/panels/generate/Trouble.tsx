import { begin } from '../../state/begin.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { FirstFailure } from '../../ui/Failure.tsx';

/** Whatever keeps pictures from coming, with the way out. */
export function Trouble() {
  const store = useLimnStore();
  const painting = useLimn((s) => s.painting);
  const loading = useLimn((s) => s.loading);
  const catalogue = useLimn((s) => s.catalogue);
  if (catalogue.state === 'done' && catalogue.result.models.length === 0) {
    return <p className="nothing-yet">This copy of Limn has no models yet, so nothing can be painted.</p>;
  }
  const retry = () => {
    const { batch, paintAgain, paint } = store.getState();
    if (catalogue.state === 'failed') void begin(store, true);
    else void (batch ? paintAgain() : paint());
  };
  return (
    <FirstFailure
      of={[
        { job: painting, retry },
        { job: loading, retry },
        { job: catalogue, retry },
      ]}
      caption={() => document.querySelector<HTMLTextAreaElement>('.caption-field textarea')?.focus()}
    />
  );
}
