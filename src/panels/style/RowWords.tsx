import { useId } from 'react';
import { beginningOf } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import type { Row } from '../../state/style-grid.ts';
import { captionFault } from '../../text/alphabet.ts';
import { failureWords } from '../../ui/failure-words.ts';
import { Icon } from '../../ui/Icon.tsx';

/** The caption of a row, and why it cannot be painted where that is so; a lone row cannot be removed. */
export function RowWords({ row, lone }: { readonly row: Row; readonly lone: boolean }) {
  const edit = useLimn((s) => s.editRow);
  const remove = useLimn((s) => s.removeRow);
  const paint = useLimn((s) => s.paintGrid);
  const beginning = useLimn(beginningOf);
  const fault = captionFault(row.caption);
  const id = useId();
  return (
    <div className="style-words">
      <div className="style-caption">
        <textarea
          className="caption-text"
          aria-label="Caption of this row"
          rows={2}
          value={row.caption}
          placeholder={beginning}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          aria-invalid={fault !== null}
          aria-describedby={id}
          onChange={(event) => edit(row.id, event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            void paint();
          }}
        />
        <p className="style-fault" id={id}>
          {fault && failureWords(fault).title}
        </p>
      </div>
      {!lone && (
        <button
          type="button"
          className="icon-button"
          aria-label={`Remove the row ${row.caption.slice(0, 60)}`}
          title="Remove this row"
          onClick={(event) => {
            const line = event.currentTarget.closest('.style-row');
            const other = line?.nextElementSibling ?? line?.previousElementSibling;
            remove(row.id);
            // To the one that takes its place.
            other?.querySelector('textarea')?.focus();
          }}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
