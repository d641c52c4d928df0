import { modelOf } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import { hindrance } from '../../state/hindrance.ts';
import { loadWords } from '../../ui/load-words.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { NameField } from './NameField.tsx';

/** A name, and off it goes; or what is still missing. */
export function Begin() {
  const name = useLimn((s) => s.teach.name);
  const nameSet = useLimn((s) => s.nameSet);
  const model = useLimn((s) => modelOf(s, s.form.recipe.model));
  const enter = useLimn((s) => s.enter);
  const missing = useLimn(hindrance);
  const beginning = useLimn((s) => s.beginning);
  const begin = useLimn((s) => s.beginRun);
  if (beginning.state === 'running') return <Waiting {...loadWords(beginning.progress, 'critic')} />;
  return (
    <section className="teach-begin" aria-label="Begin">
      <div className="line">
        <NameField name={name} placeholder="My model" onChange={nameSet} />
        <button
          type="button"
          className="button primary"
          disabled={missing !== null}
          aria-describedby="teach-missing"
          onClick={() => void begin()}
        >
          Begin
        </button>
        {model && (
          <p className="aside">
            {`It begins as ${model.name}, which stays as it is. `}
            <button type="button" className="text-button" onClick={() => enter('models')}>
              Another model
            </button>
          </p>
        )}
      </div>
      <p id="teach-missing" className="teach-missing" role="status">
        {missing}
      </p>
    </section>
  );
}
