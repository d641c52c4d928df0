import { useId, useRef, useState } from 'react';
import { useLimn } from '../../state/context.ts';
import { lookOf, type Found } from '../../state/style.ts';
import { sameZ } from '../../state/style-grid.ts';
import { MAX_NAME } from '../../state/styles.ts';
import { useFocusKept } from '../../ui/focus-kept.ts';
import { Ways } from './Ways.tsx';

/** What was found: give it a name and keep it, or take it elsewhere. */
export function UseIt({ found }: { readonly found: Found }) {
  const id = useId();
  const source = useLimn((s) => s.style.source?.name ?? '');
  const keep = useLimn((s) => s.keepStyle);
  const { z } = lookOf(found);
  const kept = useLimn((s) => s.styles.find((style) => sameZ(style.z, z)));
  const [typed, setTyped] = useState<{ readonly of: string; readonly name: string } | null>(null);
  const suggested = nameOf(source);
  // Another picture, another name.
  const name = typed?.of === source ? typed.name : suggested;
  const said = useRef<HTMLParagraphElement>(null);
  useFocusKept(kept !== undefined, () => said.current);
  return (
    <div className="style-use">
      {kept ? (
        <p ref={said} tabIndex={-1} className="style-kept-as" role="status">
          {`Kept as “${kept.name}”.`}
        </p>
      ) : (
        <form
          className="line"
          onSubmit={(event) => {
            event.preventDefault();
            void keep(name.trim() === '' ? suggested : name);
          }}
        >
          <label className="capsule written style-name" htmlFor={id}>
            Name
            <input
              id={id}
              type="text"
              maxLength={MAX_NAME}
              autoComplete="off"
              spellCheck={false}
              value={name}
              onFocus={(event) => event.currentTarget.select()}
              onChange={(event) => setTyped({ of: source, name: event.currentTarget.value })}
            />
          </label>
          <button type="submit" className="button primary">
            Keep this style
          </button>
        </form>
      )}
      <Ways style={{ name: kept?.name ?? suggested, z, thumbnail: found.looked }} model={found.model} />
    </div>
  );
}

/** A file's name without its ending, short. */
function nameOf(source: string): string {
  const bare = source.replace(/\.[A-Za-z0-9]{2,5}$/, '').trim();
  return (bare || 'A style').slice(0, MAX_NAME);
}
