import { useLimn } from '../../state/context.ts';
import { share } from '../../ui/format.ts';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { loadWords } from '../../ui/load-words.ts';
import { Waiting } from '../../ui/Waiting.tsx';

/** The picture of the place where one stands. */
export function Stage() {
  const standing = useLimn((s) => s.standing);
  const upscaling = useLimn((s) => s.form.upscaling);
  const busy = useLimn((s) => s.walking.state === 'running' || s.loading.state === 'running');
  const open = useLimn((s) => s.openPicture);
  const named = useLimn((s) => s.named);
  return (
    <div className="stack between-stage" aria-busy={busy}>
      {standing ? (
        <button
          type="button"
          className="square picture"
          aria-label={`${placeWords(standing.recipe.towards)}: open large`}
          onClick={() => open(named(standing), 'latest')}
        >
          <ImageCanvas pixels={standing.pixels} upscaling={upscaling} />
        </button>
      ) : (
        <div className={busy ? 'square place waiting' : 'square place'} />
      )}
      <Loading />
    </div>
  );
}

function placeWords(towards?: { readonly text: number; readonly noise: number }): string {
  return towards ? `The picture at words ${share(towards.text)}, style ${share(towards.noise)}` : 'The picture here';
}

function Loading() {
  const loading = useLimn((s) => s.loading);
  const recovering = useLimn((s) => s.engine.phase === 'recovering');
  if (recovering) {
    return (
      <Waiting
        title="The graphics device went away"
        detail="Starting again; your captions and pictures are kept."
        value={null}
      />
    );
  }
  return loading.state === 'running' && <Waiting {...loadWords(loading.progress)} />;
}
