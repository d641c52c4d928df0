import './picture-field.css';
import { useId, type ReactNode } from 'react';
import { ACCEPTED } from '../image/sniff.ts';

interface Props {
  readonly label: string;
  /** Under the button: what it is for, in a few words. */
  readonly hint: string;
  /** A file is being read. */
  readonly busy: boolean;
  /** The picture that is in it, or more ways to get one. */
  readonly children?: ReactNode;
  /** There is a picture already: the field is small, and asks for another. */
  readonly filled?: boolean;
  readonly onFile: (file: File) => void;
}

/**
 * A place for a person's own picture. The page itself hears drops and pastes (app/DropZone) and knows this field by
 * its data attribute; what is chosen by the button comes through `onFile`.
 */
export function PictureField({ label, hint, busy, children, filled = false, onFile }: Props) {
  const id = useId();
  return (
    <div
      className={filled ? 'picture-field filled' : 'picture-field'}
      data-picture-field
      role="group"
      aria-label={label}
      aria-busy={busy}
    >
      {filled && children}
      <div className="picture-field-ways">
        <label className={filled ? 'button quiet small' : 'button primary'}>
          <input
            type="file"
            className="visually-hidden"
            accept={ACCEPTED}
            aria-describedby={id}
            onChange={(event) => {
              const { files } = event.currentTarget;
              const file = files?.[0];
              if (file) onFile(file);
              // The same file may be chosen again.
              event.currentTarget.value = '';
            }}
          />
          {busy ? 'Opening…' : filled ? 'Choose another picture' : 'Choose a picture'}
        </label>
        <p id={id} className="picture-field-hint">
          {hint}
        </p>
      </div>
      {!filled && children}
    </div>
  );
}
