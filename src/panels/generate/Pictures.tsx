import { useLimn } from '../../state/context.ts';
import type { Painted } from '../../state/history.ts';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { Loading } from './Loading.tsx';

/** The latest painting: places that fill one by one. Before the first, places for what will come. */
export function Pictures() {
  const batch = useLimn((s) => s.batch);
  const wanted = useLimn((s) => s.form.count);
  const waiting = useLimn(
    (s) => s.painting.state === 'running' || s.loading.state === 'running' || s.catalogue.state === 'running',
  );
  const places = batch ? batch.pictures : Array<null>(wanted).fill(null);
  if (places.length === 0) {
    return <p className="nothing-yet">Nothing painted yet. Press Paint, and the pictures come here.</p>;
  }
  return (
    <div className="pictures-frame">
      <ol className="pictures" data-count={batch?.count ?? wanted} aria-label="Pictures" aria-busy={waiting}>
        {places.map((picture, i) => (
          <li key={i}>
            {picture ? (
              <PictureButton picture={picture} index={i} of={places.length} />
            ) : (
              <div className={waiting ? 'place waiting' : 'place'} />
            )}
          </li>
        ))}
      </ol>
      <Loading />
    </div>
  );
}

interface PictureProps {
  readonly picture: Painted;
  readonly index: number;
  readonly of: number;
}

function PictureButton({ picture, index, of }: PictureProps) {
  const upscaling = useLimn((s) => s.form.upscaling);
  const open = useLimn((s) => s.openPicture);
  const { seed } = picture.recipe;
  return (
    <button
      type="button"
      className="picture"
      // A picture that takes another's place comes in anew.
      key={picture.id}
      aria-label={`Picture ${index + 1} of ${of}, seed ${seed}: open large`}
      onClick={() => open(picture, 'latest')}
    >
      <ImageCanvas pixels={picture.pixels} upscaling={upscaling} />
      <span className="picture-seed" aria-hidden="true">
        {seed}
      </span>
    </button>
  );
}
