import { begin } from '../../state/begin.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { FirstFailure } from '../../ui/Failure.tsx';

/** Whatever keeps this room from working, with the way out. */
export function Trouble() {
  const store = useLimnStore();
  const catalogue = useLimn((s) => s.catalogue);
  const loading = useLimn((s) => s.loading);
  const taking = useLimn((s) => s.teach.taking);
  const describing = useLimn((s) => s.teach.describing);
  const runs = useLimn((s) => s.runs);
  const rehearsal = useLimn((s) => s.rehearsal);
  const beginning = useLimn((s) => s.beginning);
  const lesson = useLimn((s) => s.lesson);
  const { describeItems, fetchRuns, rehearse, beginRun, train, load, form } = store.getState();
  const troubles = [
    { job: catalogue, retry: () => begin(store, false) },
    { job: loading, retry: () => load(form.recipe.model).catch(() => undefined) },
    ...(lesson
      ? [
          { job: lesson.training, retry: () => train() },
          { job: lesson.reverting },
          { job: lesson.keeping },
          { job: lesson.looking },
        ]
      : [
          { job: taking },
          { job: describing, retry: describeItems },
          { job: runs, retry: fetchRuns },
          { job: beginning, retry: beginRun },
          { job: rehearsal, retry: rehearse },
        ]),
  ];
  return <FirstFailure of={troubles} />;
}
