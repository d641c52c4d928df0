/** Light or dark: the system's, until a person chooses. */
import { useState, useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';
const KEY = 'limn.theme';
const query = matchMedia('(prefers-color-scheme: dark)');

export function keptTheme(): Theme | null {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === 'light' || theme === 'dark' ? theme : null;
  } catch {
    return null;
  }
}

/** Before the first paint, so that nobody is blinded. */
export function applyTheme(theme: Theme | null): void {
  if (theme) document.documentElement.dataset['theme'] = theme;
  else delete document.documentElement.dataset['theme'];
}

export function useTheme(): readonly [theme: Theme, toggle: () => void] {
  const [chosen, setChosen] = useState(keptTheme);
  const system = useSyncExternalStore(
    (heard) => {
      query.addEventListener('change', heard);
      return () => query.removeEventListener('change', heard);
    },
    () => (query.matches ? 'dark' : 'light'),
  );
  const theme = chosen ?? system;
  function toggle() {
    const next = theme === 'dark' ? 'light' : 'dark';
    // Back to what the system says: then follow it again.
    const choice = next === system ? null : next;
    setChosen(choice);
    applyTheme(choice);
    try {
      if (choice) localStorage.setItem(KEY, choice);
      else localStorage.removeItem(KEY);
    } catch {
      // For this visit only.
    }
  }
  return [theme, toggle];
}
