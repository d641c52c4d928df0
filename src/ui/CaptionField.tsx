import { useId, useRef, type KeyboardEvent, type Ref } from 'react';

/** Where a mark stands in the text: UTF-16 units, `end` exclusive. */
export interface Mark {
  readonly start: number;
  readonly end: number;
}

interface Props {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly marks: readonly Mark[];
  /** Earlier captions, newest first, for the arrow keys. */
  readonly earlier: readonly string[];
  readonly invalid: boolean;
  readonly describedBy: string;
  readonly fieldRef: Ref<HTMLTextAreaElement>;
  readonly onChange: (value: string) => void;
  readonly onSubmit: () => void;
}

/**
 * A caption as one reads it in a book. Behind the field lies its own text once more, unseen but for the underlines;
 * it also gives the field its height.
 */
export function CaptionField(props: Props) {
  const { label, placeholder, value, marks, earlier, invalid, describedBy, fieldRef, onChange, onSubmit } = props;
  const id = useId();
  /** Place in `earlier`; −1 is the draft that a person was writing. */
  const place = useRef(-1);
  const draft = useRef('');
  const placedIn = useRef(earlier);

  function recall(step: 1 | -1): boolean {
    // Something was painted since, or another caption chosen: the way back begins anew.
    if (placedIn.current !== earlier || (place.current >= 0 && earlier[place.current] !== value)) place.current = -1;
    placedIn.current = earlier;
    const next = place.current + step;
    if (next < -1 || next >= earlier.length) return false;
    if (place.current === -1) {
      draft.current = value;
      // The newest caption is usually the one in the field: it would seem that nothing happened.
      if (earlier[next] === value && next + 1 < earlier.length) {
        place.current = next + 1;
        onChange(earlier[next + 1] ?? '');
        return true;
      }
    }
    place.current = next;
    onChange(next === -1 ? draft.current : (earlier[next] ?? ''));
    return true;
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.nativeEvent.isComposing || event.altKey || event.shiftKey) return;
    if (event.key === 'Enter') {
      // Ctrl+Enter is heard by the page as a whole.
      event.preventDefault();
      if (!event.ctrlKey && !event.metaKey) onSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    const field = event.currentTarget;
    const { selectionStart, selectionEnd } = field;
    if (selectionStart !== selectionEnd) return;
    // In a caption of several lines the arrows first move between lines, as everywhere.
    const oneLine = field.scrollHeight < 1.9 * parseFloat(getComputedStyle(field).lineHeight);
    const up = event.key === 'ArrowUp';
    const atEdge = oneLine || (up ? selectionStart === 0 : selectionStart === value.length);
    if (atEdge && recall(up ? 1 : -1)) event.preventDefault();
  }

  return (
    <div className="caption-field">
      <label className="caption-label" htmlFor={id}>
        {label}
      </label>
      <div className="caption-scroll">
        <div className="caption-mirror" aria-hidden="true">
          {pieces(value, marks).map(({ text, marked }, i) => (marked ? <u key={i}>{text}</u> : text))}
          {'\u200b'}
        </div>
        <textarea
          id={id}
          className="caption-text"
          ref={fieldRef}
          rows={1}
          value={value}
          placeholder={placeholder}
          spellCheck={false}
          autoCapitalize="none"
          autoComplete="off"
          enterKeyHint="go"
          aria-invalid={invalid}
          aria-describedby={describedBy}
          onChange={(event) => {
            place.current = -1;
            onChange(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
    </div>
  );
}

function pieces(text: string, marks: readonly Mark[]): { readonly text: string; readonly marked: boolean }[] {
  const found: { text: string; marked: boolean }[] = [];
  let at = 0;
  for (const { start, end } of marks) {
    if (start > at) found.push({ text: text.slice(at, start), marked: false });
    found.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) found.push({ text: text.slice(at), marked: false });
  return found;
}
