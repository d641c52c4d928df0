import './pictures.css';
import { lazy, Suspense, type ComponentType } from 'react';
import type { Match } from '../../engine/protocol.ts';
import { useLimn } from '../../state/context.ts';
import type { Batch } from '../../state/generate.ts';
import type { Painted } from '../../state/history.ts';
import { matchWords } from '../../ui/format.ts';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { Loading } from './Loading.tsx';

/** Not needed for a first picture; where it does not come, the pictures stand in their order all the same. */
const Ranking = lazy<ComponentType<{ readonly batch: Batch }>>(async () => {
  const ranking = await import('./Ranking.tsx').catch(() => null);
  return { default: ranking?.Ranking ?? (() => null) };
});

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
  const matches = batch?.best?.matches;
  // Of the best of many only the first are large.
  const large = batch?.best ? places.slice(0, batch.count) : places;
  const others = batch?.best ? places.slice(batch.count).filter((p) => p !== null) : [];
  const button = (picture: Painted, i: number) => (
    <PictureButton picture={picture} index={i} of={places.length} match={matches?.get(picture.id) ?? null} />
  );
  return (
    <>
      {batch?.best && (
        <Suspense>
          <Ranking batch={batch} />
        </Suspense>
      )}
      <div className="stack">
        <ol className="pictures" data-count={batch?.count ?? wanted} aria-label="Pictures" aria-busy={waiting}>
          {large.map((picture, i) => (
            // A picture that is ranked moves, and takes its canvas with it.
            <li key={(matches && picture?.id) ?? -i}>
              {picture ? button(picture, i) : <div className={waiting ? 'square place waiting' : 'square place'} />}
            </li>
          ))}
        </ol>
        <Loading />
      </div>
      {batch && others.length > 0 && (
        <ol className="pictures-rest" aria-label="The others, best first" start={batch.count + 1}>
          {others.map((picture, i) => (
            <li key={picture.id}>{button(picture, batch.count + i)}</li>
          ))}
        </ol>
      )}
    </>
  );
}

interface PictureProps {
  readonly picture: Painted;
  readonly index: number;
  readonly of: number;
  /** What the mirror makes of it, where it was asked. */
  readonly match: Match | null;
}

function PictureButton({ picture, index, of, match }: PictureProps) {
  const upscaling = useLimn((s) => s.form.upscaling);
  const open = useLimn((s) => s.openPicture);
  const { seed } = picture.recipe;
  return (
    <button
      type="button"
      className="square picture"
      // A picture that takes another's place comes in anew.
      key={picture.id}
      aria-label={`Picture ${index + 1} of ${of}, seed ${seed}${match ? `, ${matchWords(match)}` : ''}: open large`}
      title={match ? matchWords(match) : undefined}
      onClick={() => open(picture, 'latest')}
    >
      <ImageCanvas pixels={picture.pixels} upscaling={upscaling} />
      {match && (
        <span className="picture-place" aria-hidden="true">
          {index + 1}
        </span>
      )}
      <span className="picture-seed" aria-hidden="true">
        {seed}
      </span>
    </button>
  );
}
