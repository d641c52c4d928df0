import { begin } from '../../state/begin.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { FirstFailure } from '../../ui/Failure.tsx';

/** Whatever keeps this room from working, with the way out. */
export function Trouble() {
  const store = useLimnStore();
  const catalogue = useLimn((s) => s.catalogue);
  const taking = useLimn((s) => s.style.taking);
  const looking = useLimn((s) => s.style.looking);
  const refining = useLimn((s) => s.style.refining);
  const painting = useLimn((s) => s.grid.painting);
  const loading = useLimn((s) => s.loading);
  const { lookAgain, refineStyle, paintGrid, visitStyle } = store.getState();
  return (
    <FirstFailure
      of={[
        { job: catalogue, retry: () => begin(store, false) },
        { job: taking, retry: lookAgain },
        { job: looking, retry: lookAgain },
        { job: refining, retry: refineStyle },
        { job: painting, retry: paintGrid },
        { job: loading, retry: visitStyle },
      ]}
    />
  );
}
