import './charts.css';
import { useId, useMemo } from 'react';
import { useLimnStore } from '../../state/context.ts';
import type { Lesson } from '../../state/lesson-state.ts';
import { share } from '../../ui/format.ts';
import { StepChart } from '../../ui/StepChart.tsx';

const plain = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));

/** How it goes, in curves; dragging along any of them goes back to a checkpoint, and so does the slider below. */
export function Charts({ lesson }: { readonly lesson: Lesson }) {
  const store = useLimnStore();
  const { points, run, place } = lesson;
  const { placeAt } = store.getState();
  const columns = useMemo(
    () => ({
      steps: points.map(({ step }) => step),
      losses: [
        { name: 'Painter', colour: '--accent', values: points.map((p) => p.lossGenerator) },
        { name: 'Critic', colour: '--busy', values: points.map((p) => p.lossCritic) },
        { name: 'Away from the old', colour: '--soft', values: points.map((p) => p.anchor) },
      ],
      right: [
        { name: 'Your pictures', colour: '--good', values: points.map((p) => p.realRight) },
        { name: 'Painted ones', colour: '--accent', values: points.map((p) => p.fakeRight) },
        ...(points.some((p) => p.wrongRight !== null)
          ? [{ name: 'Wrong captions', colour: '--busy', values: points.map((p) => p.wrongRight) }]
          : []),
      ],
      held: [{ name: 'Likeness', colour: '--accent', values: points.map((p) => p.heldOut) }],
    }),
    [points],
  );
  const common = {
    ...{ steps: columns.steps, until: run.settings.steps, marks: run.checkpoints, place },
    onPlace: placeAt,
  };
  return (
    <section className="teach-charts" aria-label="How it goes">
      <StepChart {...common} label="Losses" lines={columns.losses} show={plain} />
      <StepChart {...common} label="What the critic gets right" lines={columns.right} range={UNIT} show={share} />
      {points.some(({ heldOut }) => heldOut !== null) && (
        <StepChart
          {...common}
          label="How well it paints captions that were kept back"
          lines={columns.held}
          show={plain}
        />
      )}
      <Back lesson={lesson} />
    </section>
  );
}

const UNIT = [0, 1] as const;

/** To an earlier step: the same by keyboard, and the button that means it. */
function Back({ lesson }: { readonly lesson: Lesson }) {
  const id = useId();
  const store = useLimnStore();
  const { run, place, training, reverting } = lesson;
  const { checkpoints } = run;
  const { placeAt, revertTo } = store.getState();
  if (checkpoints.length < 2) return null;
  const last = checkpoints.length - 1;
  const at = place === null ? last : Math.max(0, checkpoints.indexOf(place));
  const step = checkpoints[at] ?? 0;
  const words = step === 0 ? 'before it began' : `step ${step.toLocaleString('en')}`;
  const busy = training.state === 'running' && training.progress.pausing;
  return (
    <div className="teach-back">
      <label htmlFor={id}>Look back</label>
      <input
        id={id}
        type="range"
        min={0}
        max={last}
        step={1}
        value={at}
        aria-valuetext={words}
        onChange={(event) => placeAt(checkpoints[event.currentTarget.valueAsNumber] ?? null)}
      />
      <output htmlFor={id}>{words}</output>
      <button
        type="button"
        className="button quiet small"
        disabled={at === last || busy || reverting.state === 'running'}
        onClick={() => void revertTo(step)}
      >
        {reverting.state === 'running' ? 'Going back…' : 'Go on from there'}
      </button>
      <p className="aside">
        Or drag along a curve. What was learned after that step is dropped when you go on from there.
      </p>
    </div>
  );
}
