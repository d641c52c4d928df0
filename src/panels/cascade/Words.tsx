import type { CSSProperties, KeyboardEvent } from 'react';
import { viridis } from '../../image/heat.ts';
import { mapOf, wordsAt, type Cascade } from '../../state/cascade.ts';
import { handsFocusOn } from '../../ui/focus-kept.ts';
import { share } from '../../ui/format.ts';
import { finest, partsOf, whereHeard } from './listening.ts';
import type { Spot } from './Stages.tsx';

interface ChipsProps {
  readonly cascade: Cascade;
  readonly spot: Spot | null;
  readonly pinned: number | null;
  readonly onPin: (word: number) => void;
  readonly onPass: (word: number | null) => void;
}

/** The caption, a button a word; where places listen, a bar below each: its part of what is heard, in all or at one. */
export function WordChips({ cascade, spot, pinned, onPin, onPass }: ChipsProps) {
  const parts = partsHeard(cascade, spot);
  const most = Math.max(...(parts ?? []), 1e-6);

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const here = buttons.findIndex((button) => button === document.activeElement);
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: buttons.length - 1 }[event.key];
    const button = to === undefined ? undefined : buttons[to];
    if (!button) return;
    event.preventDefault();
    button.focus();
  }

  return (
    <ol className={parts ? 'chips heard' : 'chips'} aria-label="The caption, word by word" onKeyDown={onKeyDown}>
      {cascade.words.map((word, i) => (
        <li key={i}>
          <button
            type="button"
            className="chip"
            aria-pressed={i === pinned}
            style={parts ? ({ '--bar': ((parts[i] ?? 0) / most).toFixed(3) } as CSSProperties) : undefined}
            onClick={() => onPin(i)}
            onPointerEnter={(event) => event.pointerType === 'mouse' && onPass(i)}
            onPointerLeave={() => onPass(null)}
            onFocus={() => onPass(i)}
            onBlur={() => onPass(null)}
          >
            {/* Text only: words are shown as they come. */}
            {word}
            {parts && <span className="tip chip-part">{share(parts[i] ?? 0)}</span>}
          </button>
        </li>
      ))}
    </ol>
  );
}

function partsHeard(cascade: Cascade, spot: Spot | null): Float32Array | null {
  const count = cascade.words.length;
  const chosen = spot && cascade.layers[spot.layer]?.attention;
  if (chosen) return wordsAt(chosen, count, spot.x, spot.y);
  const layer = finest(cascade);
  return layer && partsOf(layer, count);
}

interface LegendProps {
  readonly cascade: Cascade;
  readonly word: number | null;
  readonly spot: Spot | null;
  readonly onForget: () => void;
}

const SCALE = Array.from({ length: 11 }, (_, i) => `rgb(${viridis(i / 10).join(' ')})`);

/** What is to be seen now, in words and numbers. */
export function Legend({ cascade, word, spot, onForget }: LegendProps) {
  const layer = finest(cascade);
  const count = cascade.words.length;
  if (!layer) {
    const edge = cascade.layers.at(-1)?.pixels.width ?? 0;
    return (
      <p className="cascade-legend">
        {`This picture stopped at ${edge} pixels, before its places listened to words: paint it at ${2 * edge} to see where they went.`}
      </p>
    );
  }
  const { attention } = layer;
  const map = word === null ? null : mapOf(attention, count, word);
  const most = map ? Math.max(...map) : 0;
  return (
    <div className="cascade-legend">
      <p role="status">
        {map && word !== null ? (
          <>
            {`“${cascade.words[word] ?? ''}” is heard ${whereHeard(map, attention.width, attention.height)}: up to `}
            <b>{share(most)}</b>
            {` of what a place hears; ${share(1 / count)} if all words counted the same.`}
          </>
        ) : spot ? (
          'The bars tell what is heard at the place that you chose.'
        ) : (
          'Point at a word to see where it went, or at a place of the larger picture to see which words made it.'
        )}
      </p>
      {map && (
        <p className="cascade-scale" aria-hidden="true">
          <span>0%</span>
          <i style={{ background: `linear-gradient(to right, ${SCALE.join()})` }} />
          <span>{share(most)}</span>
        </p>
      )}
      {spot && (
        <button type="button" ref={handsFocusOn} className="button quiet small" onClick={onForget}>
          The whole picture again
        </button>
      )}
    </div>
  );
}
