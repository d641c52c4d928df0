import { useState } from 'react';
import { chooseModel } from '../../state/begin.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import type { Lesson } from '../../state/lesson-state.ts';
import { Progress } from '../../ui/Progress.tsx';
import { Export } from './Export.tsx';
import { NameField } from './NameField.tsx';

/** What was learned, as a model of its own. */
export function Keep({ lesson }: { readonly lesson: Lesson }) {
  const store = useLimnStore();
  const enter = useLimn((s) => s.enter);
  const { run, step, place, keeping, training } = lesson;
  const [name, setName] = useState(run.name);
  if (step === 0 && training.state !== 'running') return null;
  const { keepRun } = store.getState();
  const earlier = place !== null && place !== run.checkpoints.at(-1);
  const busy = keeping.state === 'running';
  return (
    <section className="teach-keep" aria-labelledby="teach-keep-title">
      <h3 id="teach-keep-title">Keep it as a model</h3>
      <div className="line">
        <NameField name={name} onChange={setName} />
        <button
          type="button"
          className="button"
          disabled={busy}
          onClick={() => void keepRun(name, earlier ? place : undefined)}
        >
          {earlier ? `Keep step ${place.toLocaleString('en')}` : 'Keep'}
        </button>
        {training.state === 'running' && <p className="aside">It pauses for that.</p>}
      </div>
      {busy && <Progress label="Keeping the model" value={null} />}
      {keeping.state === 'done' && (
        <div className="line" role="status">
          <p className="teach-kept">{`${keeping.result.entry.name} is kept.`}</p>
          <button
            type="button"
            className="button primary"
            onClick={() => {
              // With a caption of what it has learnt, unless somebody wrote another.
              void chooseModel(store, keeping.result.entry.id).then(() => enter('paint'));
            }}
          >
            Paint with it
          </button>
          <Export model={keeping.result.entry} />
        </div>
      )}
    </section>
  );
}
