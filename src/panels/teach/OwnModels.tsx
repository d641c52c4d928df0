import './runs.css';
import { useRef } from 'react';
import { chooseModel } from '../../state/begin.ts';
import { downloadBytes } from '../../state/catalogue.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { resultOf } from '../../state/job.ts';
import { megabytes } from '../../ui/format.ts';
import { placed } from '../../ui/dropped-files.ts';
import { useFocusKept } from '../../ui/focus-kept.ts';
import { Progress } from '../../ui/Progress.tsx';
import { Export } from './Export.tsx';
import { Forget } from './Forget.tsx';
import { costOf } from './words.ts';

/** Models that came of runs, or from another machine. */
export function OwnModels() {
  const store = useLimnStore();
  const own = useLimn((s) => s.own);
  const runs = useLimn((s) => resultOf(s.runs));
  const using = useLimn((s) => s.form.recipe.model);
  const importing = useLimn((s) => s.importing.state === 'running');
  const title = useRef<HTMLHeadingElement>(null);
  // A model that is forgotten takes its buttons along.
  useFocusKept(own.length, () => title.current);
  const { takeExamples, forgetOwn, enter } = store.getState();
  return (
    <section className="teach-own" aria-labelledby="teach-own-title">
      <h2 id="teach-own-title" ref={title} tabIndex={-1}>
        Your models
      </h2>
      {own.length > 0 && (
        <ul>
          {own.map(({ entry, card }) => (
            <li key={entry.id} className="teach-run">
              <div>
                <h3>{entry.name}</h3>
                <p className="aside">
                  {`${entry.sizes.map((size) => `${size} px`).join(', ')} · ${megabytes(downloadBytes(entry))} to paint with, ${megabytes(card.bytes)} in all${card.training.parent === undefined ? '' : ` · taught from ${card.training.parent.replace(/ \(.*$/, '')}`}${entry.id === using ? ' · in use' : ''}`}
                </p>
              </div>
              <button
                type="button"
                className="button"
                onClick={() => {
                  void chooseModel(store, entry.id).then(() => enter('paint'));
                }}
              >
                Paint with it
                <span className="visually-hidden">{` ${entry.name}`}</span>
              </button>
              <Export model={entry} />
              <Forget what={entry.name} cost={costOf(entry.id, runs)} onForget={() => void forgetOwn(entry.id)} />
            </li>
          ))}
        </ul>
      )}
      <div className="line">
        <label className="button quiet">
          <input
            type="file"
            className="visually-hidden"
            accept=".zip"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file) void takeExamples([placed(file)]);
              event.currentTarget.value = '';
            }}
          />
          Bring a model
        </label>
        <p className="aside">
          {own.length === 0 ? 'What you keep stands here. ' : ''}A ZIP archive that Limn exported can be brought in on
          any machine, or dropped on this page.
        </p>
      </div>
      {importing && <Progress label="Checking the model" value={null} />}
    </section>
  );
}
