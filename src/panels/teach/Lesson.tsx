import './lesson.css';
import { useEffect, useRef } from 'react';
import { BOUNDS, SETTINGS } from '../../engine/protocol-teaching.ts';
import { modelOf } from '../../state/catalogue.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { secondsLeft, type Lesson as LessonState } from '../../state/lesson-state.ts';
import { runFiles } from '../../state/run-files.ts';
import { useFocusKept } from '../../ui/focus-kept.ts';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { loadWords } from '../../ui/load-words.ts';
import { Progress } from '../../ui/Progress.tsx';
import { Charts } from './Charts.tsx';
import { Keep } from './Keep.tsx';
import { Sheets } from './Sheets.tsx';
import { duration, plural } from './words.ts';

/** A run that is open: what it does now, its curves, and what it paints. */
export function Lesson() {
  const lesson = useLimn((s) => s.lesson);
  const close = useLimn((s) => s.closeRun);
  const parent = useLimn((s) => (lesson ? (modelOf(s, lesson.run.parent)?.name ?? lesson.run.parent) : ''));
  const title = useRef<HTMLHeadingElement>(null);
  const id = lesson?.run.id;
  // The button that led here is gone.
  useEffect(() => title.current?.focus({ preventScroll: true }), [id]);
  if (!lesson) return null;
  const { run } = lesson;
  return (
    <>
      <header className="teach-head">
        <div>
          <h2 ref={title} tabIndex={-1} className="teach-name-of-run">
            {run.name}
          </h2>
          <p className="aside">
            {`${plural(run.examples, 'picture')}, taught to ${parent} · rate ${run.settings.rate}, anchor ${run.settings.anchor}`}
          </p>
        </div>
        <button type="button" className="button quiet" onClick={() => void close()}>
          All runs
        </button>
      </header>
      <Standing lesson={lesson} />
      <Told lesson={lesson} />
      <div className="teach-live">
        <Sheets lesson={lesson} />
        <Charts lesson={lesson} />
      </div>
      <Keep lesson={lesson} />
      <Given lesson={lesson} />
    </>
  );
}

/** Where it stands, and the buttons. */
function Standing({ lesson }: { readonly lesson: LessonState }) {
  const store = useLimnStore();
  const { train, pauseTraining, stopTraining } = store.getState();
  const { run, step, training, points, reverting } = lesson;
  const { steps } = run.settings;
  const running = training.state === 'running';
  const pausing = running && training.progress.pausing;
  const recovering = useLimn((s) => s.engine.phase === 'recovering');
  const over = step >= steps;
  const more = Math.min(SETTINGS.steps, BOUNDS.steps[1] - steps);
  const back = reverting.state === 'running';
  const first = useRef<HTMLButtonElement>(null);
  // While it goes back nothing can be pressed: the focus comes when it is through.
  useFocusKept(running || back, () => first.current);
  return (
    <div className="teach-standing">
      <div className="line">
        {running ? (
          <>
            <button
              type="button"
              ref={first}
              className="button primary"
              disabled={pausing}
              aria-keyshortcuts="Escape"
              onClick={() => void pauseTraining()}
            >
              {pausing ? 'Pausing…' : 'Pause'}
            </button>
            <button type="button" className="button quiet" disabled={pausing} onClick={() => void stopTraining()}>
              Stop here
            </button>
          </>
        ) : over ? (
          more > 0 && (
            <button
              type="button"
              ref={first}
              className="button"
              disabled={back}
              onClick={() => void train(undefined, { steps: steps + more })}
            >
              {`Train ${plural(more, 'step')} more`}
            </button>
          )
        ) : (
          <>
            <button type="button" ref={first} className="button primary" disabled={back} onClick={() => void train()}>
              {step === 0 ? 'Train' : 'Resume'}
            </button>
            <button type="button" className="button quiet" disabled={back} onClick={() => void train(step + 1)}>
              One step
            </button>
          </>
        )}
        <p className="teach-where">{`Step ${step.toLocaleString('en')} of ${steps.toLocaleString('en')}`}</p>
        <p className="aside">{running && recovering ? recoveringWords(run) : paceWords(lesson)}</p>
      </div>
      <Progress label="Training" value={step / Math.max(1, steps)} />
      {running && points.length === 0 && !training.progress.fetching && (
        <p className="aside">The first step takes longest: everything is fitted to this device.</p>
      )}
    </div>
  );
}

const recoveringWords = ({ step }: LessonState['run']) =>
  `The graphics device went away. It starts again by itself, and training goes on from step ${step.toLocaleString('en')}.`;

function paceWords(lesson: LessonState): string {
  const { training, points } = lesson;
  if (training.state !== 'running') return '';
  if (training.progress.pausing) return 'The step ends and is kept.';
  if (training.progress.fetching) return loadWords(training.progress.fetching, 'critic').title;
  const left = secondsLeft(lesson);
  const pace = points.at(-1)?.picturesPerSecond;
  const parts = [
    pace !== undefined && `${pace < 10 ? pace.toFixed(1) : Math.round(pace)} pictures a second`,
    left !== null && `${duration(left)} left`,
  ];
  return parts.filter((part) => part !== false).join(' · ');
}

/** How a stretch of training ended, in words; where it went astray, with a way on. */
function Told({ lesson: { training, reverting } }: { readonly lesson: LessonState }) {
  const train = useLimn((s) => s.train);
  if (training.state !== 'done') return null;
  const { why, words, rolledBackTo, advised } = training.result;
  if (why === 'diverged') {
    return (
      <div className="failure" role="alert">
        <div>
          <p className="failure-title">{`The training went astray and was rolled back to step ${rolledBackTo ?? 0}.`}</p>
          {words && <p className="failure-advice">{words}</p>}
        </div>
        {advised && (
          <button
            type="button"
            className="button quiet"
            disabled={reverting.state === 'running'}
            onClick={() => void train(undefined, advised)}
          >
            {`Go on with ${advised.rate === undefined ? 'a stronger anchor' : 'a lower rate'}`}
          </button>
        )}
      </div>
    );
  }
  return (
    <p className="teach-told" role="status">
      {why === 'finished'
        ? 'It has learned for as long as was asked. Keep it as a model, go back to a step that you like better, or train on.'
        : 'It stands still. Keep it as a model, go back to a step that you like better, or resume.'}
    </p>
  );
}

/** The pictures that it learns from, and may not have been the last to. */
function Given({ lesson: { run, examples } }: { readonly lesson: LessonState }) {
  const take = useLimn((s) => s.takeExamples);
  if (examples.length === 0) return null;
  return (
    <details className="teach-given">
      <summary>{`The ${plural(examples.length, 'picture')} it learns from`}</summary>
      <ul>
        {examples.map(({ pixels, caption, name }, i) => (
          <li key={i} title={caption}>
            <ImageCanvas pixels={pixels} upscaling="smooth" edge={128} label={`${name}: ${caption}`} />
          </li>
        ))}
      </ul>
      <button type="button" className="button quiet" onClick={() => void runFiles(run.name, examples).then(take)}>
        Use them in another run
      </button>
    </details>
  );
}
