import { useEffect, useRef } from 'react';

/**
 * The keyboard must not fall off the page with the button that it stood on: when that is gone and `now` has changed, the
 * focus goes to what `to` answers with. A number takes buttons away only when it falls.
 */
export function useFocusKept(now: unknown, to: () => HTMLElement | null | undefined): void {
  const was = useRef(now);
  useEffect(() => {
    const before = was.current;
    was.current = now;
    const grown = typeof now === 'number' && typeof before === 'number' && now > before;
    if (now === before || grown || document.activeElement !== document.body) return;
    to()?.focus({ preventScroll: true });
  });
}

const TITLE = ':is(main, h1, h2)[tabindex]';

/**
 * The `ref` of a button that goes with what it does: if it has the focus then, and nobody knows of a better place
 * (`useFocusKept`), that goes to the nearest title above it which can take it, at the last to the room itself.
 */
export const handsFocusOn = (button: HTMLElement | null) => () => {
  if (button !== document.activeElement) return;
  const title = button?.closest(`:has(> ${TITLE})`)?.querySelector<HTMLElement>(TITLE);
  // Effects run after the button is gone.
  setTimeout(() => {
    if (document.activeElement === document.body) title?.focus({ preventScroll: true });
  });
};
