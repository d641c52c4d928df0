import './agreement.css';
import type { CSSProperties } from 'react';
import type { Reflection } from '../../engine/protocol.ts';
import type { Yardstick } from '../../state/yardstick.ts';
import { hardest, VERDICTS } from './words.ts';

interface Props {
  readonly asked: NonNullable<Reflection['asked']>;
  readonly yardstick: Yardstick;
}

const share = (value: number) => Math.min(1, Math.max(0, value));

/** How alike the two sentences are: a word, a meter, and what real photographs reach. */
export function Agreement({ asked, yardstick }: Props) {
  const { agreement, verdict } = asked;
  const { agrees, partly } = yardstick;
  const worst = hardest(asked);
  const real =
    yardstick.agreement === null ? '' : `; half of real photographs reach at least ${yardstick.agreement.toFixed(2)}`;
  return (
    <div className={`agreement ${verdict}`}>
      <p className="agreement-word">
        <i aria-hidden="true" className={`verdict ${verdict}`} />
        {VERDICTS[verdict]}
      </p>
      <div
        className="meter"
        role="meter"
        aria-label="Agreement of the two sentences"
        aria-valuemin={0}
        aria-valuemax={1}
        aria-valuenow={share(agreement)}
        aria-valuetext={`${agreement.toFixed(2)}: ${VERDICTS[verdict]}`}
        style={{ '--at': share(agreement) } as CSSProperties}
      >
        <i className="meter-fill" />
        {partly !== null && <i className="meter-mark" style={{ '--at': share(partly) } as CSSProperties} />}
        {agrees !== null && <i className="meter-mark" style={{ '--at': share(agrees) } as CSSProperties} />}
      </div>
      <p className="aside">
        {`${share(agreement).toFixed(2)} of 1${real}.`}
        {agrees !== null && !real && verdict !== 'agrees' && ` They agree from ${agrees.toFixed(2)} on.`}
        {worst !== null && ` “${worst.slice(0, 40)}” was hardest to see.`}
      </p>
    </div>
  );
}
