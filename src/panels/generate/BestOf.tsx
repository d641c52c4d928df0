/** The best of many: how many are painted. */
import './best-of.css';
import { captionerOf, modelOf } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import { BEST_OF, type BestOf } from '../../permalink.ts';

const HINT = 'Best of so many: all are painted, the mirror judges each by your caption, and the best come first.';

/** Not there where the model has no mirror. */
export function BestOfField() {
  const bestOf = useLimn((s) => s.form.bestOf);
  const arrange = useLimn((s) => s.arrange);
  const mirror = useLimn((s) => {
    const model = modelOf(s, s.form.recipe.model);
    return model !== null && captionerOf(model) !== null;
  });
  if (!mirror) return null;
  return (
    <>
      <label className="capsule best-of" title={HINT}>
        Best of
        <select
          value={bestOf}
          aria-label="Best of: how many are painted, to show the best of them"
          onChange={(event) => arrange({ bestOf: Number(event.currentTarget.value) as BestOf })}
        >
          {BEST_OF.map((count) => (
            <option key={count} value={count}>
              {count === 0 ? 'off' : count}
            </option>
          ))}
        </select>
      </label>
      <p hidden>{HINT}</p>
    </>
  );
}
