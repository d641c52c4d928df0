import './ends.css';
import { useId, useMemo, useRef, type ReactNode } from 'react';
import { beginningOf, wordsReadBy } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import { captionFault, MAX_CAPTION } from '../../text/alphabet.ts';
import { unseenWords } from '../../text/vocabulary.ts';
import { captionWords } from '../../ui/caption-words.ts';
import { CaptionField } from '../../ui/CaptionField.tsx';
import { failureWords } from '../../ui/failure-words.ts';
import { Icon } from '../../ui/Icon.tsx';
import { SeedField } from '../../ui/SeedField.tsx';

/** The two captions, each with its seed. */
export function Ends() {
  const swap = useLimn((s) => s.swapEnds);
  return (
    <div className="ends">
      <End end="a" />
      <button type="button" className="icon-button swap" aria-label="Swap A and B" title="Swap A and B" onClick={swap}>
        <Icon name="swap" />
      </button>
      <End end="b" />
    </div>
  );
}

function End({ end }: { readonly end: 'a' | 'b' }) {
  const { caption, seed, style } = useLimn((s) => s.walk[end]);
  const edit = useLimn((s) => s.editEnd);
  const roll = useLimn((s) => s.rollEnd);
  const name = end.toUpperCase();
  return (
    <CaptionLine
      label={`Caption ${name}`}
      caption={caption}
      onChange={(caption) => edit(end, { caption })}
      aside={style ? 'The style comes from a picture. Rolling the seed lets it go.' : ''}
    >
      <SeedField
        label={`Seed ${name}`}
        value={seed}
        onChange={(seed) => edit(end, { seed })}
        onRoll={() => roll(end)}
      />
    </CaptionLine>
  );
}

interface LineProps {
  readonly label: string;
  readonly caption: string;
  /** Said where there is nothing else to say. */
  readonly aside?: string;
  readonly onChange: (caption: string) => void;
  /** Stands under the field, beside what is said of it. */
  readonly children: ReactNode;
}

/** A caption's field, and what is to be said of it. It is painted as one writes; Enter only remembers it. */
export function CaptionLine({ label, caption, aside = '', onChange, children }: LineProps) {
  const model = useLimn((s) => s.form.recipe.model);
  const vocabulary = useLimn((s) => s.vocabularies[model]);
  const earlier = useLimn((s) => s.captions);
  const remember = useLimn((s) => s.rememberCaption);
  const beginning = useLimn(beginningOf);
  const longest = useLimn(wordsReadBy);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const unseen = useMemo(
    () => (vocabulary && caption.length <= MAX_CAPTION ? unseenWords(caption, vocabulary) : []),
    [caption, vocabulary],
  );
  const fault = useMemo(() => captionFault(caption), [caption]);
  const words = captionWords(
    caption,
    unseen.map(({ word }) => word),
    longest,
  );
  return (
    <div className="caption-line">
      <CaptionField
        label={label}
        placeholder={beginning}
        value={caption}
        marks={unseen}
        earlier={earlier}
        invalid={fault !== null}
        describedBy={id}
        fieldRef={field}
        onChange={onChange}
        onSubmit={() => {
          if (!fault) remember(caption.trim());
        }}
      />
      <p className={fault ? 'caption-words wrong' : 'caption-words'} id={id}>
        {words || (fault ? failureWords(fault).title : aside)}
      </p>
      {children}
    </div>
  );
}
