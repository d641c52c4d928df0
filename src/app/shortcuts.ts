import { useEffect } from 'react';
import { useLimnStore } from '../state/context.ts';

/** Ctrl+Enter paints and Esc stops, wherever on the page one is; what lies on top of the page goes first. */
export function useShortcuts(): void {
  const store = useLimnStore();
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented && event.key !== 'Enter') return;
      if (event.isComposing || document.querySelector('dialog[open], :popover-open')) return;
      const { painting, paint, cancelPainting, room, improvement, cancelImproving, lesson } = store.getState();
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && room === 'paint') {
        event.preventDefault();
        void paint();
      } else if (event.key === 'Escape' && painting.state === 'running') {
        event.preventDefault();
        cancelPainting();
      } else if (event.key === 'Escape' && improvement?.job.state === 'running') {
        event.preventDefault();
        cancelImproving();
      } else if (event.key === 'Escape' && room === 'teach' && lesson?.training.state === 'running') {
        event.preventDefault();
        void store.getState().pauseTraining();
      }
    }
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [store]);
}
