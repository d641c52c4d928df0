import { fileOf, modelOf } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import type { Painted } from '../../state/history.ts';

/** A painted picture as a source of style; not there where the model has no eye for it. */
export function StyleActions({ picture }: { readonly picture: Painted }) {
  const able = useLimn((s) => {
    const model = modelOf(s, picture.recipe.model);
    return model !== null && fileOf(model, 'style-encoder') !== null;
  });
  const take = useLimn((s) => s.takePaintedStyle);
  if (!able) return null;
  return (
    <button
      type="button"
      className="button quiet"
      title="How it is framed, the light, what lies behind it, for other captions"
      onClick={() => void take(picture)}
    >
      Use its style
    </button>
  );
}
