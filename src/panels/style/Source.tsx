import './source.css';
import { useId } from 'react';
import { beginningOf } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import { captionFault } from '../../text/alphabet.ts';
import { CropField } from '../../ui/CropField.tsx';
import { PictureField } from '../../ui/PictureField.tsx';

/** The picture, the square that is looked at, and what it shows. */
export function Source() {
  const source = useLimn((s) => s.style.source);
  const busy = useLimn((s) => s.style.taking.state === 'running');
  const take = useLimn((s) => s.takeStylePicture);
  const crop = useLimn((s) => s.cropStyle);
  if (!source) return null;
  return (
    <div className="style-source">
      <PictureField
        label="A picture to take the style from"
        hint="Dropping or pasting works, too."
        busy={busy}
        filled
        onFile={(file) => void take(file)}
      >
        <CropField label="Your picture" pixels={source.pixels} square={source.square} onChange={crop} />
      </PictureField>
      <Shows />
    </div>
  );
}

function Shows() {
  const id = useId();
  const caption = useLimn((s) => s.style.caption);
  const by = useLimn((s) => s.style.captionBy);
  const reading = useLimn((s) => s.style.reading.state === 'running');
  const describe = useLimn((s) => s.describeStyle);
  const lookAgain = useLimn((s) => s.lookAgain);
  const beginning = useLimn(beginningOf);
  const fault = captionFault(caption);
  const aside =
    fault?.reason === 'unreadable'
      ? 'The model reads English words in Latin letters; this says nothing to it.'
      : fault?.reason === 'too-long'
        ? 'That is more than it can read.'
        : reading
          ? 'The mirror is reading the picture.'
          : by === 'mirror'
            ? 'Read by the mirror. Correct it if you know better.'
            : 'Words that fit leave only the style to be found. It may stay empty.';
  return (
    <div className="style-shows">
      <label htmlFor={id}>What does the picture show?</label>
      <textarea
        id={id}
        className="caption-text"
        rows={2}
        value={caption}
        placeholder={reading ? 'Reading…' : beginning}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        aria-describedby={`${id}-aside`}
        onChange={(event) => describe(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          void lookAgain();
        }}
      />
      <p id={`${id}-aside`} className="aside">
        {aside}
      </p>
    </div>
  );
}
