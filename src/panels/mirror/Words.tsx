import './words.css';
import { useState, type CSSProperties, type KeyboardEvent } from 'react';
import type { ReadWord } from '../../engine/protocol.ts';
import { probability, surprise } from './words.ts';

interface Props {
  /** What is read, for those who listen. */
  readonly label: string;
  readonly words: readonly ReadWord[];
  /** `shade`: how sure the mirror is, behind each word; `bars`: how little it expected the word, below each. */
  readonly as: 'shade' | 'bars';
}

/** Nats; a bar is not longer than this. */
const LONGEST = 6;

/** A caption of the mirror's, word by word: Tab enters it once, the arrow keys go from word to word. */
export function Words({ label, words, as }: Props) {
  const [at, setAt] = useState(0);
  const here = Math.min(at, words.length - 1);

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: words.length - 1 }[event.key];
    const word = to === undefined ? null : event.currentTarget.children[to];
    if (!(word instanceof HTMLElement)) return;
    event.preventDefault();
    word.focus();
  }

  return (
    <ol className={`words ${as}`} aria-label={label} onKeyDown={onKeyDown}>
      {words.map((word, i) => (
        <li
          key={i}
          className={word.logProbability === null ? 'word unknown' : 'word'}
          tabIndex={i === here ? 0 : -1}
          onFocus={() => setAt(i)}
          style={shareOf(word)}
        >
          {/* Text only: a network's words are shown as they come. */}
          {word.word}
          <span className="tip word-value">{probability(word)}</span>
        </li>
      ))}
    </ol>
  );
}

function shareOf(word: ReadWord): CSSProperties {
  const nats = surprise(word);
  const sure = word.logProbability === null ? 0 : Math.exp(-nats);
  return { '--sure': sure.toFixed(3), '--bar': Math.min(1, nats / LONGEST).toFixed(3) } as CSSProperties;
}
