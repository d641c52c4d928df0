import { begin } from '../../state/begin.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { DEVICE_POPOVER } from '../../ui/ids.ts';
import { Failure } from '../../ui/Failure.tsx';

/** Whatever keeps this room from working, with the way out; the first of them is the cause of the others. */
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
  const nothing = () => undefined;
  const troubles = [
    { job: catalogue, retry: () => begin(store, false) },
    { job: loading, retry: () => load(form.recipe.model).catch(nothing) },
    ...(lesson
      ? [
          { job: lesson.training, retry: () => train() },
          { job: lesson.reverting, retry: nothing },
          { job: lesson.keeping, retry: nothing },
          { job: lesson.looking, retry: nothing },
        ]
      : [
          { job: taking, retry: nothing },
          { job: describing, retry: describeItems },
          { job: runs, retry: fetchRuns },
          { job: beginning, retry: beginRun },
          { job: rehearsal, retry: rehearse },
        ]),
  ];
  for (const { job, retry } of troubles) {
    if (job.state !== 'failed') continue;
    return (
      <Failure
        failure={job.failure}
        remedies={{
          ...(retry !== nothing && { retry: () => void retry() }),
          reload: () => location.reload(),
          backend: () => document.getElementById(DEVICE_POPOVER)?.showPopover(),
        }}
      />
    );
  }
  return null;
}
