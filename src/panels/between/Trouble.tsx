import { begin } from '../../state/begin.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { Failure } from '../../ui/Failure.tsx';
import { DEVICE_POPOVER } from '../../ui/ids.ts';

/** Whatever keeps pictures from coming, with the way out. The last picture stays meanwhile. */
export function Trouble() {
  const store = useLimnStore();
  const failure = useLimn(({ walking, loading, catalogue }) => {
    for (const job of [walking, loading, catalogue]) if (job.state === 'failed') return job.failure;
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
          const { catalogue, showBetween } = store.getState();
          if (catalogue.state === 'failed') void begin(store, false);
          else showBetween();
        },
        reload: () => location.reload(),
        backend: () => document.getElementById(DEVICE_POPOVER)?.showPopover(),
        caption: () => document.querySelector<HTMLTextAreaElement>('.between textarea')?.focus(),
      }}
    />
  );
}
