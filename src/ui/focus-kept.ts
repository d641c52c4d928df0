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
