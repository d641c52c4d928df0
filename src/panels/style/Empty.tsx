import './empty.css';
import { chooseModel } from '../../state/begin.ts';
import { fileOf, type Model } from '../../state/catalogue.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { resultOf } from '../../state/job.ts';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { PictureField } from '../../ui/PictureField.tsx';

/** Before a picture is chosen. */
export function Empty() {
  const take = useLimn((s) => s.takeStylePicture);
  const takePainted = useLimn((s) => s.takePaintedStyle);
  const busy = useLimn((s) => s.style.taking.state === 'running');
  const samples = useLimn((s) => s.styleSamples);
  return (
    <PictureField
      label="A picture to take the style from"
      hint="Or drop one anywhere on this page, or paste it. It stays in this tab."
      busy={busy}
      onFile={(file) => void take(file)}
    >
      {samples.length > 0 && (
        <div className="style-samples" role="group" aria-label="Painted pictures to try">
          <p>Or try with a painted one</p>
          <ul>
            {samples.map((picture) => (
              <li key={picture.id}>
                <button
                  type="button"
                  className="square"
                  title={picture.recipe.caption}
                  aria-label={`Try with ${picture.recipe.caption}`}
                  onClick={() => void takePainted(picture)}
                >
                  <ImageCanvas pixels={picture.pixels} upscaling="smooth" edge={192} />
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </PictureField>
  );
}

/** The model came without a style encoder; another one may have it. */
export function NoEye({ model }: { readonly model: Model }) {
  const store = useLimnStore();
  const others = useLimn((s) => resultOf(s.catalogue)?.models);
  const able = others?.filter((other) => fileOf(other, 'style-encoder')) ?? [];
  return (
    <div className="empty-place">
      <p>
        {`${model.name} came without an eye for style, so it cannot take one from a picture. `}
        {able.length > 0 ? 'Another model here can:' : 'No other model here can, either; painting works as ever.'}
      </p>
      {able.map((other) => (
        <button key={other.id} type="button" className="button" onClick={() => void chooseModel(store, other.id)}>
          {`Use ${other.name}`}
        </button>
      ))}
    </div>
  );
}
