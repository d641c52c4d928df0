/** At the side of Paint: the picture that is looked at, read back. */
import './card.css';
import { useEffect } from 'react';
import { captionerOf, modelOf } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import { latestPictures, type Painted } from '../../state/history.ts';
import { chosenPicture } from '../../state/mirror.ts';
import { yardstickOf } from '../../state/yardstick.ts';
import { handsFocusOn } from '../../ui/focus-kept.ts';
import { megabytes } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { Agreement } from './Agreement.tsx';
import { Reading } from './Reading.tsx';
import { GONE, WITHOUT } from './words.ts';
import { Words } from './Words.tsx';

export function MirrorCard() {
  const model = useLimn((s) => modelOf(s, chosenPicture(s)?.recipe.model ?? s.form.recipe.model));
  const picture = useLimn(chosenPicture);
  const painting = useLimn((s) => s.painting.state === 'running');
  const readsBack = useLimn((s) => s.readsBack);
  const glance = useLimn((s) => s.glance);
  const stop = useLimn((s) => s.stopGlancing);
  // Reading waits until painting is done, and gives way to the next painting.
  useEffect(() => {
    if (painting || !readsBack || !picture) return undefined;
    glance(picture);
    return stop;
  }, [painting, readsBack, picture, glance, stop]);
  if (!model && !picture) return null;
  const captioner = model && captionerOf(model);
  return (
    <aside className="mirror-card" aria-labelledby="mirror-card-title">
      <h2 id="mirror-card-title" tabIndex={-1}>
        Mirror
      </h2>
      {!captioner ? (
        <p className="aside">{model ? WITHOUT : GONE}</p>
      ) : !picture || painting ? (
        <p className="aside">
          {painting && readsBack
            ? 'Reads the first picture back when all are painted.'
            : 'A second network can look at what was painted and say what it sees.'}
        </p>
      ) : (
        <>
          <Which picture={picture} />
          {readsBack ? <Glanced picture={picture} /> : <Offer picture={picture} bytes={captioner.bytes} />}
        </>
      )}
    </aside>
  );
}

/** Which picture is meant, and a way to its neighbours. */
function Which({ picture }: { readonly picture: Painted }) {
  const batch = useLimn((s) => s.batch);
  const lookAt = useLimn((s) => s.lookAt);
  const upscaling = useLimn((s) => s.form.upscaling);
  const pictures = latestPictures({ batch });
  const index = pictures.findIndex((p) => p.id === picture.id);
  const turn = (by: number, name: 'left' | 'right', label: string) => {
    const to = pictures[index + by];
    return (
      <button
        type="button"
        className="icon-button"
        aria-label={label}
        aria-disabled={!to}
        onClick={() => to && lookAt(to)}
      >
        <Icon name={name} />
      </button>
    );
  };
  return (
    <div className="which">
      <div className="which-picture">
        <ImageCanvas pixels={picture.pixels} upscaling={upscaling} edge={160} />
      </div>
      <p aria-live="polite">{`Picture ${index + 1} of ${pictures.length}`}</p>
      {pictures.length > 1 && (
        <span className="which-turn">
          {turn(-1, 'left', 'Read the previous picture')}
          {turn(1, 'right', 'Read the next picture')}
        </span>
      )}
    </div>
  );
}

function Offer({ picture, bytes }: { readonly picture: Painted; readonly bytes: number }) {
  const glance = useLimn((s) => s.glance);
  return (
    <>
      <p className="aside">{`A second network looks at the picture and says what it sees. It is ${megabytes(bytes)}, fetched once.`}</p>
      <button type="button" ref={handsFocusOn} className="button quiet" onClick={() => glance(picture, true)}>
        Read it back
      </button>
    </>
  );
}

function Glanced({ picture }: { readonly picture: Painted }) {
  const glass = useLimn((s) => s.glanced);
  const catalogue = useLimn((s) => s.catalogue);
  const glance = useLimn((s) => s.glance);
  const stop = useLimn((s) => s.stopGlancing);
  const setReadsBack = useLimn((s) => s.setReadsBack);
  const hold = useLimn((s) => s.hold);
  const enter = useLimn((s) => s.enter);
  // The next picture's reading has not begun yet: the old one is not its own.
  const reading = glass?.held.pixels === picture.pixels ? glass.reading : null;
  const yardstick = yardstickOf({ catalogue }, picture.recipe.model);
  return (
    <>
      {reading && (
        <Reading reading={reading} onRead={() => glance(picture, true)} onStop={stop}>
          {({ words, asked, caption }) => (
            <>
              <p className="visually-hidden" role="status">{`The mirror reads: ${caption}`}</p>
              <Words label="The picture, read back, word by word" words={words} />
              {asked && <Agreement asked={asked} yardstick={yardstick} />}
            </>
          )}
        </Reading>
      )}
      <div className="mirror-card-actions">
        <button
          type="button"
          className="button quiet"
          onClick={() => {
            hold(picture);
            enter('mirror');
          }}
        >
          Look closer
        </button>
        <button
          type="button"
          ref={handsFocusOn}
          className="text-button"
          title="Paintings are not read back any more"
          onClick={() => setReadsBack(false)}
        >
          Turn off
        </button>
      </div>
    </>
  );
}
