import './improve.css';
import { useRef, useState, type RefObject } from 'react';
import { useLimn } from '../../state/context.ts';
import type { Painted } from '../../state/history.ts';
import { STEPS, type Improved, type Improving, type Steps } from '../../state/improve.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useFocusKept } from '../../ui/focus-kept.ts';
import { loadWords } from '../../ui/load-words.ts';
import { LossChart } from '../../ui/LossChart.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { Waiting } from '../../ui/Waiting.tsx';

const OPTIONS = STEPS.map((value) => ({ value, label: String(value) }));
const CHART = 'Surprise at the caption, step by step';

/** Steering by the mirror, from the press to what is kept. */
export function Improve({ picture }: { readonly picture: Painted }) {
  const improvement = useLimn((s) => s.improvement);
  const improve = useLimn((s) => s.improve);
  const [steps, setSteps] = useState<Steps>(improvement?.steps ?? 60);
  const job = improvement?.job;
  const begin = () => void improve(picture, steps);
  // Of the buttons that are there now.
  const first = useRef<HTMLButtonElement>(null);
  useFocusKept(job?.state, () => first.current);
  return (
    <section className="improve" aria-labelledby="improve-title">
      <h2 id="improve-title">Improve it</h2>
      {job?.state === 'running' ? (
        <Running first={first} progress={job.progress} steps={improvement?.steps ?? steps} />
      ) : job?.state === 'done' ? (
        <Done first={first} result={job.result} steps={improvement?.steps ?? steps} />
      ) : (
        <>
          <p className="aside">
            The painter changes the picture a little at a time, and keeps what makes the caption fit better in the
            mirror’s eyes. More steps take longer and change more.
          </p>
          <div className="line">
            <button type="button" ref={first} className="button primary" onClick={begin}>
              Improve
            </button>
            <span className="improve-steps">
              <span aria-hidden="true">Steps</span>
              <Segmented label="Steps" value={steps} options={OPTIONS} onChange={setSteps} />
            </span>
          </div>
        </>
      )}
      {job?.state === 'failed' && <Failure failure={job.failure} retry={begin} />}
    </section>
  );
}

interface StageProps {
  readonly first: RefObject<HTMLButtonElement | null>;
  readonly steps: number;
}

function Running({ first, progress, steps }: StageProps & { readonly progress: Improving }) {
  const cancel = useLimn((s) => s.cancelImproving);
  const { fetching, losses } = progress;
  const at = losses.length - 1;
  const words = fetching
    ? loadWords(fetching, 'mirror')
    : {
        title: at < 1 ? 'Looking closely' : `Step ${at} of ${steps}`,
        detail: 'The picture changes while you look.',
        value: at < 1 ? null : at / steps,
      };
  return (
    <>
      <Waiting {...words}>
        <button type="button" ref={first} className="button quiet small" aria-keyshortcuts="Escape" onClick={cancel}>
          Stop<kbd>Esc</kbd>
        </button>
      </Waiting>
      <LossChart label={CHART} losses={losses} points={steps + 1} />
    </>
  );
}

function Done({ first, result, steps }: StageProps & { readonly result: Improved }) {
  const keep = useLimn((s) => s.keepImproved);
  const drop = useLimn((s) => s.dropImproved);
  const { before, after, losses } = result;
  const better = before > 0 ? Math.round((100 * (before - after)) / before) : 0;
  return (
    <>
      <p className="improve-said">
        {better > 0
          ? `The caption surprises the mirror ${better} % less than before.`
          : 'The mirror sees no improvement: the picture was as good as it gets this way.'}
      </p>
      <LossChart label={CHART} losses={losses} points={steps + 1} />
      <div className="line">
        <button type="button" ref={first} className="button primary" onClick={keep}>
          Keep it
        </button>
        <button type="button" className="button quiet" onClick={drop}>
          Back to the first
        </button>
      </div>
    </>
  );
}
