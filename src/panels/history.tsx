/** Pictures of earlier paintings, below the latest. */
import './history.css';
import { useLimn } from '../state/context.ts';
import { ImageCanvas } from '../ui/ImageCanvas.tsx';

export function History() {
  const earlier = useLimn((s) => s.earlier);
  const open = useLimn((s) => s.openPicture);
  const clear = useLimn((s) => s.clearEarlier);
  const notify = useLimn((s) => s.notify);
  if (earlier.length === 0) return null;
  return (
    <section className="history" aria-labelledby="history-title">
      <h2 id="history-title">Earlier</h2>
      <ul className="film">
        {earlier.map((picture) => (
          <li key={picture.id}>
            <button
              type="button"
              title={picture.recipe.caption}
              aria-label={`${picture.recipe.caption.slice(0, 120)}, seed ${picture.recipe.seed}: open large`}
              onClick={() => open(picture, 'earlier')}
            >
              <ImageCanvas pixels={picture.pixels} upscaling="smooth" edge={0} />
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="button quiet small"
        onClick={() => {
          const undo = clear();
          notify({
            tone: 'plain',
            text: 'Earlier pictures are cleared.',
            action: { label: 'Undo', run: undo },
            lasts: 10_000,
          });
        }}
      >
        Clear
      </button>
    </section>
  );
}
