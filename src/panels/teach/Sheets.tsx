import './sheets.css';
import { useId, useState, type CSSProperties } from 'react';
import { useLimn } from '../../state/context.ts';
import { sheetNow, type Lesson } from '../../state/lesson-state.ts';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { loadWords } from '../../ui/load-words.ts';
import { Progress } from '../../ui/Progress.tsx';

/** The same captions and the same noise, again and again: what has changed was learned. */
export function Sheets({ lesson }: { readonly lesson: Lesson }) {
  const id = useId();
  const upscaling = useLimn((s) => s.form.upscaling);
  const [share, setShare] = useState(1);
  const { before, looking, training, place } = lesson;
  const sheet = sheetNow(lesson);
  const title =
    place === null || sheet === null ? 'What it paints' : `What it painted at step ${sheet.step.toLocaleString('en')}`;
  if (!sheet) {
    return (
      <section className="teach-sheet" aria-label="What it paints">
        <h3>{title}</h3>
        {looking.state === 'running' ? (
          <Progress label={looking.progress ? loadWords(looking.progress).title : 'Painting'} value={null} />
        ) : (
          <p className="aside">
            {training.state === 'running'
              ? 'Its first pictures come after a few steps.'
              : 'Nothing is painted yet: train it a little, or look back along a curve.'}
          </p>
        )}
      </section>
    );
  }
  return (
    <section
      className="teach-sheet"
      aria-label="What it paints"
      style={{ '--share': share, '--columns': sheet.columns } as CSSProperties}
    >
      <h3>
        {title}
        <small>{`step ${sheet.step.toLocaleString('en')}`}</small>
      </h3>
      <p className="aside">Each caption from the same noises at every step, one a column: what changes was learned.</p>
      <div className="teach-heads" aria-hidden="true">
        <div className="teach-pictures">
          {Array.from({ length: sheet.columns }, (_, column) => (
            <span key={column}>{`Noise ${column + 1}`}</span>
          ))}
        </div>
      </div>
      <ul>
        {sheet.captions.map((caption, row) => (
          <li key={row}>
            <p>{caption}</p>
            <div className="teach-pictures">
              {Array.from({ length: sheet.columns }, (_, column) => {
                const now = sheet.pictures[row * sheet.columns + column];
                const then = before?.[row * sheet.columns + column];
                return (
                  now && (
                    <div key={column} className="square teach-picture">
                      <ImageCanvas
                        pixels={now}
                        upscaling={upscaling}
                        edge={192}
                        label={`${caption}, noise ${column + 1}`}
                      />
                      {then && share < 1 && (
                        <div className="teach-then">
                          <ImageCanvas pixels={then} upscaling={upscaling} edge={192} />
                        </div>
                      )}
                    </div>
                  )
                );
              })}
            </div>
          </li>
        ))}
      </ul>
      {before && (
        <div className="teach-compare">
          <label htmlFor={id}>Before</label>
          <input
            id={id}
            type="range"
            min={0}
            max={1}
            step={0.01}
            value={share}
            aria-label="Line between before and now"
            aria-valuetext={`${Math.round(100 * share)} % now, ${Math.round(100 - 100 * share)} % before`}
            onChange={(event) => setShare(event.currentTarget.valueAsNumber)}
          />
          <span aria-hidden="true">Now</span>
        </div>
      )}
    </section>
  );
}
