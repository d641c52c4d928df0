import './asked.css';
import { useId, useState } from 'react';
import type { Reflection } from '../../engine/protocol.ts';
import type { Failure as FailureValue } from '../../failure.ts';
import { beginningOf } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import type { Held } from '../../state/mirror.ts';
import { MAX_CAPTION } from '../../text/alphabet.ts';
import { failureWords } from '../../ui/failure-words.ts';
import { notCounted } from './words.ts';
import { Words } from './Words.tsx';

/** The caption that was asked for, and which of its words the picture does not show. */
export function Asked({ asked }: { readonly asked: NonNullable<Reflection['asked']> }) {
  return (
    <section aria-labelledby="asked-title">
      <h2 id="asked-title">What was asked for</h2>
      <Words label="What was asked for, word by word" words={asked.words} asked={asked} />
      <p className="aside">
        The thicker the bar below a word, the less the mirror expected it: it may not be in the picture, or the mirror
        would say it otherwise. Point at one for its probability, and its share of all the surprise. {notCounted(asked)}
      </p>
    </section>
  );
}

/** A person's own picture comes without a caption: they may say what it shows. */
export function AskFor({ held }: { readonly held: Held }) {
  const askFor = useLimn((s) => s.askFor);
  const beginning = useLimn(beginningOf);
  const [text, setText] = useState(held.caption);
  const [fault, setFault] = useState<FailureValue | null>(null);
  const id = useId();
  const words = fault && failureWords(fault);
  return (
    <form
      className="ask-for"
      onSubmit={(event) => {
        event.preventDefault();
        setFault(askFor(text));
      }}
    >
      <label htmlFor={id}>What would you say it shows?</label>
      <div className="ask-for-line">
        <input
          id={id}
          type="text"
          value={text}
          maxLength={MAX_CAPTION}
          placeholder={beginning}
          autoComplete="off"
          autoCapitalize="none"
          aria-invalid={fault !== null}
          aria-describedby={`${id}-words`}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setFault(null);
          }}
        />
        <button type="submit" className="button quiet">
          Compare
        </button>
      </div>
      <p id={`${id}-words`} className="aside" role="status">
        {words ? `${words.title} ${words.advice}` : 'The mirror then says how well its words and yours agree.'}
      </p>
    </form>
  );
}
