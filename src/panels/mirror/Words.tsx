import './words.css';
import { useState, type CSSProperties, type KeyboardEvent } from 'react';
import type { ReadWord } from '../../engine/protocol.ts';
import { bars, probability, shareOfLoss, surprise, type Asked } from './words.ts';

interface Props {
  /** What is read, for those who listen. */
  readonly label: string;
  readonly words: readonly ReadWord[];
  /** They were asked for: how little the mirror expected each, below it. Else how sure it is of each, behind it. */
  readonly asked?: Asked;
}

/** A caption of the mirror's, word by word: Tab enters it once, the arrow keys go from word to word. */
export function Words({ label, words, asked }: Props) {
  const [at, setAt] = useState(0);
  const read = asked ? asked.read : words.length;
  const here = Math.min(at, read - 1);
  const long = bars(words);

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: read - 1 }[event.key];
    const word = to === undefined ? null : event.currentTarget.children[to];
    if (!(word instanceof HTMLElement)) return;
    event.preventDefault();
    word.focus();
  }

  return (
    <ol className={`words ${asked ? 'bars' : 'shade'}`} aria-label={label} onKeyDown={onKeyDown}>
      {words.map((word, i) =>
        i < read ? (
          <li
            key={i}
            className={word.logProbability === null ? 'word unknown' : 'word'}
            tabIndex={i === here ? 0 : -1}
            onFocus={() => setAt(i)}
            style={{ '--sure': sureness(word).toFixed(3), '--bar': long[i]?.toFixed(3) } as CSSProperties}
          >
            {/* Text only: a network's words are shown as they come. */}
            {word.word}
            <span className="tip word-value">
              {probability(word)}
              {asked && word.logProbability !== null && `\n${shareOfLoss(surprise(word), asked)}`}
            </span>
          </li>
        ) : (
          <li key={i} className="word unread">
            {word.word}
          </li>
        ),
      )}
    </ol>
  );
}

const sureness = ({ logProbability }: ReadWord): number => (logProbability === null ? 0 : Math.exp(logProbability));
