import { useId, useState, type FormEvent } from 'react';
import type { Pixels } from '../../engine/protocol.ts';
import { differenceOf, heat } from '../../image/heat.ts';
import type { Change } from '../../state/cascade.ts';
import { wordsReadBy } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import { unseenWords } from '../../text/vocabulary.ts';
import { captionWords } from '../../ui/caption-words.ts';
import { Compare } from '../../ui/Compare.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { failureWords } from '../../ui/failure-words.ts';
import { share } from '../../ui/format.ts';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { Waiting } from '../../ui/Waiting.tsx';

interface Props {
  /** As it is with the words that it has. */
  readonly before: Pixels;
  readonly words: readonly string[];
  /** The word that is to be another. */
  readonly at: number | null;
}

/** Offered for a colour: the change that shows best. */
const COLOURS = ['red', 'orange', 'yellow', 'pink', 'purple', 'blue', 'white'];

/** One word exchanged, the noise as it was. */
export function ChangeWord({ before, words, at }: Props) {
  const change = useLimn((s) => s.inside?.change ?? null);
  return (
    <section className="cascade-change" aria-labelledby="change-title">
      <h3 id="change-title">Another word, the same noise</h3>
      {at === null ? (
        <p className="aside">Press a word above to put another in its place.</p>
      ) : (
        <WordForm key={at} at={at} word={words[at] ?? ''} />
      )}
      {change && <Changed before={before} words={words} change={change} />}
      {/* The page's announcer lies outside the open dialog, where nobody hears it. */}
      <p className="visually-hidden" role="status">
        {change && spoken(change, words)}
      </p>
    </section>
  );
}

function WordForm({ at, word }: { readonly at: number; readonly word: string }) {
  const id = useId();
  const changeWord = useLimn((s) => s.changeWord);
  const [text, setText] = useState('');
  const [fault, setFault] = useState('');
  const model = useLimn((s) => s.inside?.of.recipe.model ?? '');
  const vocabulary = useLimn((s) => s.vocabularies[model]);
  const longest = useLimn((s) => wordsReadBy(s, model));
  const unseen = vocabulary ? unseenWords(text, vocabulary).map(({ word }) => word) : [];
  const paint = (other: string) => {
    const failure = changeWord(at, other);
    // Leaving a word out fails where nothing would be left to read.
    setFault(failure ? (other === '' ? 'One word must stay.' : failureWords(failure).title) : '');
  };
  const colours = COLOURS.includes(word) ? COLOURS.filter((colour) => colour !== word) : [];
  return (
    <form
      className="change-form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (text.trim() !== '') paint(text);
      }}
    >
      <label htmlFor={id}>{`In place of “${word}”`}</label>
      <input
        id={id}
        className="text-field"
        value={text}
        maxLength={60}
        autoComplete="off"
        aria-describedby={`${id}-words`}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setFault('');
        }}
      />
      <button type="submit" className="button" disabled={text.trim() === ''}>
        Paint it
      </button>
      <button type="button" className="button quiet" onClick={() => paint('')}>
        Leave it out
      </button>
      {colours.map((colour) => (
        <button key={colour} type="button" className="button quiet small" onClick={() => paint(colour)}>
          {colour}
        </button>
      ))}
      <p className="caption-words" id={`${id}-words`}>
        {captionWords(text, unseen, longest)}
      </p>
      <p className="change-fault" role="status">
        {fault}
      </p>
    </form>
  );
}

function exchange({ at, word }: Change, words: readonly string[]): string {
  const was = words[at] ?? '';
  return word === '' ? `Without “${was}”` : `“${word}” in place of “${was}”`;
}

/** A failure speaks for itself. */
function spoken(change: Change, words: readonly string[]): string {
  if (change.job.state === 'running') return 'Painting it anew.';
  return change.job.state === 'done' ? `Painted. ${exchange(change, words)}.` : '';
}

function Changed({
  before,
  words,
  change,
}: {
  readonly before: Pixels;
  readonly words: readonly string[];
  readonly change: Change;
}) {
  const changeWord = useLimn((s) => s.changeWord);
  const { at, word, job } = change;
  if (job.state === 'failed') {
    const retry = () => void changeWord(at, word);
    return <Failure failure={job.failure} retry={retry} />;
  }
  if (job.state !== 'done') return <Waiting title="Painting it with the other word" detail="" value={null} />;
  return <Result before={before} after={job.result.picture.pixels} said={exchange(change, words)} />;
}

function Result({ before, after, said }: { readonly before: Pixels; readonly after: Pixels; readonly said: string }) {
  const upscaling = useLimn((s) => s.form.upscaling);
  const drop = useLimn((s) => s.dropChange);
  const keep = useLimn((s) => s.keepChange);
  const { values, mean, noticed } = differenceOf(before, after);
  const { width, height } = after;
  // Where nearly nothing changed, nothing should shine.
  const most = Math.max(32, ...values);
  return (
    <>
      <div className="change-result">
        <Compare before={before} after={after} upscaling={upscaling} label={said} />
        <figure className="change-difference">
          <ImageCanvas
            pixels={heat(values, width, height, most)}
            upscaling={upscaling}
            edge={720}
            label="Where the two pictures differ; the lighter, the more"
          />
          <figcaption>
            {`${said}: ${share(noticed)} of the picture changed; ${mean.toFixed(1)} of 255 levels on average.`}
          </figcaption>
        </figure>
      </div>
      <div className="actions-row">
        <button type="button" className="button" onClick={keep}>
          Go on with this one
        </button>
        <button type="button" className="button quiet" onClick={drop}>
          Drop it
        </button>
      </div>
    </>
  );
}
