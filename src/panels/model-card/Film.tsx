import { useState } from 'react';

/** The training in half a minute. It is fetched, and moves, only when someone asks for it. */
export function Film({ address, name }: { readonly address: string; readonly name: string }) {
  const [open, setOpen] = useState(false);
  return (
    <figure className="samples lapse">
      <button type="button" className="button quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide the film' : 'Watch it learn'}
      </button>
      {open && (
        <>
          <img src={address} alt={`The training of ${name}: blurs become pictures`} />
          <figcaption>
            The same captions and the same noise, from its first pictures to its last; the bar is how far it had come.
          </figcaption>
        </>
      )}
    </figure>
  );
}
