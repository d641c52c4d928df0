import './kept.css';
import { useRef, useState } from 'react';
import { modelOf } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import { placeInGrid } from '../../state/style-cell.ts';
import { fits, MAX_NAME, type KeptStyle } from '../../state/styles.ts';
import { useFocusKept } from '../../ui/focus-kept.ts';
import { Icon } from '../../ui/Icon.tsx';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { Ways } from './Ways.tsx';

/** Styles that were kept, on this visit or an earlier one. */
export function Kept() {
  const styles = useLimn((s) => s.styles);
  const [open, setOpen] = useState<string | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useFocusKept(styles.length, () => title.current);
  if (styles.length === 0) return null;
  const chosen = styles.find(({ id }) => id === open);
  return (
    <section className="style-kept" aria-labelledby="style-kept-title">
      <h2 id="style-kept-title" ref={title} tabIndex={-1}>
        Kept styles
      </h2>
      <ul>
        {styles.map((style) => (
          <li key={style.id}>
            <button
              type="button"
              className="style-kept-one"
              aria-expanded={style.id === open}
              onClick={() => setOpen(style.id === open ? null : style.id)}
            >
              <span className="square">
                <ImageCanvas pixels={style.thumbnail} upscaling="smooth" edge={128} />
              </span>
              <span className="style-head-name">{style.name}</span>
            </button>
          </li>
        ))}
      </ul>
      {chosen && <One key={chosen.id} style={chosen} onGone={() => setOpen(null)} />}
    </section>
  );
}

function One({ style, onGone }: { readonly style: KeptStyle; readonly onGone: () => void }) {
  const model = useLimn((s) => modelOf(s, s.form.recipe.model));
  const maker = useLimn((s) => modelOf(s, style.model)?.name ?? style.model);
  const mine = fits(style, model);
  const place = useLimn((s) => placeInGrid(s, style));
  const toggle = useLimn((s) => s.toggleColumn);
  const rename = useLimn((s) => s.renameStyle);
  const remove = useLimn((s) => s.deleteStyle);
  const notify = useLimn((s) => s.notify);
  const [name, setName] = useState(style.name);
  const commit = () => {
    if (name.trim() && name !== style.name) void rename(style.id, name);
    else setName(style.name);
  };
  return (
    <div className="style-one" role="group" aria-label={style.name}>
      <div className="line">
        <label className="capsule written style-name">
          Name
          <input
            type="text"
            maxLength={MAX_NAME}
            autoComplete="off"
            spellCheck={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            onBlur={commit}
            onKeyDown={(event) => event.key === 'Enter' && commit()}
          />
        </label>
        <button
          type="button"
          className="button quiet"
          onClick={() => {
            const undo = remove(style.id);
            onGone();
            notify({
              tone: 'plain',
              text: `“${style.name}” is deleted.`,
              action: { label: 'Undo', run: undo },
              lasts: 10_000,
            });
          }}
        >
          <Icon name="close" />
          Delete
        </button>
        {mine && (
          <label className="style-check">
            <input
              type="checkbox"
              checked={place === 'in'}
              aria-disabled={place === 'full'}
              onChange={() => {
                if (place !== 'full') toggle(style.id);
              }}
            />
            A column of the grid{place === 'full' && ' (eight fit; leave one out first)'}
          </label>
        )}
      </div>
      {mine ? (
        <Ways style={style} model={style.model} />
      ) : (
        <p className="aside">
          {style.model === model?.id
            ? 'It was found by an earlier training of this model, and means nothing to this one.'
            : `It belongs to the model “${maker}”, and means nothing to the one that paints now.`}
        </p>
      )}
    </div>
  );
}
