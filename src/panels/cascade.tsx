/** A picture from the inside: its stages side by side, where each word went, and what another word would change. */
import '../ui/inside-sheet.css';
import './cascade.css';
import { useEffect, useRef, useState } from 'react';
import { canChangeWords, type Cascade, type Coming } from '../state/cascade.ts';
import { useLimn } from '../state/context.ts';
import type { Painted } from '../state/history.ts';
import type { Job } from '../state/job.ts';
import { Failure } from '../ui/Failure.tsx';
import { useFocusKept } from '../ui/focus-kept.ts';
import { Icon } from '../ui/Icon.tsx';
import { loadWords } from '../ui/load-words.ts';
import { Waiting } from '../ui/Waiting.tsx';
import { ChangeWord } from './cascade/Change.tsx';
import { Stages, StagesComing, type Spot } from './cascade/Stages.tsx';
import { Legend, WordChips } from './cascade/Words.tsx';

export function CascadeDialog() {
  const inside = useLimn((s) => s.inside);
  const close = useLimn((s) => s.stopLookingInside);
  const dialog = useRef<HTMLDialogElement>(null);
  const open = inside !== null;
  useEffect(() => {
    const element = dialog.current;
    // Strict mode runs effects twice.
    if (open && element && !element.open) element.showModal();
  }, [open]);
  // A change that is kept or dropped takes its buttons along.
  const title = useRef<HTMLHeadingElement>(null);
  useFocusKept(inside?.change ? 1 : 0, () => title.current);
  // Closed by itself, the dialog gives the focus back to where it was; its event comes later.
  const shut = () => {
    dialog.current?.close();
    close();
  };
  if (!inside) return null;
  return (
    <dialog
      ref={dialog}
      className="large-dialog"
      aria-labelledby="cascade-title"
      onClose={close}
      // A click beside the sheet falls on the dialog itself.
      onClick={(event) => event.target === event.currentTarget && shut()}
    >
      <div className="inside-sheet cascade-sheet">
        <button type="button" className="icon-button close" aria-label="Close" onClick={shut}>
          <Icon name="close" />
        </button>
        <h2 id="cascade-title" ref={title} tabIndex={-1}>
          From words to picture
        </h2>
        <p className="aside">
          First a small picture is drawn from the sentence as a whole. For a larger one each of its places then listens
          to the words, and it is drawn again at twice the size.
        </p>
        <Inside key={inside.of.id} of={inside.of} job={inside.job} />
      </div>
    </dialog>
  );
}

function Inside({ of, job }: { readonly of: Painted; readonly job: Job<Coming, Cascade> }) {
  const lookInside = useLimn((s) => s.lookInside);
  const sizes = useLimn((s) => s.catalogue.state === 'done' && s.catalogue.result.models.find(({ id }) => id === of.recipe.model)?.sizes); // prettier-ignore
  if (job.state === 'failed') {
    const retry = () => void lookInside(of);
    return <Failure failure={job.failure} retry={retry} />;
  }
  if (job.state === 'done') return <Seen of={of} cascade={job.result} />;
  const coming = job.state === 'running' ? job.progress : { layers: [], fetching: null };
  const expected = (sizes || []).filter((size) => size <= of.pixels.width);
  return (
    <>
      <StagesComing layers={coming.layers} sizes={expected} />
      {
        coming.layers.length === 0 &&
        <Waiting {...(coming.fetching ? loadWords(coming.fetching) : { title: 'Painting it once more', detail: '', value: null })} /> // prettier-ignore
      }
    </>
  );
}

function Seen({ of, cascade }: { readonly of: Painted; readonly cascade: Cascade }) {
  /** The word that stays, and the one that is only looked at in passing. */
  const [pinned, setPinned] = useState<number | null>(null);
  const [passing, setPassing] = useState<number | null>(null);
  const [spot, setSpot] = useState<Spot | null>(null);
  const word = passing ?? pinned;
  const before = cascade.layers.at(-1)?.pixels;
  return (
    <>
      <WordChips
        cascade={cascade}
        spot={spot}
        pinned={pinned}
        onPin={(at) => setPinned(at === pinned ? null : at)}
        onPass={setPassing}
      />
      <Legend cascade={cascade} word={word} spot={spot} onForget={() => setSpot(null)} />
      <Stages cascade={cascade} caption={of.recipe.caption} word={word} spot={spot} onSpot={setSpot} />
      {canChangeWords(of) && before && <ChangeWord before={before} words={cascade.words} at={pinned} />}
    </>
  );
}
