/** The Mirror room: a picture, what is read in it, and how that agrees with what was asked for. */
import './mirror.css';
import { useEffect, useRef } from 'react';
import type { Reflection } from '../engine/protocol.ts';
import { modelOf } from '../state/catalogue.ts';
import { useLimn } from '../state/context.ts';
import { hasMirror, type Glass } from '../state/mirror.ts';
import { yardstickOf } from '../state/yardstick.ts';
import { useFocusKept } from '../ui/focus-kept.ts';
import { Agreement } from './mirror/Agreement.tsx';
import { Asked, AskFor } from './mirror/Asked.tsx';
import { Choose } from './mirror/Choose.tsx';
import { Empty } from './mirror/Empty.tsx';
import { Figures } from './mirror/Figures.tsx';
import { Improve } from './mirror/Improve.tsx';
import { Reading } from './mirror/Reading.tsx';
import { Stage } from './mirror/Stage.tsx';
import { GONE, WITHOUT } from './mirror/words.ts';
import { Words } from './mirror/Words.tsx';

export function MirrorRoom() {
  const glass = useLimn((s) => s.mirrored);
  const model = useLimn((s) => s.mirrored?.held.model ?? s.form.recipe.model);
  const without = useLimn((s) => s.catalogue.state === 'done' && !hasMirror(s, model));
  const here = useLimn((s) => modelOf(s, model) !== null);
  const painter = useLimn((s) => s.form.recipe.model);
  const painting = useLimn((s) => s.painting.state);
  const catalogue = useLimn((s) => s.catalogue.state);
  const visit = useLimn((s) => s.visitMirror);
  // On the way in, when the first picture is there at last, and for another model.
  useEffect(visit, [visit, painting, catalogue, painter]);
  // "Keep it" goes with the picture that was improved.
  const title = useRef<HTMLHeadingElement>(null);
  const improved = useLimn((s) => (s.improvement?.job.state === 'done' ? 1 : 0));
  useFocusKept(improved, () => title.current);
  return (
    <section className="mirror" aria-labelledby="mirror-title">
      <h1 id="mirror-title" ref={title} tabIndex={-1}>
        Mirror
      </h1>
      <p className="lead">
        A second network looks at a picture, without knowing the caption, and writes down what it sees. Where the two
        part, something was not painted.
      </p>
      {without ? (
        <>
          <p className="nothing-yet">{`${here ? WITHOUT : GONE} Everything else works as ever.`}</p>
          <Choose held={glass?.held ?? null} />
        </>
      ) : glass ? (
        <Looking glass={glass} />
      ) : (
        <Empty />
      )}
    </section>
  );
}

function Looking({ glass }: { readonly glass: Glass }) {
  const readAgain = useLimn((s) => s.readAgain);
  const stop = useLimn((s) => s.stopReading);
  const improving = useLimn((s) => s.improvement !== null);
  const { held, reading } = glass;
  const own = 'taken' in held.from;
  return (
    <div className="looking">
      <div className="looking-left">
        <Stage glass={glass} />
        <Choose held={held} />
      </div>
      <div className="looking-right">
        <Reading reading={reading} onRead={readAgain} onStop={stop}>
          {({ words }) => <ReadBack words={words} />}
        </Reading>
        {/* It stays while the picture is read with other words: a person may be writing there. */}
        {own && <AskFor key={held.from.taken.name} held={held} />}
        {reading.state === 'done' && <Judged reflection={reading.result} model={held.model} />}
        {'picture' in held.from && (improving || reading.state === 'done') && (
          <Improve key={held.from.picture.id} picture={held.from.picture} />
        )}
      </div>
    </div>
  );
}

function ReadBack({ words }: Pick<Reflection, 'words'>) {
  return (
    <section aria-labelledby="read-title">
      <h2 id="read-title">The picture, read back</h2>
      <Words label="The picture, read back, word by word" words={words} />
      <p className="legend aside">
        <span>unsure</span>
        <i aria-hidden="true" />
        <span>sure of the word; point at one for its number</span>
      </p>
    </section>
  );
}

function Judged({ reflection, model }: { readonly reflection: Reflection; readonly model: string }) {
  const catalogue = useLimn((s) => s.catalogue);
  const yardstick = yardstickOf({ catalogue }, model);
  const { asked } = reflection;
  return (
    <>
      {asked && <Agreement asked={asked} yardstick={yardstick} />}
      {asked && <Asked asked={asked} />}
      <Figures reflection={reflection} yardstick={yardstick} />
    </>
  );
}
