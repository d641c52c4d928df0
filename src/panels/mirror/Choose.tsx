import './choose.css';
import { useLimn } from '../../state/context.ts';
import { latestPictures } from '../../state/history.ts';
import type { Held } from '../../state/mirror.ts';
import { Failure } from '../../ui/Failure.tsx';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { PictureField } from '../../ui/PictureField.tsx';

/** Enough to choose from; the rest can be opened in Paint and held up from there. */
const MOST = 24;

/** What else may be held up: pictures of this visit, or a person's own. */
export function Choose({ held }: { readonly held: Held | null }) {
  const batch = useLimn((s) => s.batch);
  const earlier = useLimn((s) => s.earlier);
  const hold = useLimn((s) => s.hold);
  const take = useLimn((s) => s.takeMirrorPicture);
  const taking = useLimn((s) => s.taking);
  const pictures = [...latestPictures({ batch }), ...earlier].slice(0, MOST);
  return (
    <div className="choose">
      {pictures.length > 0 && (
        <ul className="film" aria-label="Pictures of this visit">
          {pictures.map((picture) => (
            <li key={picture.id}>
              <button
                type="button"
                title={picture.recipe.caption}
                aria-pressed={held?.pixels === picture.pixels}
                aria-label={`${picture.recipe.caption.slice(0, 120)}, seed ${picture.recipe.seed}: hold up`}
                onClick={() => hold(picture)}
              >
                <ImageCanvas pixels={picture.pixels} upscaling="smooth" edge={0} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {taking.state === 'failed' && <Failure failure={taking.failure} />}
      <PictureField
        label="A picture of your own"
        hint="Or drop or paste a photograph: the mirror reads it just the same. It stays in this tab."
        busy={taking.state === 'running'}
        filled
        onFile={(file) => void take(file)}
      />
    </div>
  );
}
