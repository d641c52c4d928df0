import './caption.css';
import { useMemo, useRef, useState } from 'react';
import { beginningOf, wordsReadBy } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import { resultOf } from '../../state/job.ts';
import { MAX_CAPTION } from '../../text/alphabet.ts';
import { unseenWords } from '../../text/vocabulary.ts';
import { captionWords } from '../../ui/caption-words.ts';
import { CaptionField } from '../../ui/CaptionField.tsx';

const CAPTION_FIELD = 'caption-words';
/** Examples that are shown at once, and by how many “others…” goes on: fewer, since the last ones may be cut off. */
const SHOWN = 6;
const STEP = 4;
const NOBODY: readonly string[] = [];

export function Caption() {
  const caption = useLimn((s) => s.form.recipe.caption);
  const model = useLimn((s) => s.form.recipe.model);
  const vocabulary = useLimn((s) => s.vocabularies[model]);
  const earlier = useLimn((s) => s.captions);
  const invalid = useLimn((s) => s.painting.state === 'failed' && s.painting.failure.kind === 'bad-caption');
  const edit = useLimn((s) => s.edit);
  const exchangeCaption = useLimn((s) => s.exchangeCaption);
  const paint = useLimn((s) => s.paint);
  const beginning = useLimn(beginningOf);
  const longest = useLimn(wordsReadBy);
  const field = useRef<HTMLTextAreaElement>(null);

  const readable = caption.length <= MAX_CAPTION;
  const unseen = useMemo(
    () => (vocabulary && readable ? unseenWords(caption, vocabulary) : []),
    [caption, readable, vocabulary],
  );
  return (
    <div className="caption">
      <CaptionField
        label="What should it paint?"
        placeholder={beginning}
        value={caption}
        marks={unseen}
        earlier={earlier}
        invalid={invalid}
        describedBy={CAPTION_FIELD}
        fieldRef={field}
        onChange={(caption) => edit({ caption })}
        onSubmit={() => void paint()}
      />
      <p className="caption-words" id={CAPTION_FIELD}>
        {captionWords(
          caption,
          unseen.map(({ word }) => word),
          longest,
        )}
      </p>
      <Examples
        onChoose={(caption) => {
          exchangeCaption(caption);
          field.current?.focus();
          void paint();
        }}
      />
    </div>
  );
}

function Examples({ onChoose }: { readonly onChoose: (caption: string) => void }) {
  const model = useLimn((s) => s.form.recipe.model);
  const examples = useLimn((s) => resultOf(s.cards[model])?.examples ?? NOBODY);
  // The first one stands in the field already.
  const [from, setFrom] = useState(1);
  if (examples.length === 0) return <div className="examples" />;
  const shown = Array.from(
    { length: Math.min(SHOWN, examples.length) },
    (_, i) => examples[(from + i) % examples.length] ?? '',
  );
  return (
    <div className="examples" role="group" aria-label="Examples">
      <span className="examples-label" aria-hidden="true">
        Try
      </span>
      <div className="examples-line">
        {shown.map((example) => (
          <button type="button" key={example} className="example" onClick={() => onChoose(example)}>
            {example}
          </button>
        ))}
      </div>
      {examples.length > 2 && (
        <button
          type="button"
          className="example more"
          onClick={() => setFrom((at) => (at + Math.min(STEP, examples.length - 1)) % examples.length)}
          aria-label="Other examples"
        >
          others…
        </button>
      )}
    </div>
  );
}
