/** Notices when training has gone wrong, and says what was seen. */
import type { Stand } from './trainer.ts';

/** Hinge losses are about 4 for a critic that knows nothing, and seldom beyond 10. */
const EXPLODED = 100;
/** Of the difference between two pictures of one caption that the old model paints. */
const COLLAPSED = 0.15;

/** → what went wrong in a step, in words that end no sentence; undefined where nothing did */
export function faultIn({ lossCritic, lossGenerator, anchor }: Stand['seen']): string | undefined {
  const losses = [lossCritic, lossGenerator, anchor];
  if (!losses.every(Number.isFinite)) return 'the losses are no numbers any more';
  if (losses.some((loss) => Math.abs(loss) > EXPLODED)) return 'the losses have grown beyond all measure';
  return undefined;
}

/** Pictures of one caption differ by `now`, and by the old model they differed by `before`. */
export function collapse(now: number, before: number): string | undefined {
  if (now >= COLLAPSED * before) return undefined;
  return 'all pictures of one caption have become the same';
}
