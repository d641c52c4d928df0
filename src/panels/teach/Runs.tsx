import './runs.css';
import { useRef } from 'react';
import { chooseModel } from '../../state/begin.ts';
import { modelOf } from '../../state/catalogue.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { resultOf } from '../../state/job.ts';
import { useFocusKept } from '../../ui/focus-kept.ts';
import { Forget } from './Forget.tsx';
import { plural } from './words.ts';

const NOTHING: never[] = [];

/** Runs of earlier visits, and of this one: each stands where it was left. */
export function Runs() {
  const store = useLimnStore();
  const runs = useLimn((s) => resultOf(s.runs) ?? NOTHING);
  const catalogue = useLimn((s) => s.catalogue);
  const title = useRef<HTMLHeadingElement>(null);
  // A run that is forgotten takes its buttons along.
  useFocusKept(runs.length, () => title.current);
  if (runs.length === 0) return null;
  const { openRun, forgetRun } = store.getState();
  return (
    <section className="teach-runs" aria-labelledby="teach-runs-title">
      <h2 id="teach-runs-title" ref={title} tabIndex={-1}>
        Begun here
      </h2>
      <ul>
        {runs.map((run) => {
          const { id, name, parent, step, settings, examples, updated } = run;
          const there = modelOf({ catalogue }, parent) !== null || catalogue.state !== 'done';
          return (
            <li key={id} className="teach-run">
              <div>
                <h3>{name}</h3>
                <p className="aside">
                  {`${plural(examples, 'picture')} · step ${step.toLocaleString('en')} of ${settings.steps.toLocaleString('en')} · ${new Date(updated).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}`}
                  {!there && ` · the model “${parent}” is not here any more`}
                </p>
              </div>
              <button
                type="button"
                className="button"
                disabled={!there}
                onClick={() => {
                  void chooseModel(store, parent);
                  void openRun(run);
                }}
              >
                Open
                <span className="visually-hidden">{` ${name}`}</span>
              </button>
              <Forget what={name} onForget={() => void forgetRun(id)} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
