/** Line drawings of 20×20; decoration only, so the button around one carries the name. */
const PATHS = {
  lock: 'M6 9V6.5a4 4 0 0 1 8 0V9M4.5 9h11v8h-11z',
  unlock: 'M6 9V6.5a4 4 0 0 1 7.7-1.5M4.5 9h11v8h-11z',
  dice: 'M3.5 3.5h13v13h-13z',
  close: 'M5 5l10 10M15 5L5 15',
  left: 'M12.5 4.5L7 10l5.5 5.5',
  right: 'M7.5 4.5L13 10l-5.5 5.5',
  share: 'M10 12.5V3M6.5 6.2L10 2.8l3.5 3.4M4 10v6.5h12V10',
  sun: 'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 1.8v1.6M10 16.6v1.6M1.8 10h1.6M16.6 10h1.6M4.2 4.2l1.1 1.1M14.7 14.7l1.1 1.1M15.8 4.2l-1.1 1.1M5.3 14.7l-1.1 1.1',
  moon: 'M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3z',
  swap: 'M4 7h11M12 3.5L15.5 7 12 10.5M16 13H5M8 9.5L4.5 13 8 16.5',
  play: 'M6.5 4.2v11.6l9.5-5.8z',
  pause: 'M7 4.5v11M13 4.5v11',
  up: 'M10 16V4.5M5.5 8.5L10 4l4.5 4.5',
  down: 'M10 4v11.5M5.5 11.5L10 16l4.5-4.5',
  plus: 'M10 4v12M4 10h12',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
      {name === 'dice' && <path className="pips" d="M7.2 7.2h0M12.8 7.2h0M10 10h0M7.2 12.8h0M12.8 12.8h0" />}
    </svg>
  );
}
