import './figures.css';
import type { Reflection } from '../../engine/protocol.ts';
import type { Yardstick } from '../../state/yardstick.ts';
import { perWord, shareOfLoss } from './words.ts';

interface Props {
  readonly reflection: Reflection;
  readonly yardstick: Yardstick;
}

/** The numbers behind the words, for who wants them. */
export function Figures({ reflection: { asked, words, logProbability, milliseconds }, yardstick }: Props) {
  const real = (value: number | null, median = '') =>
    value === null ? null : `real photographs${median}: ${value.toFixed(2)}`;
  const rows: [name: string, value: string, note: string | null][] = [];
  if (asked) {
    rows.push(
      ['Agreement of the two sentences', asked.agreement.toFixed(2), real(yardstick.agreement, '’ median')],
      ['Likeness of caption and picture', asked.similarity.toFixed(2), null],
      ['Surprise at the caption (−Σ log p)', asked.loss.toFixed(1), null],
      ['Surprise a word', perWord(asked).toFixed(2), real(yardstick.loss)],
    );
    const { end } = asked;
    if (end !== null) {
      rows.push(['Surprise that the caption ends there', (-end).toFixed(1), `${shareOfLoss(-end, asked)} of all`]);
    }
  }
  rows.push(
    ['Surprise at its own words, a word', (-logProbability / (words.length + 1)).toFixed(2), null],
    ['Time', `${Math.round(milliseconds)} ms`, null],
  );
  return (
    <details className="figures">
      <summary>All figures</summary>
      <dl>
        {rows.map(([name, value, note]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value}
              {note && <small>{note}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
