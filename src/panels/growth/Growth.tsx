import { useEffect, type CSSProperties } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { GrowthState } from '../../state/growth-studio.ts';
import { GRAIN } from '../../state/growth-place.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { loadWords } from '../../ui/load-words.ts';
import { Slider } from '../../ui/Slider.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { placeWords } from './words.ts';

interface Props {
  readonly growth: StoreApi<GrowthState>;
  readonly caption: string;
}

/** One press, in doublings. */
const STEP = 0.25;

/** All sizes in a row, a slider below them, and the face as large as the slider says. */
export function Growth({ growth, caption }: Props) {
  const { sizes, stops, place, shown, playing, job, moveTo, play, begin } = useStore(growth);
  useClock(growth);
  const last = sizes.length - 1;
  const words = placeWords(shown?.place ?? place, sizes);
  return (
    <section className="growth" aria-labelledby="growth-heading" aria-busy={job.state === 'running'}>
      <h3 id="growth-heading">Growth</h3>
      <p className="aside">
        The network learned pictures of 4 × 4 pixels first. Then its size was doubled again and again, and each time the
        new details were faded in, so that it never had to learn everything at once (Karras et al. 2018). Below is the
        same face at every size.
      </p>
      {job.state === 'failed' && <Failure failure={job.failure} retry={begin} />}
      <div className="growth-way" style={{ '--sizes': sizes.length } as CSSProperties}>
        <ol className="growth-stops" aria-label="Sizes, the smallest first">
          {sizes.map((size, at) => {
            const pixels = stops[at];
            return (
              <li key={size}>
                <button
                  type="button"
                  className={pixels ? 'square growth-stop' : 'square growth-stop place waiting'}
                  aria-pressed={place === at}
                  aria-label={`${size} pixels`}
                  disabled={!pixels}
                  onClick={() => moveTo(at)}
                >
                  {pixels && <ImageCanvas pixels={pixels} upscaling="pixels" />}
                </button>
                <span aria-hidden="true">{size}</span>
              </li>
            );
          })}
        </ol>
        <Slider
          label="Size reached"
          hint="From the smallest size to the whole; between two sizes the new details are faded in."
          value={place}
          min={0}
          max={last}
          step={1 / GRAIN}
          show={(at) => placeWords(at, sizes)}
          onChange={moveTo}
        />
      </div>
      <div className="growth-look">
        <div className={shown ? 'square growth-large' : 'square growth-large place waiting'}>
          {shown && (
            <ImageCanvas pixels={shown.pixels} upscaling="pixels" label={`${words}, painted for “${caption}”`} />
          )}
        </div>
        <div className="growth-side">
          <p className="growth-seen" aria-live={playing ? 'off' : 'polite'}>
            {words}
          </p>
          <div className="growth-play">
            <button type="button" className="button primary" onClick={() => play(playing !== true)}>
              <Icon name={playing ? 'pause' : 'play'} />
              <span>{playing ? 'Pause' : 'Play'}</span>
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label="A step back"
              aria-disabled={place === 0}
              onClick={() => moveTo((Math.ceil(place / STEP) - 1) * STEP)}
            >
              <Icon name="left" />
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label="A step on"
              aria-disabled={place === last}
              onClick={() => moveTo((Math.floor(place / STEP) + 1) * STEP)}
            >
              <Icon name="right" />
            </button>
          </div>
        </div>
      </div>
      {!shown && job.state === 'running' && <Waiting {...loadWords(job.progress)} />}
    </section>
  );
}

/**
 * Goes with the screen's frames for as long as it plays: a frame that is not painted in time is left out, and a tab that
 * nobody sees stands still. Who wants less motion must press Play.
 */
function useClock(growth: StoreApi<GrowthState>): void {
  const { playing, play, travel } = useStore(growth);
  const ready = useStore(growth, ({ stops }) => !stops.includes(null));
  useEffect(() => {
    if (playing === null && ready) play(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  }, [playing, ready, play]);
  useEffect(() => {
    if (!playing) return undefined;
    let last: number | null = null;
    let frame = requestAnimationFrame(function tick(now) {
      if (last !== null) travel((now - last) / 1000);
      last = now;
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, travel]);
}
