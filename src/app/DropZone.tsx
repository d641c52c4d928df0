import { useEffect, useState } from 'react';
import { useLimnStore } from '../state/context.ts';
import { openFile } from '../state/open-file.ts';

/** Files may be dropped anywhere on the page, or pasted. */
export function DropZone() {
  const store = useLimnStore();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
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
      const file = event.dataTransfer?.files[0];
      if (file) void openFile(store, file);
    };
    const onPaste = (event: ClipboardEvent) => {
      const file = event.clipboardData?.files[0];
      // Office programs put a picture of the text beside the text; who pastes into a field wants the text.
      const words = event.target instanceof HTMLTextAreaElement && event.clipboardData?.getData('text/plain');
      if (!file || words) return;
      event.preventDefault();
      void openFile(store, file);
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
      <p>Drop a picture that Limn saved, and its recipe comes back.</p>
    </div>
  );
}
