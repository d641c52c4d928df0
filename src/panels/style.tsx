/** The Style room (Reed et al. 2016, section 4.4): what a picture has beside its words, and any caption in that style. */
import '../ui/room-head.css';
import './style.css';
import { useEffect, useRef } from 'react';
import { fileOf, modelOf } from '../state/catalogue.ts';
import { useLimn } from '../state/context.ts';
import { foundNow } from '../state/style.ts';
import { useFocusKept } from '../ui/focus-kept.ts';
import { Empty, NoEye } from './style/Empty.tsx';
import { Grid } from './style/Grid.tsx';
import { Kept } from './style/Kept.tsx';
import { Source } from './style/Source.tsx';
import { Trouble } from './style/Trouble.tsx';
import { Understood } from './style/Understood.tsx';

export function StyleRoom() {
  const model = useLimn((s) => modelOf(s, s.form.recipe.model));
  const card = useLimn((s) => s.cards[s.form.recipe.model]?.state === 'done');
  const taken = useLimn((s) => s.style.source !== null);
  const columns = useLimn((s) => foundNow(s) !== null || s.styles.length > 0);
  const visit = useLimn((s) => s.visitStyle);
  useEffect(() => void visit(), [visit, model, card]);
  useEscape();
  // The last kept style was deleted, and their list went with it.
  const title = useRef<HTMLHeadingElement>(null);
  const kept = useLimn((s) => s.styles.length);
  useFocusKept(kept, () => title.current);

  const blind = model !== null && !fileOf(model, 'style-encoder');
  return (
    <section className="style-room headed" aria-labelledby="style-title">
      <h1 id="style-title" ref={title} tabIndex={-1}>
        Style
      </h1>
      <p className="room-lead">
        A picture is more than its words: how it is framed, the light, what lies behind it. Take that from any picture,
        and paint your captions with it.
      </p>
      {blind ? (
        <NoEye model={model} />
      ) : (
        <>
          <Trouble />
          {taken ? (
            <div className="style-found">
              <Source />
              <Understood />
            </div>
          ) : (
            <Empty />
          )}
        </>
      )}
      {columns && !blind && <Grid />}
      <Kept />
    </section>
  );
}

/** Esc stops what runs here; what lies on top of the page goes first. */
function useEscape(): void {
  const cancelStyle = useLimn((s) => s.cancelStyle);
  const cancelGrid = useLimn((s) => s.cancelGrid);
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
      if (document.querySelector('dialog[open], :popover-open')) return;
      cancelStyle();
      cancelGrid();
    }
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [cancelStyle, cancelGrid]);
}
