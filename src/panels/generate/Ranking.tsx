import './ranking.css';
import { useLimn } from '../../state/context.ts';
import type { Batch } from '../../state/generate.ts';
import { Progress } from '../../ui/Progress.tsx';

/** Above the pictures: how far the ranking has come, or what came of it. */
export function Ranking({ batch }: { readonly batch: Batch }) {
  const painting = useLimn((s) => s.painting);
  const { best, pictures } = batch;
  if (!best) return null;
  const matches = pictures.map((p) => p && best.matches.get(p.id)).filter((m) => m !== null && m !== undefined);
  const here = matches.length;
  if (painting.state === 'running') {
    return (
      <div className="ranking">
        <p>{here === 0 ? `Painting ${best.of} to choose from` : `${here} of ${best.of} painted and judged`}</p>
        <Progress label="Painted and judged" value={here === 0 ? null : here / best.of} />
      </div>
    );
  }
  const [first, last] = [matches[0], matches.at(-1)];
  if (!first || !last) return null;
  return (
    <p className="ranking">
      {`The best of ${here} first, as the mirror sees them. Your caption surprises it ${first.loss.toFixed(1)} in the first picture, ${last.loss.toFixed(1)} in the last; less is better.`}
    </p>
  );
}
