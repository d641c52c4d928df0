/** A face on its way up from 4×4 pixels, and what its description leaves open. */
import '../ui/inside-sheet.css';
import './growth.css';
import { useEffect, useRef, useState } from 'react';
import { useLimn, useLimnStore } from '../state/context.ts';
import type { Growing } from '../state/growth.ts';
import { createGrowth } from '../state/growth-studio.ts';
import { canVary, createVariations } from '../state/growth-variations.ts';
import { Icon } from '../ui/Icon.tsx';
import { Growth } from './growth/Growth.tsx';
import { Variations } from './growth/Variations.tsx';

export function GrowthDialog() {
  const growing = useLimn((s) => s.growing);
  return growing && <Open key={growing.of.id} growing={growing} />;
}

function Open({ growing }: { readonly growing: Growing }) {
  const close = useLimn((s) => s.stopWatching);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    // Strict mode runs effects twice.
    if (element && !element.open) element.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="large-dialog"
      aria-labelledby="growth-title"
      onClose={close}
      // A click beside the sheet falls on the dialog itself.
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
    >
      <div className="inside-sheet growth-sheet">
        <button type="button" className="icon-button close" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
        <h2 id="growth-title" tabIndex={-1}>
          {growing.of.recipe.caption}
        </h2>
        <Rooms growing={growing} />
      </div>
    </dialog>
  );
}

/** Both studios live as long as the dialog. */
function Rooms({ growing }: { readonly growing: Growing }) {
  const store = useLimnStore();
  const [growth] = useState(() => createGrowth(store, growing));
  const [variations] = useState(() => (canVary(growing.of.recipe) ? createVariations(store, growing) : null));
  useEffect(() => {
    const studios = [growth.getState(), ...(variations ? [variations.getState()] : [])];
    for (const { begin } of studios) begin();
    return () => {
      for (const { stop } of studios) stop();
    };
  }, [growth, variations]);
  return (
    <div className="growth-rooms">
      <Growth growth={growth} caption={growing.of.recipe.caption} />
      {variations && <Variations variations={variations} />}
    </div>
  );
}
