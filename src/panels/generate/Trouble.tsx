import { DEVICE_POPOVER } from '../../ui/ids.ts';
import { begin } from '../../state/begin.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { Failure } from '../../ui/Failure.tsx';

/** Whatever keeps pictures from coming, with the way out. */
export function Trouble() {
  const store = useLimnStore();
  const failure = useLimn(({ painting, loading, catalogue }) => {
    for (const job of [painting, loading, catalogue]) if (job.state === 'failed') return job.failure;
    return null;
  });
  const empty = useLimn((s) => s.catalogue.state === 'done' && s.catalogue.result.models.length === 0);
  if (empty) return <p className="nothing-yet">This copy of Limn has no models yet, so nothing can be painted.</p>;
  if (!failure) return null;
  return (
    <Failure
      failure={failure}
      remedies={{
        retry: () => {
          const { catalogue, batch, paintAgain, paint } = store.getState();
          if (catalogue.state === 'failed') void begin(store, false);
          else void (batch ? paintAgain() : paint());
        },
        reload: () => location.reload(),
        backend: () => document.getElementById(DEVICE_POPOVER)?.showPopover(),
        caption: () => document.querySelector<HTMLTextAreaElement>('.caption-field textarea')?.focus(),
      }}
    />
  );
}
