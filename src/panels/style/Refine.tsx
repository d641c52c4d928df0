import { useEffect, useRef } from 'react';
import { useLimn } from '../../state/context.ts';
import { RESTARTS, STEPS, type Restarts, type Steps } from '../../state/refinement.ts';
import type { Found } from '../../state/style.ts';
import { useFocusKept } from '../../ui/focus-kept.ts';
import { loadWords } from '../../ui/load-words.ts';
import { LossChart } from '../../ui/LossChart.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { Waiting } from '../../ui/Waiting.tsx';

const STEP_OPTIONS = STEPS.map((value) => ({ value, label: String(value) }));
const START_OPTIONS = RESTARTS.map((value) => ({ value, label: String(value) }));
const CHART = 'Distance, step by step';
/** Mean squares of colours from −1 to 1. */
const figure = (loss: number) => loss.toFixed(3);

/** Searching on from the first look, step by step. */
export function Refine({ found }: { readonly found: Found }) {
  const refining = useLimn((s) => s.style.refining);
  const looking = useLimn((s) => s.style.looking.state === 'running');
  const steps = useLimn((s) => s.style.steps);
  const restarts = useLimn((s) => s.style.restarts);
  const refine = useLimn((s) => s.refineStyle);
  const choose = useLimn((s) => s.setRefinement);
  const button = useRef<HTMLButtonElement>(null);
  const running = refining.state === 'running';
  useFocusKept(running, () => button.current);

  if (running) return <Running />;
  const { first, refined } = found;
  return (
    <div className="style-refine">
      <div className="line">
        <button type="button" ref={button} className="button" disabled={looking} onClick={() => void refine()}>
          {refined ? 'Refine again' : 'Refine'}
        </button>
        <span className="style-choice">
          <Segmented<Steps>
            label="Steps"
            value={steps}
            options={STEP_OPTIONS}
            onChange={(steps) => choose({ steps })}
          />
          <span aria-hidden="true">steps</span>
        </span>
        <span className="style-choice">
          <Segmented<Restarts>
            label="Other starts that are tried as well"
            value={restarts}
            options={START_OPTIONS}
            onChange={(restarts) => choose({ restarts })}
          />
          <span aria-hidden="true">other starts</span>
        </span>
      </div>
      <p className="aside" role="status">
        {refined
          ? refined.distance < first.distance
            ? `From ${Math.round(first.distance)} to ${Math.round(refined.distance)} levels. The first look is still there, above.`
            : 'It found nothing nearer than the first look, which stays in use.'
          : 'The first look took a moment. Refining searches on from there, and from other starts, for something nearer.'}
      </p>
      {refining.state === 'done' && (
        <LossChart label={CHART} losses={refining.result.losses} points={refining.result.losses.length} show={figure} />
      )}
    </div>
  );
}

function Running() {
  const refining = useLimn((s) => s.style.refining);
  const cancel = useLimn((s) => s.cancelStyle);
  const stop = useRef<HTMLButtonElement>(null);
  useEffect(() => stop.current?.focus({ preventScroll: true }), []);
  if (refining.state !== 'running') return null;
  const { fetching, step, steps, losses } = refining.progress;
  const words = fetching
    ? loadWords(fetching, 'eye for style')
    : {
        title: losses.length === 0 ? 'Looking closely' : `Step ${step} of ${steps}`,
        detail: 'If you stop, what was found before stays.',
        value: losses.length === 0 ? null : step / steps,
      };
  return (
    <div className="style-refine">
      <Waiting {...words}>
        <button type="button" ref={stop} className="button quiet small" aria-keyshortcuts="Escape" onClick={cancel}>
          Stop<kbd>Esc</kbd>
        </button>
      </Waiting>
      <LossChart label={CHART} losses={losses} points={steps + 1} show={figure} />
    </div>
  );
}
