import './drop-zone.css';
import { useEffect, useState } from 'react';
import { useLimn, useLimnStore } from '../state/context.ts';
import { receiveFile, receiveFiles, takesPictures } from '../state/receive.ts';
import { droppedFiles, placed } from '../ui/dropped-files.ts';

/** A room's own place for pictures; see ui/PictureField. */
const FIELD = '[data-picture-field]';
/** Where words are typed; the other kinds of input take none. */
const WORDS = 'textarea, input:not([type=checkbox], [type=radio], [type=range], [type=file])';

/** Files may be dropped anywhere on the page, or pasted. */
export function DropZone() {
  const store = useLimnStore();
  const room = useLimn((s) => s.room);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onField = ({ target }: Event) => target instanceof Element && target.closest(FIELD) !== null;
    // Without this the browser leaves the page for the file.
    const onDragOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent) => {
      // null: out of the window.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!carriesFiles(event)) return;
      event.preventDefault();
      const onto = onField(event);
      if (event.dataTransfer) {
        void droppedFiles(event.dataTransfer).then((files) => receiveFiles(store, files, onto));
      }
    };
    const onPaste = (event: ClipboardEvent) => {
      const file = event.clipboardData?.files[0];
      // Office programs put a picture of the text beside the text; who pastes into a field wants the text.
      const typing = event.target instanceof Element && event.target.matches(WORDS);
      const words = typing && event.clipboardData?.getData('text/plain');
      if (!file || words) return;
      event.preventDefault();
      if (store.getState().room === 'teach') {
        const files = [...(event.clipboardData?.files ?? [])];
        void receiveFiles(
          store,
          files.map((one) => placed(one)),
          true,
        );
      } else void receiveFile(store, file, onField(event));
    };
    addEventListener('dragover', onDragOver);
    addEventListener('dragleave', onDragLeave);
    addEventListener('drop', onDrop);
    addEventListener('paste', onPaste);
    return () => {
      removeEventListener('dragover', onDragOver);
      removeEventListener('dragleave', onDragLeave);
      removeEventListener('drop', onDrop);
      removeEventListener('paste', onPaste);
    };
  }, [store]);
  if (!over) return null;
  return (
    <div className="drop-zone" aria-hidden="true">
      <p>
        {room === 'teach'
          ? 'Drop pictures, a folder or a ZIP archive to learn from.'
          : takesPictures(room)
            ? 'Drop a picture, and this room looks at it.'
            : 'Drop a picture that Limn saved, and its recipe comes back.'}
      </p>
    </div>
  );
}
