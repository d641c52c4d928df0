/** What keeps training from beginning. Apart from the plan itself, since only the Teach room asks: it comes with it. */
import { missingExamples } from '../teach/limits.ts';
import { resultOf } from './job.ts';
import type { State } from './store.ts';
import { silentItems } from './teach-items.ts';
import type { Store } from './teach-plan.ts';

/** Checkpoints that must fit for a run to be worth beginning: the one that is kept and the one that takes its place. */
const ROOM = 3;

/** What is still missing before training can begin, as a sentence; null when nothing is. */
export function hindrance({
  teach,
  rehearsal,
  storageRoom,
}: Pick<State, 'teach' | 'rehearsal' | 'storageRoom'>): string | null {
  const missing = missingExamples(teach.items.length);
  if (missing > 0) return `${missing} more ${missing === 1 ? 'picture' : 'pictures'} and it can begin.`;
  const silent = silentItems(teach).length;
  if (silent > 0)
    return `${silent === 1 ? 'One picture has' : `${silent} pictures have`} no words yet that the model can read.`;
  const measured = resultOf(rehearsal);
  if (!measured)
    return rehearsal.state === 'failed' ? 'How long it takes could not be measured.' : 'Measuring how long it takes.';
  if (!measured.canTrain) return measured.why ?? 'This device cannot train.';
  if (storageRoom && free(storageRoom) < ROOM * measured.checkpointBytes) {
    return `The browser has no room to keep a run: it needs ${mb(ROOM * measured.checkpointBytes)} and has ${mb(free(storageRoom))}. Free some space on this device, or forget a run.`;
  }
  return null;
}

/** Bytes. */
export function free({ usedBytes, quotaBytes }: Store): number {
  return quotaBytes === null ? Infinity : Math.max(0, quotaBytes - usedBytes);
}

const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
