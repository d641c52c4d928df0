import './loss-chart.css';
import { useId } from 'react';

interface Props {
  /** What is drawn, as in "Surprise after each step". */
  readonly label: string;
  /** In their order; what is no number is left out. */
  readonly losses: readonly number[];
  /** How many there will be: the chart's width. */
  readonly points: number;
  /** How a loss is written. */
  readonly show?: (loss: number) => string;
}

const [WIDTH, HEIGHT] = [320, 90];
/** Of the highest value: the chart shows at least so much from top to bottom. */
const LEAST_SPREAD = 0.2;

/** A falling line, if all goes well. The figures at its ends say it in numbers. */
export function LossChart({ label, losses, points, show = (loss) => loss.toFixed(1) }: Props) {
  const id = useId();
  const finite = losses.map((loss, i) => [i, loss] as const).filter(([, loss]) => Number.isFinite(loss));
  const values = finite.map(([, loss]) => loss);
  const [top, bottom] = [Math.max(...values), Math.min(...values)];
  // What falls by a hair must not look like a cliff.
  const spread = Math.max(top - bottom, Math.abs(top) * LEAST_SPREAD) || 1;
  const line = finite.map(([i, loss]) => {
    const x = points > 1 ? (WIDTH * i) / (points - 1) : 0;
    return `${x.toFixed(1)},${(((top - loss) / spread) * HEIGHT).toFixed(1)}`;
  });
  const [first, last] = [values[0], values.at(-1)];
  return (
    <figure className="loss-chart" aria-labelledby={id}>
      <svg viewBox={`0 -3 ${WIDTH} ${HEIGHT + 6}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={`M0 ${HEIGHT}H${WIDTH}`} />
        {line.length > 1 && <polyline points={line.join(' ')} />}
      </svg>
      <figcaption id={id}>
        {label}
        <span className="loss-chart-figures">
          {first !== undefined && last !== undefined && `${show(first)} → ${show(last)}`}
        </span>
      </figcaption>
    </figure>
  );
}
