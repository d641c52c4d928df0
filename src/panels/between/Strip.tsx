import './strip.css';
import type { CSSProperties } from 'react';
import { useLimn } from '../../state/context.ts';
import { LEAST_STEPS, MOST_STEPS, stepAt, stepsOf, type Way } from '../../state/walk.ts';
import { share } from '../../ui/format.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { Slider } from '../../ui/Slider.tsx';
import { Cell } from './Pad.tsx';

const WAYS: readonly { readonly value: Way; readonly label: string }[] = [
  { value: 'words', label: 'Words' },
  { value: 'style', label: 'Style' },
  { value: 'both', label: 'Both' },
];

/** The way from A to B as a film: the step where one stands is outlined, and a press goes there. */
export function Strip() {
  const walk = useLimn((s) => s.walk);
  const way = useLimn((s) => s.stripWay);
  const steps = useLimn((s) => s.stripSteps);
  const strip = useLimn((s) => s.strip);
  const upscaling = useLimn((s) => s.form.upscaling);
  const moveTo = useLimn((s) => s.moveTo);
  const chooseWay = useLimn((s) => s.chooseWay);
  const chooseSteps = useLimn((s) => s.chooseSteps);
  const here = stepAt(walk, way, steps);
  return (
    <section className="strip-frame" aria-labelledby="strip-title">
      <div className="strip-head">
        <h2 id="strip-title">From A to B</h2>
        <Segmented label="What changes from step to step" value={way} options={WAYS} onChange={chooseWay} />
        <Slider
          label="Steps"
          hint="How many pictures from A to B."
          value={steps}
          min={LEAST_STEPS}
          max={MOST_STEPS}
          step={1}
          show={String}
          onChange={chooseSteps}
        />
      </div>
      <ol className="strip" style={{ '--steps': steps } as CSSProperties}>
        {stepsOf(walk, way, steps).map((place, i) => (
          <li key={i}>
            <button
              type="button"
              aria-label={`Step ${i + 1} of ${steps}: words ${share(place.text)}, style ${share(place.noise)}`}
              aria-current={i === here ? 'step' : undefined}
              onClick={() => moveTo(place)}
            >
              <Cell tile={strip[i] ?? null} upscaling={upscaling} />
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
