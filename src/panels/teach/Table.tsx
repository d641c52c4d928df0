import './table.css';
import { memo, useId, useMemo, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { modelOf, wordsReadBy } from '../../state/catalogue.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { pixelsOf, sizeOf, type Item } from '../../state/teach-items.ts';
import { unreadSigns } from '../../teach/unread.ts';
import { captionFault, MAX_CAPTION } from '../../text/alphabet.ts';
import { isTeachable } from '../../text/new-words.ts';
import { unseenWords } from '../../text/vocabulary.ts';
import { captionWords } from '../../ui/caption-words.ts';
import { CropField } from '../../ui/CropField.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';

/** A picture a row, with its words: Enter goes to the next one, several pasted lines go to as many. */
export function Table() {
  const items = useLimn((s) => s.teach.items);
  return (
    <>
      <p className="aside">
        Enter goes to the next picture. Several lines, pasted into one, go to as many. A press on a picture chooses the
        square that is learned from.
      </p>
      <ol className="teach-table">
        {items.map((item) => (
          <Row key={item.id} item={item} />
        ))}
      </ol>
    </>
  );
}

const Row = memo(function Row({ item }: { readonly item: Item }) {
  const store = useLimnStore();
  const id = useId();
  const [cropping, setCropping] = useState(false);
  const size = useLimn((s) => {
    const model = modelOf(s, s.form.recipe.model);
    return model ? sizeOf(model) : 64;
  });
  const shown = useMemo(() => pixelsOf(item, Math.max(size, 64)), [item, size]);
  const { describeItem, cropItem, removeItem, notify } = store.getState();
  return (
    <li className="teach-row">
      <button
        type="button"
        className="square teach-thumbnail"
        aria-expanded={cropping}
        aria-label={`${item.name}: choose the square`}
        onClick={() => setCropping(!cropping)}
      >
        <ImageCanvas pixels={shown} upscaling="smooth" edge={128} />
      </button>
      <div className="teach-words">
        <label htmlFor={id} title={item.path}>
          {item.name}
          {item.captionBy === 'mirror' && <span> · by the mirror</span>}
        </label>
        <textarea
          id={id}
          className="caption-text"
          rows={1}
          value={item.caption}
          placeholder="what does it show?"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          maxLength={MAX_CAPTION}
          aria-invalid={captionFault(item.caption) !== null}
          aria-describedby={`${id}-note`}
          onChange={(event) => describeItem(item.id, event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const lines = linesOf(event);
            if (!lines) return;
            event.preventDefault();
            store.getState().pasteCaptions(item.id, lines);
          }}
        />
        <Note id={`${id}-note`} item={item} />
      </div>
      <button
        type="button"
        className="icon-button"
        aria-label={`Remove ${item.name}`}
        title="Remove this picture"
        onClick={(event) => {
          const row = event.currentTarget.closest('li');
          // To the one that takes its place.
          (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector('textarea')?.focus();
          const run = removeItem(item.id);
          notify({ tone: 'plain', text: `${item.name} is removed.`, action: { label: 'Undo', run }, lasts: 8000 });
        }}
      >
        <Icon name="close" />
      </button>
      {cropping && (
        <div className="teach-crop">
          <CropField
            label={`The square of ${item.name}`}
            pixels={item.picture}
            square={item.square}
            onChange={(square) => cropItem(item.id, square)}
          />
        </div>
      )}
    </li>
  );
});

/** What the model does not know of these words: by its vocabulary, or by the letters that it reads. */
function Note({ id, item }: { readonly id: string; readonly item: Item }) {
  const vocabulary = useLimn((s) => s.vocabularies[s.form.recipe.model]);
  const longest = useLimn(wordsReadBy);
  const words = useMemo(() => {
    const { caption } = item;
    if (caption.trim() === '') return '';
    const unread = unreadSigns(caption).map(({ word }) => `“${word.slice(0, 20)}”`);
    if (unread.length > 0) return `The model cannot read ${[...new Set(unread)].slice(0, 3).join(', ')}.`;
    const unseen = vocabulary ? unseenWords(caption, vocabulary).map(({ word }) => word) : [];
    // Where words are learnt, those that say nothing of a picture are passed over still.
    const told = longest === null ? unseen : unseen.filter((word) => isTeachable(word.toLowerCase()));
    return captionWords(caption, told, longest, true);
  }, [item, vocabulary, longest]);
  return (
    <p id={id} className="teach-note">
      {words}
    </p>
  );
}

/** Enter to the next field, Shift+Enter to the one before; arrows as well where the caption is one line. */
function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const field = event.currentTarget;
  const line = field.scrollHeight < 1.9 * parseFloat(getComputedStyle(field).lineHeight);
  const step =
    event.key === 'Enter'
      ? event.shiftKey
        ? -1
        : 1
      : line && !event.shiftKey && event.key === 'ArrowDown'
        ? 1
        : line && !event.shiftKey && event.key === 'ArrowUp'
          ? -1
          : 0;
  if (step === 0) return;
  event.preventDefault();
  const fields = [...(field.closest('.teach-table')?.querySelectorAll('textarea') ?? [])];
  const next = fields[fields.indexOf(field) + step];
  next?.focus();
  next?.select();
}

/** null: a single line, which goes where the caret stands. */
function linesOf(event: ClipboardEvent): string[] | null {
  const lines = event.clipboardData
    .getData('text/plain')
    .trim()
    .split(/\r\n|\n|\r/);
  return lines.length > 1 ? lines : null;
}
