import './travel.css';
import { useEffect } from 'react';
import { useLimn } from '../../state/context.ts';
import { PACES, ringOf, type Pace } from '../../state/tour.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { Slider } from '../../ui/Slider.tsx';

const PACE_OPTIONS: readonly { readonly value: Pace; readonly label: string }[] = [
  { value: PACES[0], label: 'Slow' },
  { value: PACES[1], label: 'Steady' },
  { value: PACES[2], label: 'Quick' },
];

/** Play and pause, how fast, and where on the ring. */
export function Travel() {
  useClock();
  const playing = useLimn((s) => s.playing === true);
  const pace = useLimn((s) => s.tourPace);
  const at = useLimn((s) => s.tourAt);
  const ring = ringOf(useLimn((s) => s.stops));
  const play = useLimn((s) => s.play);
  const choosePace = useLimn((s) => s.chooseTourPace);
  const travelTo = useLimn((s) => s.travelTo);
  const few = ring.length < 2;
  return (
    <div className="travel">
      <button type="button" className="button primary" disabled={few} onClick={() => play(!playing)}>
        <Icon name={playing ? 'pause' : 'play'} />
        <span>{playing ? 'Pause' : 'Play'}</span>
      </button>
      <Segmented label="How fast" value={pace} options={PACE_OPTIONS} onChange={choosePace} />
      <Slider
        label="Place"
        hint="Where on the tour the picture is."
        value={at}
        min={0}
        max={Math.max(1, ring.length)}
        step={0.01}
        show={(at) => stopWords(at, ring.length)}
        onChange={(at) => {
          play(false);
          // The ring's end is its beginning; a slider's end is not.
          travelTo(Math.min(at, ring.length - 0.001));
        }}
      />
    </div>
  );
}

/** "2 of 4": the stop that is nearest. */
function stopWords(at: number, stops: number): string {
  return stops === 0 ? '–' : `${(Math.round(at) % stops) + 1} of ${stops}`;
}

/**
 * Goes with the screen's frames for as long as the tour plays: a frame that is not painted in time is left out, and a
 * tab that nobody sees stands still. Who wants less motion must press Play.
 */
function useClock(): void {
  const playing = useLimn((s) => s.playing);
  const loaded = useLimn((s) => s.loading.state === 'done');
  const play = useLimn((s) => s.play);
  const travel = useLimn((s) => s.travel);
  useEffect(() => {
    if (playing === null) play(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  }, [playing, play]);
  useEffect(() => {
    if (!playing || !loaded) return undefined;
    let last: number | null = null;
    let frame = requestAnimationFrame(function tick(now) {
      if (last !== null) travel((now - last) / 1000);
      last = now;
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, loaded, travel]);
}
