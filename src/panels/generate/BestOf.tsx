/** The best of many: how many are painted, and where the mirror puts each. */
import './best-of.css';
import { captionerOf, modelOf } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import type { Batch } from '../../state/generate.ts';
import { BEST_OF, type BestOf } from '../../state/rank.ts';
import { Progress } from '../../ui/Progress.tsx';

const HINT = 'Paints so many, lets the mirror judge each by your caption, and shows the best first.';

/** Not there where the model has no mirror. */
export function BestOfField() {
  const bestOf = useLimn((s) => s.bestOf);
  const setBestOf = useLimn((s) => s.setBestOf);
  const mirror = useLimn((s) => {
    const model = modelOf(s, s.form.recipe.model);
    return model !== null && captionerOf(model) !== null;
  });
  if (!mirror) return null;
  return (
    <label className="capsule best-of" title={HINT}>
      Best of
      <select
        value={bestOf}
        aria-label="Best of: how many are painted, to show the best of them"
        onChange={(event) => setBestOf(Number(event.currentTarget.value) as BestOf)}
      >
        {BEST_OF.map((count) => (
          <option key={count} value={count}>
            {count === 0 ? 'off' : count}
          </option>
        ))}
      </select>
    </label>
  );
}

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
